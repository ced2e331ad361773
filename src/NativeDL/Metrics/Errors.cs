namespace NativeDL;

/// <summary>The mean of (y − o)² over all outputs.</summary>
public sealed class MeanSquaredErrorMetric : MeanMetric, INamedMetric
{
    /// <inheritdoc/>
    public override string Name => "mean_squared_error";

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => Add(Distance.Of(Name, target, prediction).Square(), weights);

    static NamedSpec<Metric> INamedMetric.Spec => new(["mean_squared_error", "mse"], () => new MeanSquaredErrorMetric());
}

/// <summary>The square root of the mean of (y − o)² over all outputs.</summary>
public sealed class RootMeanSquaredErrorMetric : MeanMetric, INamedMetric
{
    /// <inheritdoc/>
    public override string Name => "root_mean_squared_error";

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => Add(Distance.Of(Name, target, prediction).Square(), weights);

    /// <inheritdoc/>
    protected override double Finish(double mean) => Math.Sqrt(mean);

    static NamedSpec<Metric> INamedMetric.Spec => new(["root_mean_squared_error", "rmse"], () => new RootMeanSquaredErrorMetric());
}

/// <summary>The mean of |y − o| over all outputs.</summary>
public sealed class MeanAbsoluteErrorMetric : MeanMetric, INamedMetric
{
    /// <inheritdoc/>
    public override string Name => "mean_absolute_error";

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => Add(Distance.Of(Name, target, prediction).Abs(), weights);

    static NamedSpec<Metric> INamedMetric.Spec => new(["mean_absolute_error", "mae"], () => new MeanAbsoluteErrorMetric());
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
