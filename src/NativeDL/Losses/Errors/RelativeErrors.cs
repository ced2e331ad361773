namespace NativeDL.Losses;

/// <summary>
/// (100/d)·Σ|y − o| / max(|y|, 1e-7) of each row, then the mean over rows: the error in percent of the target. Gradient of an element:
/// 100·sign(o − y) / (d·max(|y|, 1e-7)); a target of 0 weighs 10⁷ times as much as one of 1. (spec 16.6; Keras' <c>mean_absolute_percentage_error</c>)
/// </summary>
[Registered("mean_absolute_percentage_error", "mape")]
public sealed class MeanAbsolutePercentageError : Loss
{
    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction)
    {
        var y = Fit(target, prediction);
        return Rows((prediction - y).Abs() / y.Abs().Clip(1e-7, double.PositiveInfinity), mean: true) * 100;
    }
}

/// <summary>
/// (1/d)·Σ(log(1 + o) − log(1 + y))² of each row, then the mean over rows: for targets that range over several powers of ten. What is below 0 counts as
/// 0, and a prediction there has no gradient; Keras' floor is 1e-7. (Keras' <c>mean_squared_logarithmic_error</c>)
/// </summary>
[Registered("mean_squared_logarithmic_error", "msle")]
public sealed class MeanSquaredLogarithmicError : Loss
{
    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction)
    {
        var y = Fit(target, prediction);
        return Rows((prediction.Relu().Log1p() - y.Relu().Log1p()).Square(), mean: true);
    }
}
