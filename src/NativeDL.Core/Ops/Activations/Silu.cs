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
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => Lanes.AtLeast(x, -LastWeight) * VectorMath.Sigmoid(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => SiluGradOp.Run(x, dy);

    /// <summary>σ at ±this is 0 or 1 in any element type: a greater x counts as this one where σ multiplies it, since ∞·0 is NaN.</summary>
    internal const double LastWeight = 1000;

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
        // 1 − s is e/(1 + e) above 0, which the difference would lose where s rounds to 1.
        Vector<T> e = VectorMath.Exp(-Vector.Abs(x)), larger = Vector<T>.One / (Vector<T>.One + e), smaller = e * larger;
        var s = Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), smaller, larger);
        return dy * (s + Lanes.Within(x, SiluOp.LastWeight) * (smaller * larger));
    }

    public Tensor? Left(Tensor x, Tensor dy, Tensor dx, Tensor ddx)
    {
        var s = x.Sigmoid();
        return ddx * dy * (s * (-x).Sigmoid()) * (2 + x.Clip(-SiluOp.LastWeight, SiluOp.LastWeight) * (1 - s * 2));
    }

    public Tensor? Right(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => Run(x, ddx);

    public static OpSpec Spec => OpSpec.Binary(Name, Run, Domain.Real, Domain.Real);
}
