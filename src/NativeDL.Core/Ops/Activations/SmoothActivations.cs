using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>log σ(x) = −log(1 + e⁻ˣ), without overflow at any x. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor LogSigmoid() => UnaryOp<LogSigmoidOp>.Instance.Run(this);

    /// <summary>x/(1 + |x|), ±1 at ±∞. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Softsign() => UnaryOp<SoftsignOp>.Instance.Run(this);

    /// <summary>x·tanh(log(1 + eˣ)), with small relative error in the tail too. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Mish() => UnaryOp<MishOp>.Instance.Run(this);

    /// <summary>(x + √(x² + b))/2, a smooth ReLU without exponentials; neither cancels below 0 nor overflows. <c>[…] -> […]</c></summary>
    /// <param name="b">How round the corner is; positive.</param>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    /// <exception cref="InvalidInputException">b is not positive or not finite.</exception>
    public Tensor Squareplus(double b = 4)
    {
        if (!(b > 0 && double.IsFinite(b))) throw Error.Input("squareplus", "b must be finite and above 0", $"{b}");
        return new UnaryOp<SquareplusOp>(new SquareplusOp(b)).Run(this);
    }

    /// <summary>0 up to −1, (x + 1)²/4 up to 1, x from there on. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor SparsePlus() => UnaryOp<SparsePlusOp>.Instance.Run(this);

    /// <summary>0 below 0, 1 above, NaN for NaN: Heaviside's step. Its derivative is 0. <c>[…] -> […]</c></summary>
    /// <param name="atZero">The value at 0: 1 by default; ½ and 0 are usual too.</param>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Step(double atZero = 1) => new UnaryOp<StepOp>(new StepOp(atZero)).Run(this);

    /// <summary>The Gaussian radial basis function e^(−γ·x²) of a distance: 1 at 0, falling on both sides. <c>[…] -> […]</c></summary>
    /// <param name="gamma">How fast it falls; not negative.</param>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    /// <exception cref="InvalidInputException">γ is negative or not finite.</exception>
    public Tensor RadialBasis(double gamma = 1)
    {
        if (!(gamma >= 0 && double.IsFinite(gamma))) throw Error.Input("radial_basis", "gamma must be finite and not negative", $"{gamma}");
        return (Square() * -gamma).Exp();
    }
}

internal readonly struct LogSigmoidOp : IUnary, IOp
{
    public static string Name => "log_sigmoid";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => -VectorMath.Softplus(-x);

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => SoftplusGradOp.Run(-x, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.LogSigmoid(), Domain.Real, 40) with { CardUlps = 6 };
}

internal readonly struct SoftsignOp : IUnary, IOp
{
    public static string Name => "softsign";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged
    {
        var a = Vector.Abs(x);
        var y = Vector.ConditionalSelect(Vector.Equals(a, Lanes.Constant<T>(double.PositiveInfinity)), Vector<T>.One, a / (a + Vector<T>.One));
        return Vector.CopySign(y, x);
    }

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * (x.Abs() + 1).Reciprocal().Square();

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Softsign(), Domain.Real.Away(0), 3);
}

internal readonly struct MishOp : IUnary, IOp
{
    public static string Name => "mish";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged
    {
        var (numerator, rest) = Weight(x, VectorMath.Exp(-Vector.Abs(x)));
        return Lanes.AtLeast(x, -SiluOp.LastWeight) * (numerator / (numerator + rest));
    }

    // tanh(log(1 + eˣ)) = n/(n + 2) with n = eˣ·(eˣ + 2); above 0 both times e⁻²ˣ, so that nothing overflows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector<T> Numerator, Vector<T> Beside) Weight<T>(Vector<T> x, Vector<T> e) where T : unmanaged
    {
        var above = Vector.GreaterThanOrEqual(x, Vector<T>.Zero);
        Vector<T> one = Vector<T>.One, two = one + one;
        return (Vector.ConditionalSelect(above, one + two * e, e * (e + two)), Vector.ConditionalSelect(above, two * e * e, two));
    }

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => MishGradOp.Run(x, dy);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Mish(), Domain.Real, 30) with { CardUlps = 8 };
}

