namespace NativeDL;

/// <summary>
/// What training makes small: a number for each row of a batch, and their mean. Converts from its Keras name:
/// <c>Loss l = "mse";</c>
/// </summary>
public abstract class Loss
{
    private static readonly NameTable<Loss> Table = new("Loss", LossRegistry.All);

    /// <summary>The Keras name.</summary>
    public abstract string Name { get; }

    /// <summary>Whether predictions are logits rather than probabilities; metrics want to know.</summary>
    internal virtual bool FromLogits => false;

    /// <summary>The loss of each row. <c>target, prediction -> [N]</c></summary>
    /// <param name="target">What is right; its shape is the loss's affair.</param>
    /// <param name="prediction">What the model says, <c>[N, …]</c>.</param>
    /// <exception cref="ShapeMismatchException">The two do not fit.</exception>
    public abstract Tensor PerSample(Tensor target, Tensor prediction);

    /// <summary>The loss of a batch: a scalar, the mean over its rows unless the loss says other.</summary>
    public virtual Tensor Call(Tensor target, Tensor prediction) => PerSample(target, prediction).Mean();

    /// <summary>The loss of that Keras name.</summary>
    /// <exception cref="InvalidInputException">The name is unknown; the error lists the known ones.</exception>
    public static implicit operator Loss(string name) => Table.Create(name);

    /// <summary>Makes a loss of one's own known by name.</summary>
    public static void Register(string name, Func<Loss> create) => Table.Register(name, create);

    /// <inheritdoc cref="NativeDL.MeanSquaredError"/>
    public static Loss MeanSquaredError() => new MeanSquaredError();

    /// <inheritdoc cref="NativeDL.MeanAbsoluteError"/>
    public static Loss MeanAbsoluteError() => new MeanAbsoluteError();

    /// <inheritdoc cref="NativeDL.HalfSumSquaredError"/>
    public static Loss HalfSumSquaredError() => new HalfSumSquaredError();

    /// <inheritdoc cref="NativeDL.SumSquaredError"/>
    public static Loss SumSquaredError() => new SumSquaredError();

    /// <inheritdoc cref="NativeDL.QuadraticCost"/>
    public static Loss QuadraticCost() => new QuadraticCost();

    /// <inheritdoc cref="NativeDL.BinaryCrossentropy"/>
    public static Loss BinaryCrossentropy(bool fromLogits = false) => new BinaryCrossentropy(fromLogits);

    /// <inheritdoc cref="NativeDL.CategoricalCrossentropy"/>
    public static Loss CategoricalCrossentropy(bool fromLogits = false, double labelSmoothing = 0) => new CategoricalCrossentropy(fromLogits, labelSmoothing);

    /// <inheritdoc cref="NativeDL.SparseCategoricalCrossentropy"/>
    public static Loss SparseCategoricalCrossentropy(bool fromLogits = false) => new SparseCategoricalCrossentropy(fromLogits);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The target in the prediction's shape and element type; a target <c>[N]</c> also fits a prediction <c>[N, 1]</c>.</summary>
    private protected Tensor Fit(Tensor target, Tensor prediction)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        if (prediction.Rank == 0) throw Error.Shape(Name, "the prediction needs a batch axis", $"{prediction.Shape}", "[N, …]");
        if (target.Rank == 1 && prediction.Rank == 2 && prediction.Shape[1] == 1) target = target.ExpandDims(1);
        if (target.Shape != prediction.Shape) throw Error.Shape(Name, "targets and predictions differ in shape", $"targets {target.Shape} and predictions {prediction.Shape}", "equal shapes");
        return target.DType == prediction.DType ? target : target.Cast(prediction.DType);
    }

    /// <summary>All axes but the first, summed or averaged: one number a row.</summary>
    private protected static Tensor Rows(Tensor x, bool mean)
    {
        if (x.Rank == 1) return x;
        int[] axes = [.. Enumerable.Range(1, x.Rank - 1)];
        return mean ? x.Mean(axes) : x.Sum(axes);
    }
}

/// <summary>Implemented by every built-in loss; the registry is generated from it.</summary>
internal interface INamedLoss
{
    static abstract NamedSpec<Loss> Spec { get; }
}

/// <summary>Every built-in loss.</summary>
[RegistryOf(typeof(INamedLoss))]
internal static partial class LossRegistry;
