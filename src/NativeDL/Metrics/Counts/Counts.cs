namespace NativeDL.Metrics;

/// <summary>How much was rightly said to be positive: a number of predictions, or the sum of their weights.</summary>
/// <inheritdoc cref="CountsMetric"/>
/// <param name="thresholds">Above it a prediction is positive; null for 0.5, or 0 beside a loss that takes logits.</param>
public sealed class TruePositives(double? thresholds = null) : CountsMetric(thresholds)
{
    private protected override double Of(Counted c) => c.TruePositives;
}

/// <summary>How much was rightly said to be negative: a number of predictions, or the sum of their weights.</summary>
/// <inheritdoc cref="CountsMetric"/>
/// <param name="thresholds">Above it a prediction is positive; null for 0.5, or 0 beside a loss that takes logits.</param>
public sealed class TrueNegatives(double? thresholds = null) : CountsMetric(thresholds)
{
    private protected override double Of(Counted c) => c.TrueNegatives;
}

/// <summary>How much was wrongly said to be positive: a number of predictions, or the sum of their weights.</summary>
/// <inheritdoc cref="CountsMetric"/>
/// <param name="thresholds">Above it a prediction is positive; null for 0.5, or 0 beside a loss that takes logits.</param>
public sealed class FalsePositives(double? thresholds = null) : CountsMetric(thresholds)
{
    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    private protected override double Of(Counted c) => c.FalsePositives;
}

/// <summary>How much was wrongly said to be negative: a number of predictions, or the sum of their weights.</summary>
/// <inheritdoc cref="CountsMetric"/>
/// <param name="thresholds">Above it a prediction is positive; null for 0.5, or 0 beside a loss that takes logits.</param>
public sealed class FalseNegatives(double? thresholds = null) : CountsMetric(thresholds)
{
    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    private protected override double Of(Counted c) => c.FalseNegatives;
}