/// <summary>dx = dy·(w + x·w′) with w = tanh(log(1 + eˣ)) = n/(n + 2) and w′ = 4·eˣ·(eˣ + 1)/(n + 2)².</summary>
internal readonly struct MishGradOp : IBinary, IOp
{
    public static string Name => "mish_grad";

    public static bool FloatingOnly => true;

    internal static Tensor Run(Tensor x, Tensor dy) => BinaryOp<MishGradOp>.Instance.Run(x, dy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x, Vector<T> dy) where T : unmanaged
    {
        Vector<T> e = VectorMath.Exp(-Vector.Abs(x)), one = Vector<T>.One, four = Lanes.Constant<T>(4);
        var (numerator, rest) = MishOp.Weight(x, e);
        var all = numerator + rest;
        // Above 0 times e⁻⁴ˣ: 4·e⁻²ˣ·(1 + e⁻ˣ).
        var slope = four * e * Vector.ConditionalSelect(Vector.GreaterThanOrEqual(x, Vector<T>.Zero), e * (one + e), e + one) / (all * all);
        return dy * (numerator / all + Lanes.Within(x, SiluOp.LastWeight) * slope);
    }

    // With s = σ(x), and w′ = s/cosh² log(1 + eˣ): 2w′ + x·w″ = w′·(2 + x·(1 − s − 2·w·s)).
    public Tensor? Left(Tensor x, Tensor dy, Tensor dx, Tensor ddx)
    {
        Tensor s = x.Sigmoid(), u = x.Softplus();
        return ddx * dy * s * u.Cosh().Square().Reciprocal() * (2 + x * ((-x).Sigmoid() - u.Tanh() * s * 2));
    }

    public Tensor? Right(Tensor x, Tensor dy, Tensor dx, Tensor ddx) => Run(x, ddx);

    public static OpSpec Spec => OpSpec.Binary(Name, Run, Domain.Real, Domain.Real) with { CardUlps = 12, CardCancels = true };
}

internal readonly partial struct SquareplusOp(double b) : IUnary, IOp
{
    public static string Name => "squareplus";

    public static Saved Saves => Saved.Output;

    // With r = (|x| + √(x² + b))/2 it is r above 0 and b/4r below; x² may leave the range, where b makes no difference.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged
    {
        Vector<T> a = Vector.Abs(x), half = Lanes.Constant<T>(0.5), root = VectorMath.Sqrt(a * a + Lanes.Constant<T>(b));
        root = Vector.ConditionalSelect(Vector.Equals(root, Lanes.Constant<T>(double.PositiveInfinity)), a, root);
        var r = a * half + root * half;
        return Vector.ConditionalSelect(Vector.GreaterThanOrEqual(x, Vector<T>.Zero), r, Lanes.Constant<T>(b / 4) / r);
    }

    // dx = dy·y/√(x² + b), and √(x² + b) = y + b/4y.
    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy / (y.Square().Reciprocal() * (b / 4) + 1);

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Squareplus(), Domain.Real, 6);
}

internal readonly struct SparsePlusOp : IUnary, IOp
{
    public static string Name => "sparse_plus";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged
    {
        Vector<T> one = Vector<T>.One, half = (x + one) * Lanes.Constant<T>(0.5);
        return Vector.AndNot(Vector.ConditionalSelect(Vector.GreaterThanOrEqual(x, one), x, half * half), Vector.LessThanOrEqual(x, -one));
    }

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => dy * x.SparseSigmoid();

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.SparsePlus(), Domain.Real.Away(-1, 1), 3);
}

internal readonly partial struct StepOp(double atZero) : IUnary, IOp
{
    public static string Name => "step";

    public static Saved Saves => Saved.Nothing;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged
    {
        var y = Vector.AndNot(Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), Vector<T>.One, x), Vector.LessThan(x, Vector<T>.Zero));
        return Vector.ConditionalSelect(Vector.Equals(x, Vector<T>.Zero), Lanes.Constant<T>(atZero), y);
    }

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => null;

    public static OpSpec Spec => OpSpec.Unary(Name, x => x.Step(), Domain.Real.Away(0)) with { FlatOperands = [0] };
}
