using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// The largest whole number not above a/b, elementwise with broadcasting, for which a = b·⌊a/b⌋ + a % b as in Python. By 0 whole
    /// numbers give 0, others a/b. Its derivatives are 0. <c>[…a], […b] -> […a∨b]</c>
    /// </summary>
    public Tensor FloorDivide(Tensor divisor)
    {
        ArgumentNullException.ThrowIfNull(divisor);
        return BinaryOp<FloorDivideOp>.Instance.Run(this, divisor);
    }

    /// <inheritdoc cref="FloorDivide(Tensor)"/>
    public Tensor FloorDivide(double divisor) => FloorDivide(Like(divisor));

    /// <summary>
    /// What is left of a divided by b to whole quotients cut off towards 0, with the sign of a, as C's fmod and the <c>%</c> of C#'s
    /// numbers; by 0 whole numbers leave 0. The one with the sign of b is <see cref="Mod(Tensor)"/>. <c>[…a], […b] -> […a∨b]</c>
    /// </summary>
    public Tensor Fmod(Tensor divisor)
    {
        ArgumentNullException.ThrowIfNull(divisor);
        return BinaryOp<FmodOp>.Instance.Run(this, divisor);
    }

    /// <inheritdoc cref="Fmod(Tensor)"/>
    public Tensor Fmod(double divisor) => Fmod(Like(divisor));
}

/// <summary>y = ⌊a/b⌋, exact where a/b is not too large to tell.</summary>
internal readonly struct FloorDivideOp : IBinary, IOp, ILanePair
{
    public static string Name => "floor_divide";

    public static Saved Saves => Saved.Nothing;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => LaneByLane.Apply<FloorDivideOp, T>(a, b);

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => null;

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => null;

    public static OpSpec Spec => OfQuotients(Name, (a, b) => a.FloorDivide(b)) with { FlatOperands = [0, 1] };

    /// <summary>Quotients that are nowhere near a whole number.</summary>
    internal static OpSpec OfQuotients(string name, Func<Tensor, Tensor, Tensor> call) => new(name, "[…a], […b] -> […a∨b]", d =>
    {
        var (whole, part) = d.BroadcastShapes();
        var b = d.Tensor(part, Domain.Real.Away(0));
        return new OpCase([(d.Tensor(whole, Domain.Real.Away(-3, -2, -1, 0, 1, 2, 3)) * b).Contiguous(), b], x => [call(x[0], x[1])]);
    })
    { ReductionLength = c => c.Elements, Float32Error = 32, Bytes = c => 4.0 * (2 * c.Elements + c.Inputs[1].ElementCount) };

    // From the exact remainder, since a rounded a/b may lie on the other side of a step; after that a whole number but for rounding.
    public static T Floating<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (b == T.Zero) return a / b;
        var rest = a % b;
        var quotient = (a - rest) / b;
        if (rest != T.Zero && T.IsNegative(rest) != T.IsNegative(b)) quotient -= T.One;
        return quotient == T.Zero ? T.CopySign(T.Zero, a / b) : T.Round(quotient);
    }

    // The least number by −1 wraps.
    public static T Whole<T>(T a, T b) where T : unmanaged, IBinaryInteger<T>, ISignedNumber<T>
    {
        if (b == T.Zero) return T.Zero;
        if (b == T.NegativeOne) return -a;
        var quotient = a / b;
        return quotient * b != a && T.IsNegative(a) != T.IsNegative(b) ? quotient - T.One : quotient;
    }
}

/// <summary>y = a − trunc(a / b)·b, exact; da = dy, db = −trunc(a / b)·dy.</summary>
internal readonly struct FmodOp : IBinary, IOp, ILanePair
{
    public static string Name => "fmod";

    public static Saved Saves => Saved.Both;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => LaneByLane.Apply<FmodOp, T>(a, b);

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => dy;

    // The quotient from the remainder: a rounded a / b may lie on the other side of a step.
    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => -dy * ((a - y) / b).Round();

    public static OpSpec Spec => FloorDivideOp.OfQuotients(Name, (a, b) => a.Fmod(b));

    public static T Floating<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T> => a % b;

    // The least number by −1 traps, as does 0.
    public static T Whole<T>(T a, T b) where T : unmanaged, IBinaryInteger<T>, ISignedNumber<T> =>
        b == T.Zero || b == T.NegativeOne ? T.Zero : a % b;
}
