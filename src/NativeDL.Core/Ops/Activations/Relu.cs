using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

// How an activation is made, and how a product with a fused activation (Linear, Conv2D) uses it.
//
// An activation is an IUnary struct; its derivative is one pass of a fused BinaryOp of (what was saved, dy),
// which is itself an operation with a derivative. A fused epilogue takes the struct as a type parameter TFn:
// it applies fn.Apply to each vector of the finished tile, and its backward pass begins with
// fn.Derivative(x, y, dy). Where TFn.Saves is Saved.Output (relu, sigmoid, tanh, elu) the product need not be
// kept: x may be null there. The others (leaky relu, softplus, gelu, silu) look at x, so a fused product of
// theirs keeps it.

public sealed partial class Tensor
{
    /// <summary>max(x, 0); the derivative at 0 is 0, NaN stays NaN. <c>[…] -> […]</c></summary>
    public Tensor Relu() => UnaryOp<ReluOp>.Instance.Run(this);

    /// <summary>x above 0, slope·x below; the derivative at 0 is the slope. <c>[…] -> […]</c></summary>
    /// <param name="slope">The derivative below 0; 0.01 by default.</param>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor LeakyRelu(double slope = 0.01)
    {
        if (!double.IsFinite(slope)) throw Error.Input("leaky_relu", "the slope must be finite", $"{slope}");
        return new UnaryOp<LeakyReluOp>(new LeakyReluOp(slope)).Run(this);
    }

    /// <summary>x above 0, α·x below, with a trainable α that broadcasts to x; the derivative at 0 is α. <c>[…a], […b] -> […a∨b]</c></summary>
    /// <param name="alpha">One slope, or one for each channel: shape [channels].</param>
    /// <exception cref="DTypeMismatchException">The operands are not floating-point of one type.</exception>
    public Tensor PRelu(Tensor alpha)
    {
        ArgumentNullException.ThrowIfNull(alpha);
        return BinaryOp<PReluOp>.Instance.Run(this, alpha);
    }
}

internal readonly struct ReluOp : IUnary, IOp
{
    public static string Name => "relu";

    public static Saved Saves => Saved.Output;

    public static bool FloatingOnly => false;

    // Written so that NaN, which is not ≤ 0, stays.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => Vector.AndNot(x, Vector.LessThanOrEqual(x, Vector<T>.Zero));

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => BinaryOp<ReluGradOp>.Instance.Run(y, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Relu(), Domain.Real.Away(0));
}

/// <summary>dx = dy where y > 0, else 0.</summary>
internal readonly struct ReluGradOp : IBinary, IOp
{
    public static string Name => "relu_grad";

    public static bool FloatingOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> y, Vector<T> dy) where T : unmanaged => Vector.AndNot(dy, Vector.LessThanOrEqual(y, Vector<T>.Zero));

    public Tensor? Left(Tensor y, Tensor dy, Tensor dx, Tensor ddx) => null;

    public Tensor? Right(Tensor y, Tensor dy, Tensor dx, Tensor ddx) => BinaryOp<ReluGradOp>.Instance.Run(y, ddx);

    public static OpSpec Spec =>
        OpSpec.Binary(Name, (y, dy) => BinaryOp<ReluGradOp>.Instance.Run(y, dy), Domain.Real.Away(0), Domain.Real) with { FlatOperands = [0] };
}

internal readonly partial struct LeakyReluOp(double slope) : IUnary, IOp
{
    public static string Name => "leaky_relu";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged =>
        Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), x, x * Lanes.Constant<T>(slope));

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => new BinaryOp<LeakyReluGradOp>(new LeakyReluGradOp(slope)).Run(x, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.LeakyRelu(0.2), Domain.Real.Away(0));
}

/// <summary>dx = dy where x > 0, else slope·dy.</summary>
internal readonly partial struct LeakyReluGradOp(double slope) : IBinary, IOp
{
    public static string Name => "leaky_relu_grad";

    public static bool FloatingOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x, Vector<T> dy) where T : unmanaged =>
        Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), dy, dy * Lanes.Constant<T>(slope));

    public Tensor? Left(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => null;

    public Tensor? Right(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => new BinaryOp<LeakyReluGradOp>(this).Run(x, ddx);

    public static OpSpec Spec => OpSpec.Binary(Name, (x, dy) => new BinaryOp<LeakyReluGradOp>(new LeakyReluGradOp(0.2)).Run(x, dy), Domain.Real.Away(0),
        Domain.Real) with { FlatOperands = [0] };
}

internal readonly struct PReluOp : IBinary, IOp
{
    public static string Name => "prelu";

    public static bool FloatingOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x, Vector<T> alpha) where T : unmanaged =>
        Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), x, x * alpha);

    public Tensor? Left(Tensor x, Tensor alpha, Tensor y, Tensor dy) => Tensor.Where(x > 0, dy, dy * alpha);

    public Tensor? Right(Tensor x, Tensor alpha, Tensor y, Tensor dy) => dy * Tensor.Where(x > 0, x.Like(0), x);

    public static OpSpec Spec => OpSpec.Binary(Name, (x, alpha) => x.PRelu(alpha), Domain.Real.Away(0), Domain.Real);
}
