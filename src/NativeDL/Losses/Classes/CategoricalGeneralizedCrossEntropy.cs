namespace NativeDL.Losses;

/// <summary>
/// (1 − p^q)/q of the right class, targets as class numbers <c>[N]</c>, averaged over rows: between cross-entropy (q → 0) and absolute error (q = 1), so
/// that wrong labels pull less (Zhang and Sabuncu 2018). Behind a softmax it goes back to the logits.
/// </summary>
/// <param name="q">q, above 0 and up to 1.</param>
[Registered("categorical_generalized_cross_entropy")]
public sealed class CategoricalGeneralizedCrossEntropy(double q = 0.5) : Loss
{
    /// <summary>q.</summary>
    public double Q { get; } = q is > 0 and <= 1 ? q
        : throw Error.Input("CategoricalGeneralizedCrossEntropy", "q is out of range", $"{q}", "above 0, up to 1");

    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction)
    {
        var labels = Losses.SparseCategoricalCrossentropy.Labels(Name, target, prediction);
        var logs = Logits.LogProbabilities(Name, prediction, fromLogits: false).TakeAlongAxis(labels.Cast(DType.Int32).ExpandDims(-1)).Squeeze(-1);
        return Rows((logs * Q).Expm1() * (-1 / Q), mean: true);
    }
}
