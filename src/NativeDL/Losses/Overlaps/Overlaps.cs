namespace NativeDL.Losses;

/// <summary>
/// 1 − 2·Σyp / (Σy + Σp) of each row, over all of its outputs, then the mean over rows: how little two masks overlap (Milletari et al. 2016). Where
/// both are empty it is 0.
/// </summary>
/// <remarks>Of each row, where Keras takes the whole batch together unless its <c>axis</c> says otherwise.</remarks>
public sealed class Dice : Loss
{
    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction)
    {
        var y = Fit(target, prediction);
        Tensor both = Rows(y * prediction, mean: false), all = Rows(y, mean: false) + Rows(prediction, mean: false);
        return 1 - (2 * both + 1e-7) / (all + 1e-7);
    }
}

/// <summary>
/// 1 − Σyp / (Σyp + α·Σ(1 − y)p + β·Σy(1 − p)) of each row, over all of its outputs, then the mean over rows: false positives count by α, false
/// negatives by β (Salehi et al. 2017). α = β = ½ is <see cref="Dice"/>. Where both masks are empty it is 0.
/// </summary>
/// <param name="alpha">α, the weight of false positives.</param>
/// <param name="beta">β, the weight of false negatives.</param>
public sealed class Tversky(double alpha = 0.5, double beta = 0.5) : Loss
{
    /// <summary>α, the weight of false positives.</summary>
    public double Alpha { get; } = Weight(alpha, nameof(alpha));

    /// <summary>β, the weight of false negatives.</summary>
    public double Beta { get; } = Weight(beta, nameof(beta));

    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction)
    {
        var y = Fit(target, prediction);
        var both = Rows(y * prediction, mean: false);
        var off = Alpha * Rows((1 - y) * prediction, mean: false) + Beta * Rows(y * (1 - prediction), mean: false);
        return 1 - (both + 1e-7) / (both + off + 1e-7);
    }

    private static double Weight(double value, string setting) => value >= 0 && double.IsFinite(value) ? value
        : throw Error.Input("Tversky", $"{setting} is out of range", $"{value}", "0 or more, finite");
}
