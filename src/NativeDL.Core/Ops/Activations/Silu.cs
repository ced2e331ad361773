using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>x·σ(x), also called swish. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Silu() => UnaryOp<SiluOp>.Instance.Run(this);
}

internal readonly struct SiluOp : IUnary, IOp
{
    public static string Name => "silu";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => x * VectorMath.Sigmoid(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => SiluGradOp.Run(x, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Silu(), Domain.Real, 21);
}

/// <summary>dx = dy·s·(1 + x·(1 − s)) with s = σ(x).</summary>
internal readonly struct SiluGradOp : IBinary, IOp
{
    public static string Name => "silu_grad";

    public static bool FloatingOnly => true;

    internal static Tensor Run(Tensor x, Tensor dy) => BinaryOp<SiluGradOp>.Instance.Run(x, dy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x, Vector<T> dy) where T : unmanaged
    {
        var s = VectorMath.Sigmoid(x);
        return dy * (s + s * (x * (Vector<T>.One - s)));
    }

    public Tensor? Left(Tensor x, Tensor dy, Tensor dx, Tensor ddx)
    {
        var s = x.Sigmoid();
        return SigmoidGradOp.Run(s, ddx * dy) * (2 + x * (1 - s * 2));
    }

    public Tensor? Right(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => Run(x, ddx);

    public static OpSpec Spec => OpSpec.Binary(Name, Run, Domain.Real, Domain.Real);
}
