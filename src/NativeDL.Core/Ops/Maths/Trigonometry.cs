using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>Sine of an angle in radians, of any size. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Sin() => UnaryOp<SinOp>.Instance.Run(this);

    /// <summary>Cosine of an angle in radians, of any size. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Cos() => UnaryOp<CosOp>.Instance.Run(this);

    /// <summary>Tangent of an angle in radians. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Tan() => UnaryOp<TanOp>.Instance.Run(this);

    /// <summary>The angle in [−π/2, π/2] whose sine is x; NaN outside of [−1, 1]. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Asin() => UnaryOp<AsinOp>.Instance.Run(this);

    /// <summary>The angle in [0, π] whose cosine is x; NaN outside of [−1, 1]. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Acos() => UnaryOp<AcosOp>.Instance.Run(this);

    /// <summary>The angle in (−π/2, π/2) whose tangent is x. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Atan() => UnaryOp<AtanOp>.Instance.Run(this);
}

internal readonly struct SinOp : IUnary, IOp
{
    public static string Name => "sin";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Sin(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * x.Cos();

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Sin(), Domain.Real, 20);
}

internal readonly struct CosOp : IUnary, IOp
{
    public static string Name => "cos";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Cos(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => -dy * x.Sin();

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Cos(), Domain.Real, 20);
}

internal readonly struct TanOp : IUnary, IOp
{
    public static string Name => "tan";

    public static Saved Saves => Saved.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Tan(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * (y.Square() + 1);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Tan(), new Domain(-1.4, 1.4), 30);
}

internal readonly struct AsinOp : IUnary, IOp
{
    public static string Name => "asin";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Asin(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * ((1 - x) * (1 + x)).Rsqrt(); // 1 − x² loses its digits at the ends

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Asin(), new Domain(-0.9, 0.9), 25);
}

internal readonly struct AcosOp : IUnary, IOp
{
    public static string Name => "acos";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Acos(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => -dy * ((1 - x) * (1 + x)).Rsqrt();

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Acos(), new Domain(-0.9, 0.9), 25);
}

internal readonly struct AtanOp : IUnary, IOp
{
    public static string Name => "atan";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Atan(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy / (x.Square() + 1);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Atan(), Domain.Real, 25);
}
