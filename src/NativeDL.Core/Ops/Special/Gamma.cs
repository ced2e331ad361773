using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>log|Γ(x)|; +∞ at 0 and the negative whole numbers. <c>[…] -> […]</c></summary>
    /// <remarks>Below 0 it has a zero between any two poles but the first; there the error is small beside 1, not beside the result.</remarks>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Lgamma() => UnaryOp<LgammaOp>.Instance.Run(this);

    /// <summary>ψ(x), the derivative of <see cref="Lgamma()"/>; ∓∞ at ±0 and NaN at the negative whole numbers, as in PyTorch. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Digamma() => UnaryOp<DigammaOp>.Instance.Run(this);

    /// <summary>The n-th derivative of <see cref="Digamma()"/>, ψ⁽ⁿ⁾(x); of order 0 ψ itself. <c>[…] -> […]</c></summary>
    /// <param name="order">How often ψ is differentiated, up to 30.</param>
    /// <remarks>At 0 and the negative whole numbers +∞ for odd orders; for even ones ∓∞ at ±0, NaN below.</remarks>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    /// <exception cref="InvalidInputException">The order is out of range.</exception>
    public Tensor Polygamma(int order)
    {
        if (order is < 0 or > Numerics.Polygamma.MostOrder)
            throw Error.Input("polygamma", "there is no such order", $"{order}", $"0 to {Numerics.Polygamma.MostOrder}");
        return order == 0 ? Digamma() : new UnaryOp<PolygammaOp>(new PolygammaOp(order)).Run(this);
    }
}

internal readonly struct LgammaOp : IUnary, IOp
{
    public static string Name => "lgamma";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Lgamma(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * x.Digamma();

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Lgamma(), Domain.Positive, 150) with { CardUlps = 12, CardCancels = true };
}

internal readonly struct DigammaOp : IUnary, IOp
{
    public static string Name => "digamma";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Digamma(x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * x.Polygamma(1);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Digamma(), new Domain(0.3, 8), 150) with { CardUlps = 12, CardCancels = true };
}

/// <summary>y = ψ⁽ⁿ⁾(x) for n ≥ 1; dx = ψ⁽ⁿ⁺¹⁾(x)·dy.</summary>
internal readonly partial struct PolygammaOp(int order) : IUnary, IOp
{
    public static string Name => "polygamma";

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Polygamma(order, x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * x.Polygamma(order + 1);

    public static OpSpec Spec => new(Name, "[…] -> […]", d =>
    {
        int order = d.OneOf(1, 2, 3);
        return new OpCase([d.Tensor(d.Shape(0, 4), new Domain(0.5, 8))], x => [x[0].Polygamma(order)], $"order {order}");
    })
    { Flops = c => 300 * c.Elements, CardUlps = 16 };
}
