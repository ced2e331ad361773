namespace NativeDL.Losses;

/// <summary>
/// y·d² + (1 − y)·max(0, m − d)² of a pair's distance d, averaged over rows: pairs of one kind (target 1) are drawn together, others (0) pushed
/// apart until they are m from each other (Hadsell et al. 2006, without their ½). Predictions are distances, <c>[N]</c> or <c>[N, 1]</c>, as a
/// Siamese network gives them: <c>(a - b).Norm(-1)</c>. (spec 12.5)
/// </summary>
/// <param name="margin">m.</param>
public sealed class Contrastive(double margin = 1) : Loss
{
    /// <summary>m, as far as pairs of different kinds are pushed apart.</summary>
    public double Margin { get; } = margin > 0 && double.IsFinite(margin) ? margin
        : throw Error.Input("Contrastive", "the margin is out of range", $"{margin}", "above 0, finite");

    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction)
    {
        var y = Fit(target, prediction);
        return Rows(y * prediction.Square() + (1 - y) * (Margin - prediction).Relu().Square(), mean: true);
    }
}
