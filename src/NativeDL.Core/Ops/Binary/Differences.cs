using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>(a − b)², elementwise with broadcasting. <c>[…a], […b] -> […a∨b]</c></summary>
    public Tensor SquaredDifference(Tensor b)
    {
        ArgumentNullException.ThrowIfNull(b);
        return BinaryOp<SquaredDifferenceOp>.Instance.Run(this, b);
    }

    /// <inheritdoc cref="SquaredDifference(Tensor)"/>
    public Tensor SquaredDifference(double b) => SquaredDifference(Like(b));

    /// <summary>|a| with the sign of b, that of −0 and of NaN too, elementwise with broadcasting. <c>[…a], […b] -> […a∨b]</c></summary>
    /// <remarks>Where a is 0 its derivative is 0; that of b is 0 everywhere.</remarks>
    /// <exception cref="DTypeMismatchException">The operands are not floating-point of one type.</exception>
    public Tensor CopySign(Tensor b)
    {
        ArgumentNullException.ThrowIfNull(b);
        return BinaryOp<CopySignOp>.Instance.Run(this, b);
    }

    /// <inheritdoc cref="CopySign(Tensor)"/>
    public Tensor CopySign(double b) => CopySign(Like(b));
}

/// <summary>y = (a − b)²; da = 2(a − b)·dy, db = −da.</summary>
internal readonly struct SquaredDifferenceOp : IBinary, IOp
{
    public static string Name => "squared_difference";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => (a - b) * (a - b);

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => dy * (a - b) * 2;

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => dy * (b - a) * 2;

    public static OpSpec Spec => OpSpec.Binary(Name, (a, b) => a.SquaredDifference(b), Domain.Real, Domain.Real);
}

/// <summary>y = |a| with the sign of b; da = dy where a and b have one sign, else −dy.</summary>
internal readonly struct CopySignOp : IBinary, IOp
{
    public static string Name => "copy_sign";

    public static Saved Saves => Saved.Both;

    public static bool FloatingOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => typeof(T) == typeof(float)
        ? Vector.As<float, T>(Vector.CopySign(Vector.As<T, float>(a), Vector.As<T, float>(b)))
        : Vector.As<double, T>(Vector.CopySign(Vector.As<T, double>(a), Vector.As<T, double>(b)));

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => dy * (a.Sign() * y.Sign());

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => null;

    public static OpSpec Spec => OpSpec.Binary(Name, (a, b) => a.CopySign(b), Domain.Real.Away(0), Domain.Real.Away(0)) with { FlatOperands = [1] };
}
