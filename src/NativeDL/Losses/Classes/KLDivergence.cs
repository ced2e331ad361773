namespace NativeDL.Losses;

/// <summary>
/// Σ y·log(y/p) over classes, averaged over rows: how far the predicted distribution p is from the target's. 0 for equal distributions and never
/// below but for the floor of 1e-7 under both. Behind a softmax it goes back to the logits, where the gradient is p·Σy − y.
/// (spec 5.12; Keras' <c>kl_divergence</c>)
/// </summary>
[Registered("kl_divergence", "kld", "kullback_leibler_divergence")]
public sealed class KLDivergence : Loss
{
    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction)
    {
        var y = Fit(target, prediction);
        var logs = Logits.BehindSoftmax(prediction) is { } logits ? logits.LogSoftmax()
            : Logits.RequireProbabilities(Name, prediction, sumTo1: false).Clip(1e-7, 1).Log();
        return Rows((y * (y.Clip(1e-7, 1).Log() - logs)).Sum(-1), mean: true);
    }
}
