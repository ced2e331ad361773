namespace NativeDL;

/// <summary>(1/d)·Σ(y − o)² of each row, then the mean over rows. Gradient of a row: 2(o − y)/d. (spec 5.3, 5.4)</summary>
public sealed class MeanSquaredError : Loss, INamedLoss
{
    /// <inheritdoc/>
    public override string Name => "mean_squared_error";

    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction) => Rows((prediction - Fit(target, prediction)).Square(), mean: true);

    static NamedSpec<Loss> INamedLoss.Spec => new(["mean_squared_error", "mse"], () => new MeanSquaredError());
}

/// <summary>½·Σ(y − o)² of each row, summed over the rows of the batch. Gradient: o − y. (spec 5.1, 5.2)</summary>
public sealed class HalfSumSquaredError : Loss, INamedLoss
{
    /// <inheritdoc/>
    public override string Name => "half_sum_squared_error";

    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction) => Rows((prediction - Fit(target, prediction)).Square(), mean: false) * 0.5;

    /// <inheritdoc/>
    public override LossReduction Reduction => LossReduction.Sum;

    static NamedSpec<Loss> INamedLoss.Spec => new(["half_sum_squared_error"], () => new HalfSumSquaredError());
}

/// <summary>Σ(y − o)² of each row, summed over the rows of the batch. Gradient: 2(o − y). (spec 5.6)</summary>
public sealed class SumSquaredError : Loss, INamedLoss
{
    /// <inheritdoc/>
    public override string Name => "sum_squared_error";

    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction) => Rows((prediction - Fit(target, prediction)).Square(), mean: false);

    /// <inheritdoc/>
    public override LossReduction Reduction => LossReduction.Sum;

    static NamedSpec<Loss> INamedLoss.Spec => new(["sum_squared_error"], () => new SumSquaredError());
}

/// <summary>1/(2n)·Σ‖y − a‖² over the n rows of the batch. Gradient: (a − y)/n. (spec 5.5)</summary>
public sealed class QuadraticCost : Loss, INamedLoss
{
    /// <inheritdoc/>
    public override string Name => "quadratic_cost";

    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction) => Rows((prediction - Fit(target, prediction)).Square(), mean: false) * 0.5;

    static NamedSpec<Loss> INamedLoss.Spec => new(["quadratic_cost"], () => new QuadraticCost());
}

/// <summary>(1/d)·Σ|y − o| of each row, then the mean over rows; the derivative at 0 is 0. (spec 5.7)</summary>
public sealed class MeanAbsoluteError : Loss, INamedLoss
{
    /// <inheritdoc/>
    public override string Name => "mean_absolute_error";

    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction) => Rows((prediction - Fit(target, prediction)).Abs(), mean: true);

    static NamedSpec<Loss> INamedLoss.Spec => new(["mean_absolute_error", "mae"], () => new MeanAbsoluteError());
}
