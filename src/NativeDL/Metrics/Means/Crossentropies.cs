namespace NativeDL.Metrics;

/// <summary>The mean binary cross-entropy over rows, as <see cref="Losses.BinaryCrossentropy"/>. Beside a loss that takes logits it takes them too.</summary>
/// <param name="fromLogits">Whether predictions are logits.</param>
/// <param name="labelSmoothing">Share of the target that is spread evenly over both classes, 0 to 1.</param>
public sealed class BinaryCrossentropy(bool fromLogits = false, double labelSmoothing = 0)
    : LossMetric(new Losses.BinaryCrossentropy(fromLogits, labelSmoothing))
{
    /// <summary>Whether predictions are logits.</summary>
    public bool FromLogits => fromLogits;

    /// <summary>Share of the target that is spread evenly over both classes.</summary>
    public double LabelSmoothing => labelSmoothing;

    private protected override Loss WithLogits() => new Losses.BinaryCrossentropy(true, labelSmoothing);
}

/// <summary>The mean cross-entropy over rows, as <see cref="Losses.CategoricalCrossentropy"/>. Beside a loss that takes logits it takes them too.</summary>
/// <param name="fromLogits">Whether predictions are logits.</param>
/// <param name="labelSmoothing">Share of the target that is spread evenly over all classes, 0 to 1.</param>
public sealed class CategoricalCrossentropy(bool fromLogits = false, double labelSmoothing = 0)
    : LossMetric(new Losses.CategoricalCrossentropy(fromLogits, labelSmoothing))
{
    /// <summary>Whether predictions are logits.</summary>
    public bool FromLogits => fromLogits;

    /// <summary>Share of the target that is spread evenly over all classes.</summary>
    public double LabelSmoothing => labelSmoothing;

    private protected override Loss WithLogits() => new Losses.CategoricalCrossentropy(true, labelSmoothing);
}

/// <summary>
/// The mean cross-entropy over rows of class numbers, as <see cref="Losses.SparseCategoricalCrossentropy"/>. Beside a loss that takes logits it takes them too.
/// </summary>
/// <param name="fromLogits">Whether predictions are logits.</param>
public sealed class SparseCategoricalCrossentropy(bool fromLogits = false) : LossMetric(new Losses.SparseCategoricalCrossentropy(fromLogits))
{
    /// <summary>Whether predictions are logits.</summary>
    public bool FromLogits => fromLogits;

    private protected override Loss WithLogits() => new Losses.SparseCategoricalCrossentropy(true);
}

/// <summary>The mean of Σ y·log(y/p) over rows, as <see cref="Losses.KLDivergence"/>.</summary>
[Registered("kl_divergence", "kld", "kullback_leibler_divergence")]
public sealed class KLDivergence() : LossMetric(new Losses.KLDivergence());
