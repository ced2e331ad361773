using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>x·Φ(x) with the normal distribution function Φ(x) = ½·(1 + erf(x/√2)). <c>[…] -> […]</c></summary>
    /// <param name="approximate">Whether to compute ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) instead, which differs by up to 5e-4.</param>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Gelu(bool approximate = false) => approximate ? UnaryOp<GeluTanhOp>.Instance.Run(this) : UnaryOp<GeluOp>.Instance.Run(this);
}

internal readonly struct GeluOp : IUnary, IOp
{
    private const double RootHalf = 0.7071067811865476;

    public static string Name => "gelu";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => x * Distribution(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => GeluGradOp.Run(x, dy);

    /// <summary>Φ(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<T> Distribution<T>(Vector<T> x) where T : unmanaged =>
        Lanes.Constant<T>(0.5) + Lanes.Constant<T>(0.5) * VectorMath.Erf(x * Lanes.Constant<T>(RootHalf));

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Gelu(), Domain.Real, 30);
}

/// <summary>dx = dy·(Φ(x) + x·φ(x)) with the normal density φ(x) = exp(−x²/2)/√(2π).</summary>
internal readonly struct GeluGradOp : IBinary, IOp
{
    private const double DensityAtZero = 0.3989422804014327; // 1/√(2π)

    public static string Name => "gelu_grad";

    public static bool FloatingOnly => true;

    internal static Tensor Run(Tensor x, Tensor dy) => BinaryOp<GeluGradOp>.Instance.Run(x, dy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x, Vector<T> dy) where T : unmanaged
    {
        var density = VectorMath.Exp(x * x * Lanes.Constant<T>(-0.5)) * Lanes.Constant<T>(DensityAtZero);
        return dy * (GeluOp.Distribution(x) + x * density);
    }

    // φ′(x) = −x·φ(x), so the second derivative is φ(x)·(2 − x²).
    public Tensor? Left(Tensor x, Tensor dy, Tensor dx, Tensor ddx)
    {
        var square = x.Square();
        return ddx * dy * (square * -0.5).Exp() * (2 - square) * DensityAtZero;
    }

    public Tensor? Right(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => Run(x, ddx);

    public static OpSpec Spec => OpSpec.Binary(Name, Run, Domain.Real, Domain.Real);
}
