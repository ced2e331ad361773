using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>2ˣ, exact for whole numbers. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Exp2() => UnaryOp<Exp2Op>.Instance.Run(this);

    /// <summary>Logarithm to base 2, exact for powers of 2; −∞ at 0, NaN below. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Log2() => UnaryOp<Log2Op>.Instance.Run(this);

    /// <summary>Logarithm to base 10; −∞ at 0, NaN below. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Log10() => UnaryOp<Log10Op>.Instance.Run(this);
}

internal readonly struct Exp2Op : IUnary, IOp
{
    public static string Name => "exp2";

    public static Saved Saves => Saved.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Exp2(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * y * 0.6931471805599453;

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Exp2(), Domain.Real, 15) with { CardUlps = 4 };
}

internal readonly struct Log2Op : IUnary, IOp
{
    public static string Name => "log2";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Log2(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy / (x * 0.6931471805599453);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Log2(), Domain.Positive, 25) with { CardUlps = 4 };
}

internal readonly struct Log10Op : IUnary, IOp
{
    public static string Name => "log10";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Log10(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy / (x * 2.302585092994046);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Log10(), Domain.Positive, 25) with { CardUlps = 4 };
}
