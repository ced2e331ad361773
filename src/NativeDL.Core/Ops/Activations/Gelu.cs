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
    public static string Name => "gelu";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => Lanes.AtLeast(x, -LastWeight) * VectorMath.Normal(x, out _);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => GeluGradOp.Run(x, dy);

    /// <summary>Φ and φ of ±this are 0 or 1 in any element type: a greater x counts as this one where they multiply it, since ∞·0 is NaN.</summary>
    internal const double LastWeight = 40;

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
        var distribution = VectorMath.Normal(x, out var weight);
        return dy * (distribution + Lanes.Within(x, GeluOp.LastWeight) * (weight * Lanes.Constant<T>(DensityAtZero)));
    }

    // φ′(x) = −x·φ(x), so the second derivative is φ(x)·(2 − x²).
    public Tensor? Left(Tensor x, Tensor dy, Tensor dx, Tensor ddx)
    {
        var square = x.Clip(-GeluOp.LastWeight, GeluOp.LastWeight).Square();
        return ddx * dy * (square * -0.5).Exp() * (2 - square) * DensityAtZero;
    }

    public Tensor? Right(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => Run(x, ddx);

    public static OpSpec Spec => OpSpec.Binary(Name, Run, Domain.Real, Domain.Real);
}
