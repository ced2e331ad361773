using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>sin πx / πx, 1 at 0, as NumPy and PyTorch have it. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Sinc() => UnaryOp<SincOp>.Instance.Run(this);
}

internal readonly struct SincOp : IUnary, IOp
{
    public static string Name => "sinc";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Sinc(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * UnaryOp<SincSlopeOp>.Instance.Run(x);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Sinc(), Domain.Real, 40) with { CardUlps = 6, CardCancels = true };
}

/// <summary>The derivative of sinc, (cos πx − sinc x)/x, 0 at 0.</summary>
internal readonly struct SincSlopeOp : IUnary, IOp
{
    public static string Name => "sinc_slope";

    public static Saved Saves => Saved.Both;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.SincSlope(x);

    // sinc″ = −π²·sinc − 2·sinc′/x, which is −π²/3 at 0.
    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy)
    {
        var zero = x.Equal(0);
        var ratio = Tensor.Where(zero, x.Like(-Math.PI * Math.PI / 3), y / Tensor.Where(zero, x.Like(1), x));
        return dy * (x.Sinc() * (-Math.PI * Math.PI) - ratio * 2);
    }

    public static OpSpec Spec =>
        OpSpec.Unary(Name, x => UnaryOp<SincSlopeOp>.Instance.Run(x), Domain.Real.Away(0), 45) with { CardUlps = 16, CardCancels = true };
}
