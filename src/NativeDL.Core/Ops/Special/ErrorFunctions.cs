using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>1 − erf x, with all digits where erf x is near 1. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Erfc() => UnaryOp<ErfcOp>.Instance.Run(this);

    /// <summary>The number whose error function is x; ±∞ at ±1, NaN beyond. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Erfinv() => UnaryOp<ErfinvOp>.Instance.Run(this);
}

internal readonly struct ErfcOp : IUnary, IOp
{
    public static string Name => "erfc";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Erfc(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * (-x.Square()).Exp() * (-2 / Math.Sqrt(Math.PI));

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Erfc(), Domain.Real, 50) with { CardUlps = 8 };
}

internal readonly struct ErfinvOp : IUnary, IOp
{
    public static string Name => "erfinv";

    public static Saved Saves => Saved.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Erfinv(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * y.Square().Exp() * (Math.Sqrt(Math.PI) / 2);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Erfinv(), new Domain(-0.9, 0.9), 60) with { CardUlps = 7 };
}
