namespace NativeDL.Losses;

/// <summary>
/// −(y·log p + (1 − y)·log(1 − p)), averaged over the outputs of a row, then over rows. Probabilities are kept
/// 1e-7 away from 0 and 1, as Keras does; logits need no such care, and a loss right behind a sigmoid goes back to them. (spec 5.8)
/// </summary>
/// <param name="fromLogits">Whether predictions are logits; safer and faster.</param>
/// <param name="labelSmoothing">Share of the target that is spread evenly over both classes, 0 to 1.</param>
public sealed class BinaryCrossentropy(bool fromLogits = false, double labelSmoothing = 0) : Loss
{
    /// <summary>Share of the target that is spread evenly over both classes.</summary>
    public double LabelSmoothing { get; } = Losses.LabelSmoothing.Share(labelSmoothing, "BinaryCrossentropy");

    /// <inheritdoc/>
    public override bool FromLogits => fromLogits;

    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction)
    {
        var y = Losses.LabelSmoothing.Of(Fit(target, prediction), LabelSmoothing, 2);
        if (fromLogits) return Rows(prediction.SigmoidCrossentropy(y), mean: true);
        if (Logits.BehindSigmoid(prediction) is { } logits) return Rows(logits.SigmoidCrossentropy(y), mean: true);
        prediction = Logits.RequireProbabilities(Name, prediction, sumTo1: false);
        var p = prediction.Clip(1e-7, 1 - 1e-7);
        return Rows(-(y * p.Log() + (1 - y) * (1 - p).Log()), mean: true);
    }
}

/// <summary>−Σ y·log p over classes, targets as rows of probabilities (one-hot or soft), averaged over rows. (spec 5.9, 5.10)</summary>
/// <param name="fromLogits">Whether predictions are logits: then softmax and loss are one pass with the gradient p − y.</param>
/// <param name="labelSmoothing">Share of the target that is spread evenly over all classes, 0 to 1.</param>
public sealed class CategoricalCrossentropy(bool fromLogits = false, double labelSmoothing = 0) : Loss
{
    /// <summary>Share of the target that is spread evenly over all classes.</summary>
    public double LabelSmoothing { get; } = Losses.LabelSmoothing.Share(labelSmoothing, "CategoricalCrossentropy");

    /// <inheritdoc/>
    public override bool FromLogits => fromLogits;

    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        if (target.Rank == prediction.Rank - 1)
            throw Error.Shape(Name, "the labels are class numbers, not rows of probabilities", $"targets {target.Shape} and predictions {prediction.Shape}",
                "equal shapes", "use SparseCategoricalCrossentropy for class numbers, or OneHot");
        var y = Losses.LabelSmoothing.Of(Fit(target, prediction), LabelSmoothing, prediction.Shape[^1]);
        // rows may hold several positions, as sequences do
        if ((fromLogits ? prediction : Logits.BehindSoftmax(prediction)) is { } logits) return Rows(logits.SoftmaxCrossentropy(y), mean: true);
        prediction = Logits.RequireProbabilities(Name, prediction, sumTo1: true);
        var p = prediction / prediction.Sum([-1], keepDims: true);
        return Rows(-(y * p.Clip(1e-7, 1 - 1e-7).Log()).Sum(-1), mean: true);
    }
}

/// <summary>−log p of the right class, targets as class numbers <c>[N]</c>, averaged over rows. (spec 5.11)</summary>
/// <param name="fromLogits">Whether predictions are logits: then softmax and loss are one pass with the gradient p − y.</param>
/// <param name="ignoreClass">A class number, such as −1 or 255, that marks rows or positions that do not count; null for none.</param>
public sealed class SparseCategoricalCrossentropy(bool fromLogits = false, int? ignoreClass = null) : Loss
{
    /// <summary>A class number that marks rows or positions that do not count, or null.</summary>
    public int? IgnoreClass => ignoreClass;

    /// <inheritdoc/>
    public override bool FromLogits => fromLogits;

    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction)
    {
        var labels = Labels(Name, target, prediction);
        if (ignoreClass is { } ignored)
        {
            // Of these any class may be asked for, and nothing comes of it.
            var counts = labels.NotEqual(ignored);
            labels = Tensor.Where(counts, labels, 0);
            prediction = fromLogits ? prediction : Logits.LogProbabilities(Name, prediction, fromLogits: false);
            return Rows(Tensor.Where(counts, prediction.SoftmaxCrossentropy(labels), 0), mean: true);
        }
        if ((fromLogits ? prediction : Logits.BehindSoftmax(prediction)) is { } logits) return Rows(logits.SoftmaxCrossentropy(labels), mean: true);
        var y = labels.OneHot(prediction.Shape[^1], prediction.DType);
        return new CategoricalCrossentropy().PerSample(y, prediction);
    }

    private protected override Tensor? Counted(Tensor target, Tensor prediction) =>
        ignoreClass is { } ignored ? Labels(Name, target, prediction).NotEqual(ignored) : null;

    /// <summary>Class numbers of the prediction's shape without its last axis; a trailing axis of size 1 is dropped.</summary>
    internal static Tensor Labels(string name, Tensor target, Tensor prediction)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        if (prediction.Rank < 2) throw Error.Shape(name, "the prediction needs a batch axis and a class axis", $"{prediction.Shape}", "[N, classes]");
        var expected = prediction.Shape.Without([prediction.Rank - 1]);
        if (target.Rank == prediction.Rank && target.Shape.Dimension(^1) == 1) target = target.Squeeze(-1);
        if (target.Shape != expected)
            throw Error.Shape(name, "the labels do not fit the predictions", $"labels {target.Shape} and predictions {prediction.Shape}", $"labels {expected}",
                target.Shape == prediction.Shape ? "rows of probabilities belong to CategoricalCrossentropy" : null);
        if (!target.DType.IsIndex())
            throw Error.DType(name, "labels are class numbers", $"{target.DType}", "Int32 or Int64", "convert them with Cast(DType.Int32)");
        return target;
    }
}
