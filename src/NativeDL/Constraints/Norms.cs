namespace NativeDL.Constraints;

/// <summary>No number below 0: those are set to 0.</summary>
public sealed class NonNeg : Constraint
{
    /// <inheritdoc/>
    public override Tensor Call(Tensor parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Relu();
    }
}

/// <summary>Norms along an axis of at most <c>maxValue</c>: what is longer is scaled down (Srivastava et al. 2014).</summary>
/// <param name="maxValue">The greatest norm.</param>
/// <param name="axis">The axis along which norms are taken: 0 for a dense kernel <c>[in, units]</c>, so that each unit has one.</param>
public sealed class MaxNorm(double maxValue = 2, int axis = 0) : Constraint
{
    /// <summary>The greatest norm.</summary>
    public double MaxValue { get; } = maxValue >= 0 ? maxValue : throw Error.Input("MaxNorm", "the norm is negative", $"{maxValue}");

    /// <summary>The axis along which norms are taken.</summary>
    public int Axis => axis;

    /// <inheritdoc/>
    public override Tensor Call(Tensor parameter) => Constraints.UnitNorm.Scaled(parameter, axis, norm => norm.Clip(0, MaxValue));
}

/// <summary>Norms along an axis of exactly 1.</summary>
/// <param name="axis">The axis along which norms are taken: 0 for a dense kernel <c>[in, units]</c>, so that each unit has one.</param>
public sealed class UnitNorm(int axis = 0) : Constraint
{
    /// <summary>The axis along which norms are taken.</summary>
    public int Axis => axis;

    /// <inheritdoc/>
    public override Tensor Call(Tensor parameter) => Scaled(parameter, axis, norm => norm.Like(1));

    // Keras' ε keeps a norm of 0 from dividing.
    internal static Tensor Scaled(Tensor parameter, int axis, Func<Tensor, Tensor> wanted)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        var norm = parameter.Norm([axis], keepDims: true);
        return parameter * (wanted(norm) / (norm + 1e-7));
    }
}

/// <summary>Norms along an axis between two numbers.</summary>
/// <param name="minValue">The least norm.</param>
/// <param name="maxValue">The greatest norm.</param>
/// <param name="rate">Which share of the way into the range is gone in each step.</param>
/// <param name="axis">The axis along which norms are taken: 0 for a dense kernel <c>[in, units]</c>, so that each unit has one.</param>
public sealed class MinMaxNorm(double minValue = 0, double maxValue = 1, double rate = 1, int axis = 0) : Constraint
{
    /// <summary>The least norm.</summary>
    public double MinValue { get; } = minValue >= 0 && minValue <= maxValue ? minValue
        : throw Error.Input("MinMaxNorm", "the range of norms is empty or negative", $"{minValue} to {maxValue}");

    /// <summary>The greatest norm.</summary>
    public double MaxValue => maxValue;

    /// <summary>Which share of the way into the range is gone in each step.</summary>
    public double Rate { get; } = rate is >= 0 and <= 1 ? rate : throw Error.Input("MinMaxNorm", "the rate is a share", $"{rate}", "0 to 1");

    /// <summary>The axis along which norms are taken.</summary>
    public int Axis => axis;

    /// <inheritdoc/>
    public override Tensor Call(Tensor parameter) =>
        Constraints.UnitNorm.Scaled(parameter, axis, norm => norm.Clip(MinValue, MaxValue) * Rate + norm * (1 - Rate));
}
