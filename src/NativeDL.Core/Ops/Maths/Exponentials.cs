using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>eˣ. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Exp() => UnaryOp<ExpOp>.Instance.Run(this);

    /// <summary>eˣ − 1, accurate near 0. <c>[…] -> […]</c></summary>
    /// <inheritdoc cref="Exp()"/>
    public Tensor Expm1() => UnaryOp<Expm1Op>.Instance.Run(this);

    /// <summary>Natural logarithm; −∞ at 0, NaN below. <c>[…] -> […]</c></summary>
    /// <inheritdoc cref="Exp()"/>
    public Tensor Log() => UnaryOp<LogOp>.Instance.Run(this);

    /// <summary>log(1 + x), accurate near 0. <c>[…] -> […]</c></summary>
    /// <inheritdoc cref="Exp()"/>
    public Tensor Log1p() => UnaryOp<Log1pOp>.Instance.Run(this);
}

internal readonly struct ExpOp : IUnary, IOp
{
    public static string Name => "exp";

    public static Saved Saves => Saved.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Exp(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * y;

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Exp(), Domain.Real, 15);
}

internal readonly struct Expm1Op : IUnary, IOp
{
    public static string Name => "expm1";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Expm1(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * x.Exp(); // y + 1 has no digits left where y is near −1

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Expm1(), Domain.Real, 18);
}

internal readonly struct LogOp : IUnary, IOp
{
    public static string Name => "log";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Log(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy / x;

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Log(), Domain.Positive, 20);
}

internal readonly struct Log1pOp : IUnary, IOp
{
    public static string Name => "log1p";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Log1p(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy / (x + 1);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Log1p(), new Domain(-0.9, 3), 25);
}
