using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

/// <summary>
/// y = ½·x·(1 + tanh u) with u = √(2/π)·(x + 0.044715·x³), computed as x·σ(v) with v = 2u: the same, without
/// the cancellation at negative x.
/// </summary>
internal readonly struct GeluTanhOp : IUnary, IOp
{
    // v = A·x + B·x³ with A = 2·√(2/π).
    internal const double A = 1.5957691216057308;
    internal const double B = A * 0.044715;

    /// <summary>σ(v) at ±this is 0 or 1 in any element type, as at any greater x.</summary>
    internal const double LastWeight = 32;

    public static string Name => "gelu_tanh";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged =>
        Lanes.AtLeast(x, -LastWeight) * VectorMath.Sigmoid(x * (Lanes.Constant<T>(A) + Lanes.Constant<T>(B) * (x * x)));

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => GeluTanhGradOp.Run(x, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Gelu(approximate: true), Domain.Real, 25);
}

/// <summary>dx = dy·(s + x·v′·s·(1 − s)) with s = σ(v) and v′ = A + 3B·x².</summary>
internal readonly struct GeluTanhGradOp : IBinary, IOp
{
    public static string Name => "gelu_tanh_grad";

    public static bool FloatingOnly => true;

    internal static Tensor Run(Tensor x, Tensor dy) => BinaryOp<GeluTanhGradOp>.Instance.Run(x, dy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x, Vector<T> dy) where T : unmanaged
    {
        // Beyond, the powers of x would overflow beside an s or 1 − s of 0.
        x = Lanes.Within(x, GeluTanhOp.LastWeight);
        Vector<T> a = Lanes.Constant<T>(GeluTanhOp.A), square = x * x;
        var v = x * (a + Lanes.Constant<T>(GeluTanhOp.B) * square);
        Vector<T> e = VectorMath.Exp(-Vector.Abs(v)), larger = Vector<T>.One / (Vector<T>.One + e), smaller = e * larger;
        var s = Vector.ConditionalSelect(Vector.LessThan(v, Vector<T>.Zero), smaller, larger);
        var slope = a + Lanes.Constant<T>(3 * GeluTanhOp.B) * square;
        return dy * (s + x * slope * (smaller * larger));
    }

    // The second derivative: s·(1 − s)·(2v′ + x·v″ + x·v′²·(1 − 2s)) with v″ = 6B·x. 1 − s is σ(−v): the difference
    // itself has no digits left where s is near 1, and v′² is large there.
    public Tensor? Left(Tensor x, Tensor dy, Tensor dx, Tensor ddx)
    {
        x = x.Clip(-GeluTanhOp.LastWeight, GeluTanhOp.LastWeight);
        var square = x.Square();
        var v = x * (GeluTanhOp.A + GeluTanhOp.B * square);
        var s = v.Sigmoid();
        var slope = GeluTanhOp.A + 3 * GeluTanhOp.B * square;
        return ddx * dy * (s * (-v).Sigmoid()) * (slope * 2 + 6 * GeluTanhOp.B * square + x * slope.Square() * (1 - s * 2));
    }

    public Tensor? Right(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => Run(x, ddx);

    public static OpSpec Spec => OpSpec.Binary(Name, Run, Domain.Real, Domain.Real);
}
