namespace NativeDL.Losses;

/// <summary>(1/d)·Σ(y − o)² of each row, then the mean over rows. Gradient of a row: 2(o − y)/d. (spec 5.3, 5.4)</summary>
[Registered("mean_squared_error", "mse")]
public sealed class MeanSquaredError : Loss
{
    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction) => Rows((prediction - Fit(target, prediction)).Square(), mean: true);
}

/// <summary>½·Σ(y − o)² of each row, summed over the rows of the batch. Gradient: o − y. (spec 5.1, 5.2)</summary>
public sealed class HalfSumSquaredError : Loss
{
    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction) => Rows((prediction - Fit(target, prediction)).Square(), mean: false) * 0.5;

    /// <inheritdoc/>
    public override LossReduction Reduction => LossReduction.Sum;
}

/// <summary>Σ(y − o)² of each row, summed over the rows of the batch. Gradient: 2(o − y). (spec 5.6)</summary>
public sealed class SumSquaredError : Loss
{
    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction) => Rows((prediction - Fit(target, prediction)).Square(), mean: false);

    /// <inheritdoc/>
    public override LossReduction Reduction => LossReduction.Sum;
}

/// <summary>1/(2n)·Σ‖y − a‖² over the n rows of the batch. Gradient: (a − y)/n. (spec 5.5)</summary>
public sealed class QuadraticCost : Loss
{
    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction) => Rows((prediction - Fit(target, prediction)).Square(), mean: false) * 0.5;
}

/// <summary>(1/d)·Σ|y − o| of each row, then the mean over rows; the derivative at 0 is 0. (spec 5.7)</summary>
[Registered("mean_absolute_error", "mae")]
public sealed class MeanAbsoluteError : Loss
{
    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction) => Rows((prediction - Fit(target, prediction)).Abs(), mean: true);
}

/// <summary>
/// ½e² where |e| ≤ δ and δ·(|e| − ½δ) beyond, with e = o − y: the mean of each row, then over rows. Large errors count by their size, not by
/// its square. Gradient of an element: e, kept between −δ and δ.
/// </summary>
/// <param name="delta">δ, where the square ends.</param>
public sealed class Huber(double delta = 1) : Loss
{
    /// <summary>δ, where the square ends.</summary>
    public double Delta { get; } = delta > 0 && double.IsFinite(delta) ? delta
        : throw Error.Input("Huber", "delta is where the square ends", $"{delta}", "more than 0, finite");

    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction)
    {
        var error = prediction - Fit(target, prediction);
        var near = error.Clip(-Delta, Delta);
        return Rows(near * (error - 0.5 * near), mean: true);
    }
}
