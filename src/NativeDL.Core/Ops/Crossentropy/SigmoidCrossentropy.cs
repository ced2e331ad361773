using System.Numerics;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>−y·log σ(x) − (1 − y)·log(1 − σ(x)) of logits x, elementwise with broadcasting. <c>[…], […] -> […]</c></summary>
    /// <param name="targets">y, from 0 to 1; gradients flow to them too.</param>
    /// <remarks>Computed as max(x, 0) − x·y + log(1 + e^−|x|), which neither overflows nor loses small losses.</remarks>
    public Tensor SigmoidCrossentropy(Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return BinaryOp<SigmoidCrossentropyOp>.Instance.Run(this, targets);
    }
}

/// <summary>max(x, 0) − x·t + log(1 + e^−|x|).</summary>
internal readonly struct SigmoidCrossentropyOp : IBinary, IOp
{
    public static string Name => "sigmoid_crossentropy";

    public static bool FloatingOnly => true;

    public Vector<T> Apply<T>(Vector<T> x, Vector<T> t) where T : unmanaged =>
        Vector.Max(x, Vector<T>.Zero) - x * t + VectorMath.Log1p(VectorMath.Exp(-Vector.Abs(x)));

    public Tensor Left(Tensor x, Tensor t, Tensor y, Tensor dy) => dy * BinaryOp<SigmoidCrossentropyGradOp>.Instance.Run(x, t);

    public Tensor Right(Tensor x, Tensor t, Tensor y, Tensor dy) => -dy * x;

    public static OpSpec Spec =>
        OpSpec.Binary(Name, (x, t) => x.SigmoidCrossentropy(t), Domain.Real.Away(0), Domain.Unit) with { Flops = c => 40.0 * c.Elements };
}

/// <summary>σ(x) − t; above 0 as (1 − t) − σ(−x), which keeps what is left of 1 − σ(x).</summary>
internal readonly struct SigmoidCrossentropyGradOp : IBinary, IOp
{
    public static string Name => "sigmoid_crossentropy_grad";

    public static bool FloatingOnly => true;

    public Vector<T> Apply<T>(Vector<T> x, Vector<T> t) where T : unmanaged
    {
        var smaller = VectorMath.Sigmoid(-Vector.Abs(x));
        return Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), Vector<T>.One - t - smaller, smaller - t);
    }

    public Tensor Left(Tensor x, Tensor t, Tensor y, Tensor dy)
    {
        // σ′(x) = σ(x)·σ(−x).
        return dy * (x.Sigmoid() * (-x).Sigmoid());
    }

    public Tensor Right(Tensor x, Tensor t, Tensor y, Tensor dy) => -dy;

    public static OpSpec Spec => OpSpec.Binary(Name, (x, t) => BinaryOp<SigmoidCrossentropyGradOp>.Instance.Run(x, t), Domain.Real, new Domain(1.5, 3))
        with
    { Flops = c => 20.0 * c.Elements };
}
