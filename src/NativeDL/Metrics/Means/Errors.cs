namespace NativeDL.Metrics;

/// <summary>The mean of (y − o)² over all outputs.</summary>
[Registered("mean_squared_error", "mse")]
public sealed class MeanSquaredError : MeanMetric
{
    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => Add(Distance.Of(Name, target, prediction).Square(), weights);
}

/// <summary>The square root of the mean of (y − o)² over all outputs.</summary>
[Registered("root_mean_squared_error", "rmse")]
public sealed class RootMeanSquaredError : MeanMetric
{
    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => Add(Distance.Of(Name, target, prediction).Square(), weights);

    /// <inheritdoc/>
    protected override double Finish(double mean) => Math.Sqrt(mean);
}

/// <summary>The mean of |y − o| over all outputs.</summary>
[Registered("mean_absolute_error", "mae")]
public sealed class MeanAbsoluteError : MeanMetric
{
    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => Add(Distance.Of(Name, target, prediction).Abs(), weights);
}

/// <summary>Differences of predictions and targets.</summary>
internal static class Distance
{
    /// <summary>y − o in float64, in the prediction's shape.</summary>
    public static Tensor Of(string name, Tensor target, Tensor prediction)
    {
        Right.RequireOneEach(name, target, prediction);
        return target.StopGradient().Cast(DType.Float64).Reshape(prediction.Shape) - prediction.StopGradient().Cast(DType.Float64);
    }
}
