namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>log Σ e^x of the elements up to and including each one along an axis. <c>[…, n, …] -> […, n, …]</c></summary>
    /// <param name="axis">A negative axis counts from the end.</param>
    /// <param name="reverse">Whether to begin at the end of the axis instead.</param>
    /// <remarks>
    /// Nothing overflows: the greatest element so far is taken out. As <see cref="LogSumExp(Axes, bool)"/>, it is −∞ while all are, +∞ from an element +∞ on,
    /// and NaN from a NaN on.
    /// </remarks>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor LogCumSumExp(int axis = -1, bool reverse = false)
    {
        if (!DType.IsFloating())
            throw Error.DType("logcumsumexp", "the operand must be floating-point", $"{DType} {Shape}", "Float32, Float64, BFloat16 or Float16",
                "convert it with Cast");
        return Cast(DType.ComputeType()).Running("logcumsumexp", axis, reverse, LogSums).Cast(DType);
    }

    // With the greatest so far m: s_i = s_i−1 · e^(m_i−1 − m_i) + e^(x_i − m_i), y_i = m_i + log s_i. Whatever number m is, y is the same: it is a constant.
    private static Tensor LogSums(Tensor x)
    {
        var greatest = x.StopGradient().CumMax();
        // −∞ − (−∞) is no number.
        var m = Maximum(greatest, x.DType == DType.Float64 ? double.MinValue : float.MinValue);
        var s = RecurrenceOp.Instance.Run((m.Delayed(0) - m).Exp(), (x - m).Exp());
        return Where(greatest == double.PositiveInfinity, greatest, m + s.Log());
    }
}

internal abstract class LogCumSumExpSpec : IOp
{
    public static OpSpec Spec => new("logcumsumexp", "[…a, n, …b] -> […a, n, …b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 4));
        int axis = d.Axis(x.Rank);
        bool reverse = d.Flag();
        return new OpCase([x], t => [t[0].LogCumSumExp(axis, reverse)], $"axis {axis}, reverse {reverse}");
    })
    { ReductionLength = c => c.Elements, Composed = true, Flops = c => 40.0 * c.Elements };
}
