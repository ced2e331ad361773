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

    public static string Name => "gelu_tanh";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged =>
        x * VectorMath.Sigmoid(x * (Lanes.Constant<T>(A) + Lanes.Constant<T>(B) * (x * x)));

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
        Vector<T> a = Lanes.Constant<T>(GeluTanhOp.A), square = x * x;
        var s = VectorMath.Sigmoid(x * (a + Lanes.Constant<T>(GeluTanhOp.B) * square));
        var slope = a + Lanes.Constant<T>(3 * GeluTanhOp.B) * square;
        return dy * (s + x * slope * (s * (Vector<T>.One - s)));
    }

    // The second derivative: s·(1 − s)·(2v′ + x·v″ + x·v′²·(1 − 2s)) with v″ = 6B·x. 1 − s is σ(−v): the difference
    // itself has no digits left where s is near 1, and v′² is large there.
    public Tensor? Left(Tensor x, Tensor dy, Tensor dx, Tensor ddx)
    {
        var square = x.Square();
        var v = x * (GeluTanhOp.A + GeluTanhOp.B * square);
        var s = v.Sigmoid();
        var slope = GeluTanhOp.A + 3 * GeluTanhOp.B * square;
        return ddx * dy * (s * (-v).Sigmoid()) * (slope * 2 + 6 * GeluTanhOp.B * square + x * slope.Square() * (1 - s * 2));
    }

    public Tensor? Right(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => Run(x, ddx);

    public static OpSpec Spec => OpSpec.Binary(Name, Run, Domain.Real, Domain.Real);
}
