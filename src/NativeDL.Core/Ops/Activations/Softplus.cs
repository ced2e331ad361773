using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>log(1 + eˣ), without overflow at any x. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Softplus() => UnaryOp<SoftplusOp>.Instance.Run(this);
}

internal readonly struct SoftplusOp : IUnary, IOp
{
    public static string Name => "softplus";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Softplus(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => SoftplusGradOp.Run(x, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Softplus(), Domain.Real, 40);
}

/// <summary>dx = dy·σ(x).</summary>
internal readonly struct SoftplusGradOp : IBinary, IOp
{
    public static string Name => "softplus_grad";

    public static bool FloatingOnly => true;

    internal static Tensor Run(Tensor x, Tensor dy) => BinaryOp<SoftplusGradOp>.Instance.Run(x, dy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x, Vector<T> dy) where T : unmanaged => dy * VectorMath.Sigmoid(x);

    public Tensor? Left(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => ddx * dy * (x.Sigmoid() * (-x).Sigmoid());

    public Tensor? Right(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => Run(x, ddx);

    public static OpSpec Spec => OpSpec.Binary(Name, Run, Domain.Real, Domain.Real);
}
