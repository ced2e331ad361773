using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The whole part of x, cut off towards 0. Its derivative is 0. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Trunc() => UnaryOp<TruncOp>.Instance.Run(this);

    /// <summary>What <see cref="Trunc()"/> cuts off, with the sign of x; NaN at ±∞. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Frac() => UnaryOp<FracOp>.Instance.Run(this);
}

internal readonly struct TruncOp : IUnary, IOp
{
    public static string Name => "trunc";

    public static Saved Saves => Saved.Nothing;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => typeof(T) == typeof(float)
        ? Vector.As<float, T>(Vector.Truncate(Vector.As<T, float>(x)))
        : Vector.As<double, T>(Vector.Truncate(Vector.As<T, double>(x)));

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => null;

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Trunc(), FloorOp.BetweenSteps) with { FlatOperands = [0] };
}

internal readonly struct FracOp : IUnary, IOp
{
    public static string Name => "frac";

    public static Saved Saves => Saved.Nothing;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => x - default(TruncOp).Apply(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy;

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Frac(), FloorOp.BetweenSteps) with { Float32Error = 16 };
}
