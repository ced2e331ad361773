namespace NativeDL.Metrics;

/// <summary>
/// The share of predictions that are right, as the loss beside it and the shapes tell: with binary cross-entropy zeros and ones
/// against as many scores; else class numbers against scores, one-hot rows against scores, or zeros and ones against one score.
/// </summary>
[Registered("accuracy", "acc")]
public sealed class Accuracy : MeanMetric
{
    private double threshold = 0.5;
    private bool isBinary;

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    internal override void Beside(Loss loss)
    {
        isBinary = loss is Losses.BinaryCrossentropy;
        threshold = isBinary && loss.FromLogits ? 0 : 0.5;
    }

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        Add(isBinary || prediction.Rank < 2 || prediction.Shape[^1] == 1 ? Right.Binary(Name, target, prediction, threshold)
            : target.Shape == prediction.Shape ? Right.Categorical(Name, target, prediction)
            : Right.Sparse(Name, target, prediction), weights);
    }
}

/// <summary>The share of outputs on the right side of a threshold; targets are 0 or 1.</summary>
/// <param name="threshold">0.5 for probabilities, 0 for logits.</param>
public sealed class BinaryAccuracy(double threshold = 0.5) : MeanMetric
{
    /// <summary>The threshold.</summary>
    public double Threshold => threshold;

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => Add(Right.Binary(Name, target, prediction, threshold), weights);
}

/// <summary>The share of rows whose highest score is at the target's highest; ties go to the first.</summary>
public sealed class CategoricalAccuracy : MeanMetric
{
    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => Add(Right.Categorical(Name, target, prediction), weights);
}

/// <summary>The share of rows whose highest score is at the class number; ties go to the first.</summary>
public sealed class SparseCategoricalAccuracy : MeanMetric
{
    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => Add(Right.Sparse(Name, target, prediction), weights);
}

/// <summary>The share of rows whose right class is among the k highest scores; targets are class numbers or one-hot rows.</summary>
/// <param name="k">How many scores count.</param>
[Registered("top_k_categorical_accuracy", "sparse_top_k_categorical_accuracy")]
public sealed class TopKAccuracy(int k = 5) : MeanMetric
{
    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <summary>How many scores count.</summary>
    public int K { get; } = k >= 1 ? k : throw Error.Input("TopKAccuracy", "k must be 1 or more", $"{k}");

    /// <inheritdoc/>
    public override string Name => $"top_{K}_accuracy";

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        var labels = target.Shape == prediction.Shape ? target.ArgMax(-1)
            : Losses.SparseCategoricalCrossentropy.Labels(Name, target, prediction).Cast(DType.Int32);
        var scores = prediction.StopGradient();
        int classes = scores.Shape[^1];
        var own = Tensor.Where(labels.OneHot(classes, scores.DType).Greater(0.5), scores,
            Tensor.Full(Shape.Scalar, double.NegativeInfinity, scores.DType, scores.Device)).Max([-1], keepDims: true);
        // Its rank is the number of scores above it, and of equal ones before it.
        var before = Tensor.Arange(classes).To(scores.Device).Less(labels.ExpandDims(-1)).Cast(DType.Float64);
        var rank = (scores.Greater(own).Cast(DType.Float64) + scores.Equal(own).Cast(DType.Float64) * before).Sum(-1);
        Add(rank.Less(Math.Min(K, classes)).Cast(DType.Float64) * Right.Known(scores.Max(-1)), weights);
    }
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
        if (target.Shape != prediction.Shape)
            throw Error.Shape(name, "targets and predictions differ in shape", $"targets {target.Shape} and predictions {prediction.Shape}", "equal shapes");
        return Same(target.ArgMax(-1), prediction);
    }

    public static Tensor Sparse(string name, Tensor target, Tensor prediction) =>
        Same(Losses.SparseCategoricalCrossentropy.Labels(name, target, prediction).Cast(DType.Int32), prediction);

    /// <summary>1 for each number and 0 for each NaN.</summary>
    public static Tensor Known(Tensor x) => x.Equal(x).Cast(DType.Float64);

    public static void RequireOneEach(string name, Tensor target, Tensor prediction)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        if (target.Rank == 0 || prediction.Rank == 0 || target.ElementCount != prediction.ElementCount || target.Shape[0] != prediction.Shape[0])
            throw Error.Shape(name, "targets and predictions differ in shape", $"targets {target.Shape} and predictions {prediction.Shape}",
                "one target for each prediction");
    }

    private static Tensor Same(Tensor labels, Tensor scores)
    {
        scores = scores.StopGradient();
        return scores.ArgMax(-1).Equal(labels).Cast(DType.Float64) * Known(scores.Max(-1)); // NaN where a score is
    }
}
