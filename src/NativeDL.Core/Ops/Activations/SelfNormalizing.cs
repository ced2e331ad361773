using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// λ·x above 0, λ·α·(eˣ − 1) below, with λ = 1.0507 and α = 1.6733, for which deep nets keep mean 0 and variance 1 (Klambauer et
    /// al. 2017); the derivative at 0 is λ·α. <c>[…] -> […]</c>
    /// </summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Selu() => UnaryOp<SeluOp>.Instance.Run(this);

    /// <summary>x above 0, α·(e^(x/α) − 1) below, whose derivative is continuous. <c>[…] -> […]</c></summary>
    /// <param name="alpha">The negative of the limit at −∞; positive.</param>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    /// <exception cref="InvalidInputException">α is not positive or not finite.</exception>
    public Tensor Celu(double alpha = 1)
    {
        if (!(alpha > 0 && double.IsFinite(alpha))) throw Error.Input("celu", "alpha must be finite and above 0", $"{alpha}");
        return new UnaryOp<CeluOp>(new CeluOp(alpha)).Run(this);
    }
}

internal readonly struct SeluOp : IUnary, IOp
{
    internal const double Scale = 1.0507009873554805, ScaleAlpha = 1.7580993408473766;

    public static string Name => "selu";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged =>
        Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), x * Lanes.Constant<T>(Scale), VectorMath.Expm1(x) * Lanes.Constant<T>(ScaleAlpha));

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => SeluGradOp.Run(x, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Selu(), Domain.Real.Away(0), 20) with { CardUlps = 4 };
}

/// <summary>dx = λ·dy where x > 0, else λ·α·eˣ·dy.</summary>
internal readonly struct SeluGradOp : IBinary, IOp
{
    public static string Name => "selu_grad";

    public static bool FloatingOnly => true;

    internal static Tensor Run(Tensor x, Tensor dy) => BinaryOp<SeluGradOp>.Instance.Run(x, dy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x, Vector<T> dy) where T : unmanaged
    {
        var below = VectorMath.Exp(x) * Lanes.Constant<T>(SeluOp.ScaleAlpha);
        return dy * Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), Lanes.Constant<T>(SeluOp.Scale), below);
    }

    public Tensor? Left(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => Tensor.Where(x > 0, ddx.Like(0), Run(x, ddx * dy));

    public Tensor? Right(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => Run(x, ddx);

    public static OpSpec Spec => OpSpec.Binary(Name, Run, Domain.Real.Away(0), Domain.Real) with { CardUlps = 6 };
}

internal readonly partial struct CeluOp(double alpha) : IUnary, IOp
{
    public static string Name => "celu";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged
    {
        var a = Lanes.Constant<T>(alpha);
        return Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), x, VectorMath.Expm1(x / a) * a);
    }

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => new BinaryOp<CeluGradOp>(new CeluGradOp(alpha)).Run(x, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Celu(1.5), Domain.Real.Away(0), 20) with { CardUlps = 4 };
}

/// <summary>dx = dy where x > 0, else e^(x/α)·dy.</summary>
internal readonly partial struct CeluGradOp(double alpha) : IBinary, IOp
{
    public static string Name => "celu_grad";

    public static bool FloatingOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x, Vector<T> dy) where T : unmanaged =>
        Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), dy, dy * VectorMath.Exp(x / Lanes.Constant<T>(alpha)));

    public Tensor? Left(Tensor x, Tensor dy, Tensor dx, Tensor ddx) =>
        Tensor.Where(x > 0, ddx.Like(0), new BinaryOp<CeluGradOp>(this).Run(x, ddx * dy) / alpha);

    public Tensor? Right(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => new BinaryOp<CeluGradOp>(this).Run(x, ddx);

    public static OpSpec Spec =>
        OpSpec.Binary(Name, (x, dy) => new BinaryOp<CeluGradOp>(new CeluGradOp(1.5)).Run(x, dy), Domain.Real.Away(0), Domain.Real) with { CardUlps = 6 };
}
