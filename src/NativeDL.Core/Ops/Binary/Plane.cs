using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// The angle of the points (<paramref name="b"/>, this) in radians, from −π to π, elementwise with broadcasting; on the axes by the
    /// signs of zeros, as C has it. <c>[…a], […b] -> […a∨b]</c>
    /// </summary>
    /// <remarks>At the origin, which has no angle, both derivatives are taken as 0.</remarks>
    /// <exception cref="DTypeMismatchException">The operands are not floating-point of one type.</exception>
    public Tensor Atan2(Tensor b)
    {
        ArgumentNullException.ThrowIfNull(b);
        return BinaryOp<Atan2Op>.Instance.Run(this, b);
    }

    /// <inheritdoc cref="Atan2(Tensor)"/>
    public Tensor Atan2(double b) => Atan2(Like(b));

    /// <summary>
    /// √(a² + b²), without overflow on the way, elementwise with broadcasting; ∞ where either is infinite, also beside NaN. <c>[…a], […b] -> […a∨b]</c>
    /// </summary>
    /// <remarks>Where both are 0 both derivatives are taken as 0.</remarks>
    /// <exception cref="DTypeMismatchException">The operands are not floating-point of one type.</exception>
    public Tensor Hypot(Tensor b)
    {
        ArgumentNullException.ThrowIfNull(b);
        return BinaryOp<HypotOp>.Instance.Run(this, b);
    }

    /// <inheritdoc cref="Hypot(Tensor)"/>
    public Tensor Hypot(double b) => Hypot(Like(b));
}

/// <summary>φ = atan2(a, b); with r = √(a² + b²) da = b/r²·dφ, db = −a/r²·dφ.</summary>
internal readonly struct Atan2Op : IBinary, IOp
{
    public static string Name => "atan2";

    public static bool FloatingOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => VectorMath.Atan2(a, b);

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => dy * OverSquare(b, a.Hypot(b));

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => -dy * OverSquare(a, a.Hypot(b));

    // r² could leave the range where the quotient does not.
    private static Tensor OverSquare(Tensor x, Tensor r) => Tensor.DivideNoNan(Tensor.DivideNoNan(x, r), r);

    public static OpSpec Spec => OpSpec.Binary(Name, (a, b) => a.Atan2(b), Domain.Real.Away(0), Domain.Real.Away(0)) with { Float32Error = 32, CardUlps = 6 };
}

/// <summary>r = √(a² + b²); da = a/r·dr, db = b/r·dr.</summary>
internal readonly struct HypotOp : IBinary, IOp
{
    public static string Name => "hypot";

    public static Saved Saves => Saved.Both;

    public static bool FloatingOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => VectorMath.Hypot(a, b);

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => dy * Tensor.DivideNoNan(a, y);

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => dy * Tensor.DivideNoNan(b, y);

    public static OpSpec Spec => OpSpec.Binary(Name, (a, b) => a.Hypot(b), Domain.Real.Away(0), Domain.Real.Away(0)) with { CardUlps = 4 };
}
