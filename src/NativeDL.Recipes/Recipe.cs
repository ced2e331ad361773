namespace NativeDL.Recipes;

/// <summary>
/// An end-to-end system: data, model and how it is trained. Each stands in one file under <c>Systems</c>; the list
/// of them is generated.
/// </summary>
public abstract class Recipe
{
    /// <summary>Every recipe, in the order of their names.</summary>
    public static IReadOnlyList<Recipe> All { get; } = [.. RecipeRegistry.All.OrderBy(r => r.Name, StringComparer.Ordinal)];

    /// <summary>The name it is asked for by, such as <c>mnist-cnn</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it shows, in one line.</summary>
    public abstract string Description { get; }

    /// <summary>The data set's name, one of <see cref="Datasets.All"/>.</summary>
    public abstract string Dataset { get; }

    /// <summary>Epochs, unless the user asks for another number.</summary>
    public abstract int Epochs { get; }

    /// <summary>Rows a step, unless the user asks for another number.</summary>
    public abstract int BatchSize { get; }

    /// <summary>The optimizer and its schedule in words, for reports.</summary>
    public abstract string Optimization { get; }

    /// <summary>What is made small; predictions are logits.</summary>
    public virtual Loss Loss => Loss.SparseCategoricalCrossentropy(fromLogits: true);

    /// <summary>Makes the model; its parameters come with the first input.</summary>
    public abstract Model Build();

    /// <summary>Makes the optimizer with its schedule.</summary>
    /// <param name="steps">Steps of the whole training.</param>
    public abstract Optimizer Optimizer(long steps);

    /// <summary>What is known of the data before it is loaded.</summary>
    public DatasetInfo Info => Datasets.Find(Dataset);

    /// <summary>Makes the model, builds it for the data's shape and compiles it.</summary>
    /// <param name="steps">Steps of the whole training, for the schedule.</param>
    public Model Prepare(long steps)
    {
        var model = Build();
        model.Build([1, .. Info.ExampleShape.Dimensions]);
        model.MakeValues();
        model.Compile(Optimizer(steps), Loss, ["accuracy"]);
        return model;
    }

    /// <summary>The recipe of that name.</summary>
    /// <exception cref="InvalidInputException">There is none; the error lists those there are.</exception>
    public static Recipe Find(string name) => All.FirstOrDefault(r => r.Name == name) ?? throw Error.UnknownName("recipe", name, All.Select(r => r.Name));

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>Implemented by every recipe; the registry is generated from it.</summary>
internal interface INamedRecipe
{
    static abstract Recipe Spec { get; }
}

/// <summary>Every recipe.</summary>
[RegistryOf(typeof(INamedRecipe))]
internal static partial class RecipeRegistry;
