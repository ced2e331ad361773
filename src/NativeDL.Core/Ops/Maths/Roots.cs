using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>√x; NaN below 0. <c>[…] -> […]</c></summary>
    /// <remarks>The derivative at 0 is +∞, as the maths says; add a small number first where 0 can occur.</remarks>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Sqrt() => UnaryOp<SqrtOp>.Instance.Run(this);

    /// <summary>1/√x. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Rsqrt() => UnaryOp<RsqrtOp>.Instance.Run(this);

    /// <summary>1/x. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Reciprocal() => UnaryOp<ReciprocalOp>.Instance.Run(this);
}

internal readonly struct SqrtOp : IUnary, IOp
{
    public static string Name => "sqrt";

    public static Saved Saves => Saved.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Sqrt(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy / (y * 2);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Sqrt(), Domain.Positive);
}

internal readonly struct RsqrtOp : IUnary, IOp
{
    public static string Name => "rsqrt";

    public static Saved Saves => Saved.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Rsqrt(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * y * y.Square() * -0.5;

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Rsqrt(), Domain.Positive, 2);
}

internal readonly struct ReciprocalOp : IUnary, IOp
{
    public static string Name => "reciprocal";

    public static Saved Saves => Saved.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => Vector<T>.One / x;

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => -dy * y * y; // y² may overflow where a small dy would not

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Reciprocal(), Domain.Real.Away(0));
}
