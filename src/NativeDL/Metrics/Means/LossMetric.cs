namespace NativeDL.Metrics;

/// <summary>The mean over rows of what a loss says of them, in float64. Beside a loss that takes logits it takes them too.</summary>
public abstract class LossMetric : MeanMetric
{
    private Loss loss;

    /// <summary>A metric that has seen nothing.</summary>
    /// <param name="loss">The loss.</param>
    private protected LossMetric(Loss loss) => this.loss = loss;

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        var (y, o) = (target.StopGradient(), prediction.StopGradient().Cast(DType.Float64));
        if (weights is not null)
        {
            // Where positions have weights of their own, each position is a row.
            weights = SampleWeights.Trimmed(Name, weights, prediction.Shape);
            if (weights.Rank > 1)
                (y, o, weights) = (Loss.AsRows(Name, y, weights.Shape), Loss.AsRows(Name, o, weights.Shape), weights.Reshape(-1));
        }
        Add(loss.PerSample(y, o), weights);
    }

    internal override void Beside(Loss other)
    {
        if (other.FromLogits) loss = WithLogits() ?? loss;
    }

    /// <summary>The loss that takes logits, where there is one.</summary>
    private protected virtual Loss? WithLogits() => null;
}
