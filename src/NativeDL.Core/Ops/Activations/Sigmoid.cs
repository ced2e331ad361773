using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>1/(1 + e⁻ˣ), without overflow at any x. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Sigmoid() => UnaryOp<SigmoidOp>.Instance.Run(this);

    /// <summary>The same of a network's activation: a loss behind it finds the logits while a tape records.</summary>
    internal Tensor SigmoidOfLogits() => Node is null ? Sigmoid() : new UnaryOp<SigmoidOp>(new SigmoidOp { Logits = this }).Run(this);

    /// <summary>Hyperbolic tangent, (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ) = 2σ(2x) − 1. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Tanh() => UnaryOp<TanhOp>.Instance.Run(this);
}

internal readonly struct SigmoidOp : IUnary, IOp
{
    /// <summary>What the probabilities were made of, kept for a loss on them; null where nobody asked for that.</summary>
    public Tensor? Logits { get; init; }

    public static string Name => "sigmoid";

    public static Saved Saves => Saved.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Sigmoid(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => SigmoidGradOp.Run(y, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Sigmoid(), Domain.Real, 20);
}

/// <summary>dx = dy·y·(1 − y).</summary>
internal readonly struct SigmoidGradOp : IBinary, IOp
{
    public static string Name => "sigmoid_grad";

    public static bool FloatingOnly => true;

    internal static Tensor Run(Tensor y, Tensor dy) => BinaryOp<SigmoidGradOp>.Instance.Run(y, dy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> y, Vector<T> dy) where T : unmanaged => dy * (y * (Vector<T>.One - y));

    public Tensor? Left(Tensor y, Tensor dy, Tensor dx, Tensor ddx) => ddx * dy * (1 - y * 2);

    public Tensor? Right(Tensor y, Tensor dy, Tensor dx, Tensor ddx) => Run(y, ddx);

    public static OpSpec Spec => OpSpec.Binary(Name, Run, Domain.Unit, Domain.Real);
}

internal readonly struct TanhOp : IUnary, IOp
{
    public static string Name => "tanh";

    public static Saved Saves => Saved.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Tanh(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => TanhGradOp.Run(y, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Tanh(), Domain.Real, 25);
}

/// <summary>dx = dy·(1 − y²).</summary>
internal readonly struct TanhGradOp : IBinary, IOp
{
    public static string Name => "tanh_grad";

    public static bool FloatingOnly => true;

    internal static Tensor Run(Tensor y, Tensor dy) => BinaryOp<TanhGradOp>.Instance.Run(y, dy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> y, Vector<T> dy) where T : unmanaged => dy * (Vector<T>.One - y * y);

    public Tensor? Left(Tensor y, Tensor dy, Tensor dx, Tensor ddx) => ddx * dy * y * -2;

    public Tensor? Right(Tensor y, Tensor dy, Tensor dx, Tensor ddx) => Run(y, ddx);

    public static OpSpec Spec => OpSpec.Binary(Name, Run, new Domain(-0.95, 0.95), Domain.Real);
}
