using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>x above 0, α·(eˣ − 1) below; the derivative at 0 is α. <c>[…] -> […]</c></summary>
    /// <param name="alpha">The negative of the limit at −∞; not negative.</param>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    /// <exception cref="InvalidInputException">α is negative or not finite.</exception>
    public Tensor Elu(double alpha = 1)
    {
        if (!(alpha >= 0 && double.IsFinite(alpha))) throw Error.Input("elu", "alpha must be finite and not negative", $"{alpha}");
        return new UnaryOp<EluOp>(new EluOp(alpha)).Run(this);
    }
}

internal readonly partial struct EluOp(double alpha) : IUnary, IOp
{
    public static string Name => "elu";


    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged =>
        Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), x, VectorMath.Expm1(x) * Lanes.Constant<T>(alpha));

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => new BinaryOp<EluGradOp>(new EluGradOp(alpha)).Run(x, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Elu(1.5), Domain.Real.Away(0), 20);
}

/// <summary>dx = dy where x > 0, else dy·α·eˣ; from y it would be y + α, which has no digits left where y is near −α.</summary>
internal readonly partial struct EluGradOp(double alpha) : IBinary, IOp
{
    public static string Name => "elu_grad";

    public static bool FloatingOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x, Vector<T> dy) where T : unmanaged =>
        Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), dy, dy * (VectorMath.Exp(x) * Lanes.Constant<T>(alpha)));

    public Tensor? Left(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => Tensor.Where(x > 0, ddx.Like(0), new BinaryOp<EluGradOp>(this).Run(x, ddx * dy));

    public Tensor? Right(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => new BinaryOp<EluGradOp>(this).Run(x, ddx);

    // On a card within the bound of the exponential function that it calls.
    public static OpSpec Spec =>
        OpSpec.Binary(Name, (x, dy) => new BinaryOp<EluGradOp>(new EluGradOp(1.5)).Run(x, dy), Domain.Real.Away(0), Domain.Real) with { CardUlps = 4 };
}
