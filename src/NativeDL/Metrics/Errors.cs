namespace NativeDL;

/// <summary>The mean of (y − o)² over all outputs.</summary>
public sealed class MeanSquaredErrorMetric : MeanMetric, INamedMetric
{
    /// <inheritdoc/>
    public override string Name => "mean_squared_error";

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction) => Add(Distance.Sum(Name, target, prediction, d => d * d), prediction.ElementCount);

    static NamedSpec<Metric> INamedMetric.Spec => new(["mean_squared_error", "mse"], () => new MeanSquaredErrorMetric());
}

/// <summary>The square root of the mean of (y − o)² over all outputs.</summary>
public sealed class RootMeanSquaredErrorMetric : MeanMetric, INamedMetric
{
    /// <inheritdoc/>
    public override string Name => "root_mean_squared_error";

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction) => Add(Distance.Sum(Name, target, prediction, d => d * d), prediction.ElementCount);

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
    public override void Update(Tensor target, Tensor prediction) => Add(Distance.Sum(Name, target, prediction, Math.Abs), prediction.ElementCount);

    static NamedSpec<Metric> INamedMetric.Spec => new(["mean_absolute_error", "mae"], () => new MeanAbsoluteErrorMetric());
}

/// <summary>Sums a function of the differences, in float64.</summary>
internal static class Distance
{
    public static double Sum(string name, Tensor target, Tensor prediction, Func<double, double> of)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        if (target.ElementCount != prediction.ElementCount || target.Shape[0] != prediction.Shape[0])
            throw Error.Shape(name, "targets and predictions differ in shape", $"targets {target.Shape} and predictions {prediction.Shape}", "one target for each prediction");
        double[] y = target.ToDoubles(), o = prediction.ToDoubles();
        double sum = 0;
        for (int i = 0; i < y.Length; i++) sum += of(y[i] - o[i]);
        return sum;
    }
}
