namespace NativeDL;

/// <summary>
/// The share of predictions that are right, as the shapes tell: class numbers against scores, one-hot rows against
/// scores, or zeros and ones against one score.
/// </summary>
public sealed class Accuracy : MeanMetric, INamedMetric
{
    private double threshold = 0.5;

    /// <inheritdoc/>
    public override string Name => "accuracy";

    internal override void Beside(Loss loss) => threshold = loss is BinaryCrossentropy { FromLogits: true } ? 0 : 0.5;

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        bool oneScore = prediction.Rank < 2 || prediction.Shape[^1] == 1;
        Add(oneScore ? Right.Binary(Name, target, prediction, threshold)
            : target.Shape == prediction.Shape ? Right.Categorical(Name, target, prediction)
            : Right.Sparse(Name, target, prediction), weights);
    }

    static NamedSpec<Metric> INamedMetric.Spec => new(["accuracy", "acc"], () => new Accuracy());
}

/// <summary>The share of outputs on the right side of a threshold; targets are 0 or 1.</summary>
/// <param name="threshold">0.5 for probabilities, 0 for logits.</param>
public sealed class BinaryAccuracy(double threshold = 0.5) : MeanMetric, INamedMetric
{
    /// <inheritdoc/>
    public override string Name => "binary_accuracy";

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => Add(Right.Binary(Name, target, prediction, threshold), weights);

    static NamedSpec<Metric> INamedMetric.Spec => new(["binary_accuracy"], () => new BinaryAccuracy());
}

/// <summary>The share of rows whose highest score is at the target's highest; ties go to the first.</summary>
public sealed class CategoricalAccuracy : MeanMetric, INamedMetric
{
    /// <inheritdoc/>
    public override string Name => "categorical_accuracy";

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => Add(Right.Categorical(Name, target, prediction), weights);

    static NamedSpec<Metric> INamedMetric.Spec => new(["categorical_accuracy"], () => new CategoricalAccuracy());
}

/// <summary>The share of rows whose highest score is at the class number; ties go to the first.</summary>
public sealed class SparseCategoricalAccuracy : MeanMetric, INamedMetric
{
    /// <inheritdoc/>
    public override string Name => "sparse_categorical_accuracy";

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => Add(Right.Sparse(Name, target, prediction), weights);

    static NamedSpec<Metric> INamedMetric.Spec => new(["sparse_categorical_accuracy"], () => new SparseCategoricalAccuracy());
}

/// <summary>The share of rows whose right class is among the k highest scores; targets are class numbers or one-hot rows.</summary>
/// <param name="k">How many scores count.</param>
public sealed class TopKAccuracy(int k = 5) : MeanMetric, INamedMetric
{
    private readonly int k = k >= 1 ? k : throw Error.Input("TopKAccuracy", "k must be 1 or more", $"{k}");

    /// <inheritdoc/>
    public override string Name => $"top_{k}_accuracy";

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        var labels = target.Shape == prediction.Shape ? target.ArgMax(-1) : SparseCategoricalCrossentropy.Labels(Name, target, prediction).Cast(DType.Int32);
        var scores = prediction.StopGradient();
        int classes = scores.Shape[^1];
        var own = Tensor.Where(labels.OneHot(classes, scores.DType).Greater(0.5), scores, Tensor.Full(Shape.Scalar, double.NegativeInfinity, scores.DType, scores.Device)).Max([-1], keepDims: true);
        // Its rank is the number of scores above it, and of equal ones before it.
        var before = Tensor.Arange(classes).To(scores.Device).Less(labels.ExpandDims(-1)).Cast(DType.Float64);
        var rank = (scores.Greater(own).Cast(DType.Float64) + scores.Equal(own).Cast(DType.Float64) * before).Sum(-1);
        Add(rank.Less(Math.Min(k, classes)).Cast(DType.Float64) * Right.Known(scores.Max(-1)), weights);
    }

    static NamedSpec<Metric> INamedMetric.Spec => new(["top_k_categorical_accuracy", "sparse_top_k_categorical_accuracy"], () => new TopKAccuracy());
}

/// <summary>1 for each right prediction and 0 for each other, in float64; one that is not a number is never right.</summary>
internal static class Right
{
    public static Tensor Binary(string name, Tensor target, Tensor prediction, double threshold)
    {
        RequireOneEach(name, target, prediction);
        var p = prediction.StopGradient();
        var y = target.StopGradient().Cast(DType.Float64).Reshape(p.Shape);
        return p.Greater(threshold).Cast(DType.Float64).Equal(y.Greater(0.5).Cast(DType.Float64)).Cast(DType.Float64) * Known(p);
    }

    public static Tensor Categorical(string name, Tensor target, Tensor prediction)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        if (target.Shape != prediction.Shape) throw Error.Shape(name, "targets and predictions differ in shape", $"targets {target.Shape} and predictions {prediction.Shape}", "equal shapes");
        return Same(target.ArgMax(-1), prediction);
    }

    public static Tensor Sparse(string name, Tensor target, Tensor prediction) =>
        Same(SparseCategoricalCrossentropy.Labels(name, target, prediction).Cast(DType.Int32), prediction);

    /// <summary>1 for each number and 0 for each NaN.</summary>
    public static Tensor Known(Tensor x) => x.Equal(x).Cast(DType.Float64);

    public static void RequireOneEach(string name, Tensor target, Tensor prediction)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        if (target.Rank == 0 || prediction.Rank == 0 || target.ElementCount != prediction.ElementCount || target.Shape[0] != prediction.Shape[0])
            throw Error.Shape(name, "targets and predictions differ in shape", $"targets {target.Shape} and predictions {prediction.Shape}", "one target for each prediction");
    }

    private static Tensor Same(Tensor labels, Tensor scores)
    {
        scores = scores.StopGradient();
        return scores.ArgMax(-1).Equal(labels).Cast(DType.Float64) * Known(scores.Max(-1)); // NaN where a score is
    }
}
