namespace NativeDL.Losses;

/// <summary>
/// (1/d)·Σ(o − y·log o) of each row, then the mean over rows: of counts y the negative log-likelihood of a Poisson distribution of mean o, but for
/// a constant. Means are kept 1e-7 above 0. Gradient of an element: (1 − y/o)/d. (Keras' <c>poisson</c>)
/// </summary>
public sealed class Poisson : Loss
{
    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction)
    {
        var y = Fit(target, prediction);
        return Rows(prediction - y * prediction.Clip(1e-7, double.PositiveInfinity).Log(), mean: true);
    }
}
