using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>log(eᵃ + eᵇ), without overflow, elementwise with broadcasting; of two equal infinities the same. <c>[…a], […b] -> […a∨b]</c></summary>
    /// <remarks>Both derivatives are ½ where a and b are equal, infinite ones too.</remarks>
    /// <exception cref="DTypeMismatchException">The operands are not floating-point of one type.</exception>
    public Tensor LogAddExp(Tensor b)
    {
        ArgumentNullException.ThrowIfNull(b);
        return BinaryOp<LogAddExpOp>.Instance.Run(this, b);
    }

    /// <inheritdoc cref="LogAddExp(Tensor)"/>
    public Tensor LogAddExp(double b) => LogAddExp(Like(b));

    /// <summary>a·log b, elementwise with broadcasting; 0 where a is 0, whatever b is but NaN. <c>[…a], […b] -> […a∨b]</c></summary>
    /// <remarks>Where a is 0 the derivative by b is 0, and that by a is log b, but 0 where b is not positive.</remarks>
    /// <exception cref="DTypeMismatchException">The operands are not floating-point of one type.</exception>
    public Tensor Xlogy(Tensor b)
    {
        ArgumentNullException.ThrowIfNull(b);
        return BinaryOp<XlogyOp>.Instance.Run(this, b);
    }

    /// <inheritdoc cref="Xlogy(Tensor)"/>
    public Tensor Xlogy(double b) => Xlogy(Like(b));
}

/// <summary>y = log(eᵃ + eᵇ); da = σ(a − b)·dy, db = σ(b − a)·dy.</summary>
internal readonly struct LogAddExpOp : IBinary, IOp
{
    public static string Name => "log_add_exp";

    public static bool FloatingOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged
    {
        var most = Vector.ConditionalSelect(Vector.GreaterThan(a, b), a, b);
        var apart = Vector.AndNot(Vector.Abs(a - b), Vector.Equals(a, b));   // ∞ − ∞ is NaN
        return most + VectorMath.Log1p(VectorMath.Exp(-apart));
    }

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => dy * BinaryOp<DifferenceOp>.Instance.Run(a, b).Sigmoid();

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => dy * BinaryOp<DifferenceOp>.Instance.Run(b, a).Sigmoid();

    public static OpSpec Spec => OpSpec.Binary(Name, (a, b) => a.LogAddExp(b), Domain.Real, Domain.Real) with { CardUlps = 6, CardCancels = true };
}

/// <summary>y = a − b, and 0 where both are the same infinity.</summary>
internal readonly struct DifferenceOp : IBinary, IOp
{
    public static string Name => "difference";

    public static Saved Saves => Saved.Nothing;

    public static bool FloatingOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => Vector.AndNot(a - b, Vector.Equals(a, b));

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => dy;

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => -dy;

    public static OpSpec Spec => OpSpec.Binary(Name, (a, b) => BinaryOp<DifferenceOp>.Instance.Run(a, b), Domain.Real, Domain.Real);
}

/// <summary>y = a·log b, 0 where a is 0; da = log(b)·dy, db = a/b·dy.</summary>
internal readonly struct XlogyOp : IBinary, IOp
{
    public static string Name => "xlogy";

    public static bool FloatingOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged =>
        Vector.AndNot(a * VectorMath.Log(b), Vector.Equals(a, Vector<T>.Zero) & Vector.Equals(b, b));

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => dy * Tensor.Where(a.Equal(0) & (b <= 0), b.Like(1), b).Log();

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => dy * Tensor.Where(a.Equal(0), a.Like(0), a / b);

    public static OpSpec Spec => OpSpec.Binary(Name, (a, b) => a.Xlogy(b), Domain.Real, Domain.Positive) with { CardUlps = 6 };
}
