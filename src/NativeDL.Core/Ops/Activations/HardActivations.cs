using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>x limited to [<paramref name="min"/>, <paramref name="max"/>]; NaN stays NaN. <c>[…] -> […]</c></summary>
    /// <remarks>As <see cref="Clip(double, double)"/>, but that the derivative is 0 at the limits too, as PyTorch has it.</remarks>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    /// <exception cref="InvalidInputException">A limit is NaN, or the lower one is not below the upper one.</exception>
    public Tensor HardTanh(double min = -1, double max = 1)
    {
        if (!(min < max)) throw Error.Input("hard_tanh", "the lower limit must be below the upper one", $"{min} and {max}");
        return new UnaryOp<HardTanhOp>(new HardTanhOp(min, max)).Run(this);
    }

    /// <summary>min(max(x, 0), 6); the derivative at 0 and at 6 is 0. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Relu6() => UnaryOp<Relu6Op>.Instance.Run(this);

    /// <summary>x/6 + ½ limited to [0, 1]; the derivative at the limits is 0. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor HardSigmoid() => UnaryOp<HardSigmoidOp>.Instance.Run(this);

    /// <summary>x/2 + ½ limited to [0, 1], the derivative of <see cref="SparsePlus()"/>; its own derivative at the limits is 0. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor SparseSigmoid() => UnaryOp<SparseSigmoidOp>.Instance.Run(this);

    /// <summary>
    /// x·(x/6 + ½ limited to [0, 1]), also called hard swish; the derivative at −3 is 0, at 3 it is 1½, those of the sides below.
    /// <c>[…] -> […]</c>
    /// </summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor HardSilu() => UnaryOp<HardSiluOp>.Instance.Run(this);
}

internal readonly partial struct HardTanhOp(double min, double max) : IUnary, IOp
{
    public static string Name => "hard_tanh";

    public static Saved Saves => Saved.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => WindowGradOp.Limit(x, min, max);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => WindowGradOp.Run(min, max, 1, y, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.HardTanh(-1, 1.5), Domain.Real.Away(-1, 1.5));
}

internal readonly struct Relu6Op : IUnary, IOp
{
    public static string Name => "relu6";

    public static Saved Saves => Saved.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => WindowGradOp.Limit(x, 0, 6);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => WindowGradOp.Run(0, 6, 1, y, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Relu6(), new Domain(-3, 9).Away(0, 6));
}

internal readonly struct HardSigmoidOp : IUnary, IOp
{
    public static string Name => "hard_sigmoid";

    public static Saved Saves => Saved.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => WindowGradOp.Limit(x / Lanes.Constant<T>(6) + Lanes.Constant<T>(0.5), 0, 1);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => WindowGradOp.Run(0, 1, 1.0 / 6, y, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.HardSigmoid(), new Domain(-5, 5).Away(-3, 3), 3);
}

internal readonly struct SparseSigmoidOp : IUnary, IOp
{
    public static string Name => "sparse_sigmoid";

    public static Saved Saves => Saved.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => WindowGradOp.Limit(x * Lanes.Constant<T>(0.5) + Lanes.Constant<T>(0.5), 0, 1);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => WindowGradOp.Run(0, 1, 0.5, y, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.SparseSigmoid(), Domain.Real.Away(-1, 1), 3);
}

internal readonly struct HardSiluOp : IUnary, IOp
{
    public static string Name => "hard_silu";

    // The ends apart: −∞·0 would be NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged
    {
        Vector<T> three = Lanes.Constant<T>(3), middle = x * (x / Lanes.Constant<T>(6) + Lanes.Constant<T>(0.5));
        return Vector.AndNot(Vector.ConditionalSelect(Vector.GreaterThan(x, three), x, middle), Vector.LessThanOrEqual(x, -three));
    }

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => HardSiluGradOp.Run(x, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.HardSilu(), new Domain(-5, 5).Away(-3, 3), 4);
}

/// <summary>dx = dy·(x/3 + ½) where −3 &lt; x ≤ 3, 0 below, dy above.</summary>
internal readonly struct HardSiluGradOp : IBinary, IOp
{
    public static string Name => "hard_silu_grad";

    public static bool FloatingOnly => true;

    internal static Tensor Run(Tensor x, Tensor dy) => BinaryOp<HardSiluGradOp>.Instance.Run(x, dy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x, Vector<T> dy) where T : unmanaged
    {
        Vector<T> three = Lanes.Constant<T>(3), middle = dy * (x / three + Lanes.Constant<T>(0.5));
        return Vector.AndNot(Vector.ConditionalSelect(Vector.GreaterThan(x, three), dy, middle), Vector.LessThanOrEqual(x, -three));
    }

    public Tensor? Left(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => WindowGradOp.Run(-3, 3, 1.0 / 3, x, ddx * dy);

    public Tensor? Right(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => Run(x, ddx);

    public static OpSpec Spec => OpSpec.Binary(Name, Run, new Domain(-5, 5).Away(-3, 3), Domain.Real);
}

/// <summary>dx = slope·dy where low &lt; x &lt; high, else 0; where x is NaN dx is slope·dy. A limit that is NaN does not limit.</summary>
internal readonly partial struct WindowGradOp(double low, double high, double slope) : IBinary, IOp
{
    public static string Name => "window_grad";

    public static bool FloatingOnly => true;

    internal static Tensor Run(double low, double high, double slope, Tensor x, Tensor dy) =>
        new BinaryOp<WindowGradOp>(new WindowGradOp(low, high, slope)).Run(x, dy);

    /// <summary>x limited to [low, high]; NaN stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<T> Limit<T>(Vector<T> x, double low, double high) where T : unmanaged
    {
        Vector<T> least = Lanes.Constant<T>(low), most = Lanes.Constant<T>(high);
        x = Vector.ConditionalSelect(Vector.LessThan(x, least), least, x);
        return Vector.ConditionalSelect(Vector.GreaterThan(x, most), most, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x, Vector<T> dy) where T : unmanaged =>
        Vector.AndNot(dy * Lanes.Constant<T>(slope), Vector.LessThanOrEqual(x, Lanes.Constant<T>(low)) | Vector.GreaterThanOrEqual(x, Lanes.Constant<T>(high)));

    public Tensor? Left(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => null;

    public Tensor? Right(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => new BinaryOp<WindowGradOp>(this).Run(x, ddx);

    public static OpSpec Spec =>
        OpSpec.Binary(Name, (x, dy) => Run(-1, 1.5, 0.25, x, dy), Domain.Real.Away(-1, 1.5), Domain.Real) with { FlatOperands = [0] };
}
