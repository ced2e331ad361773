using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>x where |x| is above the threshold, else 0; the derivative at ±threshold is 0. <c>[…] -> […]</c></summary>
    /// <param name="threshold">Not negative.</param>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    /// <exception cref="InvalidInputException">The threshold is negative or NaN.</exception>
    public Tensor HardShrink(double threshold = 0.5)
    {
        if (!(threshold >= 0)) throw Error.Input("hard_shrink", "the threshold must not be negative", $"{threshold}");
        return new UnaryOp<HardShrinkOp>(new HardShrinkOp(threshold)).Run(this);
    }

    /// <summary>x brought nearer to 0 by the threshold, and 0 where |x| is not above it; the derivative at ±threshold is 0. <c>[…] -> […]</c></summary>
    /// <param name="threshold">Not negative.</param>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    /// <exception cref="InvalidInputException">The threshold is negative or NaN.</exception>
    public Tensor SoftShrink(double threshold = 0.5)
    {
        if (!(threshold >= 0)) throw Error.Input("soft_shrink", "the threshold must not be negative", $"{threshold}");
        return new UnaryOp<SoftShrinkOp>(new SoftShrinkOp(threshold)).Run(this);
    }

    /// <summary>x − tanh x, accurate near 0. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor TanhShrink() => UnaryOp<TanhShrinkOp>.Instance.Run(this);

    /// <summary>x where it is above the threshold, else another number; the derivative at the threshold is 0, NaN stays NaN. <c>[…] -> […]</c></summary>
    /// <param name="threshold">What x must be above.</param>
    /// <param name="defaultValue">What stands for the others.</param>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    /// <exception cref="InvalidInputException">The threshold is NaN.</exception>
    public Tensor Threshold(double threshold, double defaultValue)
    {
        if (double.IsNaN(threshold)) throw Error.Input("threshold", "the threshold is NaN", $"{threshold}");
        return new UnaryOp<ThresholdOp>(new ThresholdOp(threshold, defaultValue)).Run(this);
    }
}

internal readonly partial struct HardShrinkOp(double threshold) : IUnary, IOp
{
    public static string Name => "hard_shrink";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => Vector.AndNot(x, Vector.LessThanOrEqual(Vector.Abs(x), Lanes.Constant<T>(threshold)));

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => ShrinkGradOp.Run(threshold, x, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.HardShrink(), Domain.Real.Away(-0.5, 0.5));
}

internal readonly partial struct SoftShrinkOp(double threshold) : IUnary, IOp
{
    public static string Name => "soft_shrink";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged
    {
        var step = Lanes.Constant<T>(threshold);
        var nearer = Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), x + step, x - step);
        return Vector.AndNot(nearer, Vector.LessThanOrEqual(Vector.Abs(x), step));
    }

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => ShrinkGradOp.Run(threshold, x, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.SoftShrink(), Domain.Real.Away(-0.5, 0.5));
}

/// <summary>dx = dy where |x| > threshold or x is NaN, else 0.</summary>
internal readonly partial struct ShrinkGradOp(double threshold) : IBinary, IOp
{
    public static string Name => "shrink_grad";

    public static bool FloatingOnly => true;

    internal static Tensor Run(double threshold, Tensor x, Tensor dy) => new BinaryOp<ShrinkGradOp>(new ShrinkGradOp(threshold)).Run(x, dy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x, Vector<T> dy) where T : unmanaged =>
        Vector.AndNot(dy, Vector.LessThanOrEqual(Vector.Abs(x), Lanes.Constant<T>(threshold)));

    public Tensor? Left(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => null;

    public Tensor? Right(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => new BinaryOp<ShrinkGradOp>(this).Run(x, ddx);

    public static OpSpec Spec => OpSpec.Binary(Name, (x, dy) => Run(0.5, x, dy), Domain.Real.Away(-0.5, 0.5), Domain.Real) with { FlatOperands = [0] };
}

internal readonly struct TanhShrinkOp : IUnary, IOp
{
    public static string Name => "tanh_shrink";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.TanhShrink(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * x.Tanh().Square();

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.TanhShrink(), Domain.Real, 30) with { CardUlps = 8, CardCancels = true };
}

internal readonly partial struct ThresholdOp(double threshold, double defaultValue) : IUnary, IOp
{
    public static string Name => "threshold";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged =>
        Vector.ConditionalSelect(Vector.LessThanOrEqual(x, Lanes.Constant<T>(threshold)), Lanes.Constant<T>(defaultValue), x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => WindowGradOp.Run(threshold, double.NaN, 1, x, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Threshold(0.5, -2), Domain.Real.Away(0.5));
}
