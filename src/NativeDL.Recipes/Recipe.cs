namespace NativeDL.Recipes;

/// <summary>
/// An end-to-end system: data, model, how it is trained and how it is tested. Each stands in one file under <c>Systems</c> and
/// is entered by generated code; one of one's own, marked with <see cref="RegisteredAttribute"/>, is found beside them.
/// </summary>
/// <remarks>What sorts examples into classes derives from <see cref="ClassifierRecipe"/>.</remarks>
[Family]
public abstract class Recipe
{
    /// <summary>Every recipe, in the order of their names.</summary>
    public static IReadOnlyList<Recipe> All => Family<Recipe>.OneOfEach();

    /// <summary>The name it is asked for by, such as <c>mnist-cnn</c>.</summary>
    public string Name => Family<Recipe>.NameOf(this);

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

    /// <summary>What is known of the data before it is loaded.</summary>
    public NamedDataset Data => Datasets.Find(Dataset);

    /// <summary>Loads the data as the model takes it; as the data set has it unless overridden.</summary>
    /// <param name="progress">Told how far the fetching has come.</param>
    /// <param name="cancellationToken">Stops the fetching.</param>
    public virtual (Dataset Train, Dataset Test) Load(IProgress<DatasetProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Data.Load(progress, cancellationToken);

    /// <summary>Makes the model; one that is not built yet is built for the data's <see cref="NamedDataset.ExampleShape"/>.</summary>
    public abstract Model Build();

    /// <summary>Says what is made small, by which optimizer and schedule, and what else is measured.</summary>
    /// <param name="model">The model.</param>
    /// <param name="steps">Steps of the whole training.</param>
    public abstract void Compile(Model model, long steps);

    /// <summary>Tries the trained model on the test data; measures what it is compiled with unless overridden.</summary>
    /// <param name="model">The model, compiled.</param>
    /// <param name="test">The test data.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public virtual Findings Test(Model model, Dataset test, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new Findings(model.Evaluate(test, cancellationToken: cancellationToken));
    }

    /// <summary>Makes the model, builds it for the data's shape and compiles it.</summary>
    /// <param name="steps">Steps of the whole training, for the schedule.</param>
    public Model Prepare(long steps)
    {
        var model = Build();
        if (!model.IsBuilt) model.Build([1, .. Data.ExampleShape.Dimensions]);
        model.MakeValues();
        Compile(model, steps);
        return model;
    }

    /// <summary>The recipe of that name.</summary>
    /// <exception cref="InvalidInputException">There is none; the error lists those there are.</exception>
    public static Recipe Find(string name) => All.FirstOrDefault(r => r.Name == name) ?? throw Error.UnknownName("recipe", name, All.Select(r => r.Name));

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>A system that sorts examples into classes: its model gives a row of logits for each, and the data set says what the classes are called.</summary>
public abstract class ClassifierRecipe : Recipe
{
    /// <summary>Makes the optimizer with its schedule.</summary>
    /// <param name="steps">Steps of the whole training.</param>
    public abstract Optimizer Optimizer(long steps);

    /// <inheritdoc/>
    public override void Compile(Model model, long steps)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Compile(Optimizer(steps), Loss.SparseCategoricalCrossentropy(fromLogits: true), ["accuracy"]);
    }

    /// <inheritdoc/>
    public override Findings Test(Model model, Dataset test, CancellationToken cancellationToken = default) =>
        Predictions.Of(model, test, cancellationToken: cancellationToken);
}
