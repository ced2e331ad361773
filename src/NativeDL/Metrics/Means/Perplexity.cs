namespace NativeDL.Metrics;

/// <summary>
/// exp of the mean cross-entropy over all tokens: among how many equally likely ones a language model seems to choose. Targets are token numbers
/// <c>[N, T]</c>, predictions <c>[N, T, tokens]</c>. Beside a loss that takes logits it takes them too. (as KerasHub's)
/// </summary>
/// <param name="fromLogits">Whether predictions are logits.</param>
/// <param name="maskTokenId">A token, such as the padding, that does not count where it is the target; null for none.</param>
public sealed class Perplexity(bool fromLogits = false, int? maskTokenId = null) : MeanMetric
{
    private bool takesLogits = fromLogits;

    /// <summary>Whether predictions are logits.</summary>
    public bool FromLogits { get; } = fromLogits;

    /// <summary>A token that does not count where it is the target, or null.</summary>
    public int? MaskTokenId => maskTokenId;

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    internal override void Beside(Loss loss) => takesLogits = FromLogits || loss.FromLogits;

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null)
    {
        var labels = Losses.SparseCategoricalCrossentropy.Labels(Name, target, prediction);
        var logs = Losses.Logits.LogProbabilities(Name, prediction.StopGradient().Cast(DType.Float64), takesLogits);
        var w = weights is null ? Tensor.FullLike(logs, 1, labels.Shape)
            : SampleWeights.Over(Name, weights, labels.Shape, DType.Float64).BroadcastTo(labels.Shape);
        if (maskTokenId is { } masked)
        {
            var counts = labels.NotEqual(masked);
            (labels, w) = (Tensor.Where(counts, labels, 0), Tensor.Where(counts, w, 0));
        }
        Add(logs.SoftmaxCrossentropy(labels), w);
    }

    /// <inheritdoc/>
    protected override double Finish(double mean) => Math.Exp(mean);
}
