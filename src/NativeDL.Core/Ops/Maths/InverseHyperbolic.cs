using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The number whose hyperbolic sine is x, log(x + √(x² + 1)). <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Asinh() => UnaryOp<AsinhOp>.Instance.Run(this);

    /// <summary>The number that is not negative and whose hyperbolic cosine is x, log(x + √(x² − 1)); NaN below 1. <c>[…] -> […]</c></summary>
    /// <remarks>The derivative at 1 is +∞.</remarks>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Acosh() => UnaryOp<AcoshOp>.Instance.Run(this);

    /// <summary>The number whose hyperbolic tangent is x, ½·log((1 + x)/(1 − x)); ±∞ at ±1, NaN beyond. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Atanh() => UnaryOp<AtanhOp>.Instance.Run(this);
}

internal readonly struct AsinhOp : IUnary, IOp
{
    public static string Name => "asinh";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Asinh(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy / x.Hypot(1);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Asinh(), Domain.Real, 40) with { CardUlps = 5 };
}

internal readonly struct AcoshOp : IUnary, IOp
{
    public static string Name => "acosh";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Acosh(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * (x - 1).Rsqrt() * (x + 1).Rsqrt();

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Acosh(), new Domain(1.2, 4), 40) with { CardUlps = 6 };
}

internal readonly struct AtanhOp : IUnary, IOp
{
    public static string Name => "atanh";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Atanh(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy / ((1 - x) * (1 + x));

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Atanh(), new Domain(-0.9, 0.9), 40) with { CardUlps = 5 };
}
