using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// What is left of a divided by b to whole quotients, with the sign of b, elementwise with broadcasting: <c>-1 % 3</c> is 2 for
    /// tensors, as in Python, and not −1 as for C#'s numbers. Whole numbers divided by 0 leave 0. <c>[…a], […b] -> […a∨b]</c>
    /// </summary>
    public static Tensor operator %(Tensor a, Tensor b) => BinaryOp<ModOp>.Instance.Run(a, b);

    /// <summary>What is left of each element divided by <paramref name="divisor"/>, with the divisor's sign: as <c>%</c>. <c>[…a], […b] -> […a∨b]</c></summary>
    public Tensor Mod(Tensor divisor) => this % divisor;

    /// <inheritdoc cref="Mod(Tensor)"/>
    public Tensor Mod(double divisor) => this % divisor;
}

/// <summary>y = a − ⌊a / b⌋·b, exact; da = dy, db = −⌊a / b⌋·dy.</summary>
internal readonly struct ModOp : IBinary, IOp, ILanePair
{
    public static string Name => "mod";

    public static Saved Saves => Saved.Both;

    // The processor's own remainder is exact for any quotient, which no product of a rounded one is, and has no vector form.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => LaneByLane.Apply<ModOp, T>(a, b);

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => dy;

    // The quotient from the remainder: a rounded a / b may lie on the other side of a step.
    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => -dy * ((a - y) / b).Round();

    public static OpSpec Spec => FloorDivideOp.OfQuotients(Name, (a, b) => a % b);

    // A remainder of 0 has the divisor's sign too.
    public static T Floating<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var rest = a % b;
        if (rest == T.Zero) return T.CopySign(T.Zero, b);
        return T.IsNegative(rest) == T.IsNegative(b) ? rest : rest + b;
    }

    // The least number by −1 traps, as does 0.
    public static T Whole<T>(T a, T b) where T : unmanaged, IBinaryInteger<T>, ISignedNumber<T>
    {
        if (b == T.Zero || b == T.NegativeOne) return T.Zero;
        var rest = a % b;
        return rest == T.Zero || T.IsNegative(rest) == T.IsNegative(b) ? rest : rest + b;
    }
}
