using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>x to the power of a number, by C's rules for zeros, infinities and negative bases. <c>[…] -> […]</c></summary>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Pow(double exponent) =>
        exponent == 2 && DType.IsFloating() ? Square() : new UnaryOp<PowNumberOp>(new PowNumberOp(exponent)).Run(this);

    /// <summary>x to the power of <paramref name="exponent"/>, elementwise with broadcasting. <c>[…a], […b] -> […a∨b]</c></summary>
    /// <remarks>Where the base is 0 the derivative by the exponent is taken as 0.</remarks>
    /// <exception cref="DTypeMismatchException">The operands are not floating-point of one type.</exception>
    public Tensor Pow(Tensor exponent)
    {
        ArgumentNullException.ThrowIfNull(exponent);
        return BinaryOp<PowOp>.Instance.Run(this, exponent);
    }
}

/// <summary>y = x^p for a number p; dx = p·x^(p−1)·dy.</summary>
internal readonly partial struct PowNumberOp(double exponent) : IUnary, IOp
{
    public static string Name => "pow_number";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => VectorMath.Pow(x, Lanes.Constant<T>(exponent));

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => exponent == 0 ? null : dy * x.Pow(exponent - 1) * exponent;

    public static OpSpec Spec => new(Name, "[…] -> […]", d =>
    {
        double p = d.OneOf(3, 0.5, -1, -2, 1.7, 1, 4, -0.3);
        return new OpCase([d.Tensor(d.Shape(0, 4), Domain.Positive)], x => [x[0].Pow(p)], $"exponent {p}");
    })
    { Flops = c => 60 * c.Elements };
}

/// <summary>y = a^b; da = b·a^(b−1)·dy, db = y·log(a)·dy.</summary>
internal readonly struct PowOp : IBinary, IOp
{
    public static string Name => "pow";

    public static Saved Saves => Saved.Both;

    public static bool FloatingOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => VectorMath.Pow(a, b);

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) =>
        dy * Tensor.Where(b.Equal(0), b.Like(0), b * a.Pow(b - 1)); // 0·0⁻¹ would be NaN

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) =>
        dy * Tensor.Where(a.Equal(0), a.Like(0), y * a.Log()); // 0 to a negative power is ∞

    public static OpSpec Spec => OpSpec.Binary(Name, (a, b) => a.Pow(b), Domain.Positive, Domain.Real);
}
