using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The bits that a and b both have, of whole numbers, elementwise with broadcasting. <c>[…a], […b] -> […a∨b]</c></summary>
    /// <remarks>Truth values have <see cref="And(Tensor)"/>.</remarks>
    /// <exception cref="DTypeMismatchException">The operands are not whole numbers of one type.</exception>
    public Tensor BitwiseAnd(Tensor b) => Bitwise<BitwiseAndOp>(b);

    /// <inheritdoc cref="BitwiseAnd(Tensor)"/>
    public Tensor BitwiseAnd(int b) => BitwiseAnd(Like(b));

    /// <summary>The bits that a or b have, of whole numbers, elementwise with broadcasting. <c>[…a], […b] -> […a∨b]</c></summary>
    /// <remarks>Truth values have <see cref="Or(Tensor)"/>.</remarks>
    /// <exception cref="DTypeMismatchException">The operands are not whole numbers of one type.</exception>
    public Tensor BitwiseOr(Tensor b) => Bitwise<BitwiseOrOp>(b);

    /// <inheritdoc cref="BitwiseOr(Tensor)"/>
    public Tensor BitwiseOr(int b) => BitwiseOr(Like(b));

    /// <summary>The bits that one of a and b has, of whole numbers, elementwise with broadcasting. <c>[…a], […b] -> […a∨b]</c></summary>
    /// <remarks>Truth values have <see cref="Xor(Tensor)"/>.</remarks>
    /// <exception cref="DTypeMismatchException">The operands are not whole numbers of one type.</exception>
    public Tensor BitwiseXor(Tensor b) => Bitwise<BitwiseXorOp>(b);

    /// <inheritdoc cref="BitwiseXor(Tensor)"/>
    public Tensor BitwiseXor(int b) => BitwiseXor(Like(b));

    /// <summary>Every bit turned over, of whole numbers: −1 − x where they have a sign. <c>[…] -> […]</c></summary>
    /// <remarks>Truth values have <see cref="Not()"/>.</remarks>
    /// <exception cref="DTypeMismatchException">The tensor does not hold whole numbers.</exception>
    public Tensor BitwiseNot() => UnaryOp<BitwiseNotOp>.Instance.Run(this);

    /// <summary>a·2ᵇ by moving bits, of whole numbers, elementwise with broadcasting; what is moved out is lost. <c>[…a], […b] -> […a∨b]</c></summary>
    /// <param name="places">b; where it is negative or not below the number of bits, nothing is left: 0.</param>
    /// <exception cref="DTypeMismatchException">The operands are not whole numbers of one type.</exception>
    public Tensor LeftShift(Tensor places) => Bitwise<LeftShiftOp>(places);

    /// <inheritdoc cref="LeftShift(Tensor)"/>
    public Tensor LeftShift(int places) => LeftShift(Like(places));

    /// <summary>⌊a/2ᵇ⌋ by moving bits, of whole numbers, elementwise with broadcasting. <c>[…a], […b] -> […a∨b]</c></summary>
    /// <param name="places">b; where it is negative or not below the number of bits, only the sign is left: 0, or −1 of negative numbers.</param>
    /// <exception cref="DTypeMismatchException">The operands are not whole numbers of one type.</exception>
    public Tensor RightShift(Tensor places) => Bitwise<RightShiftOp>(places);

    /// <inheritdoc cref="RightShift(Tensor)"/>
    public Tensor RightShift(int places) => RightShift(Like(places));

    private Tensor Bitwise<TFn>(Tensor b) where TFn : struct, IBinary
    {
        ArgumentNullException.ThrowIfNull(b);
        return BinaryOp<TFn>.Instance.Run(this, b);
    }
}

internal readonly struct BitwiseAndOp : IBinary, IOp
{
    public static string Name => "bitwise_and";

    public static bool WholeOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => a & b;

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => null;

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => null;

    public static OpSpec Spec => OfTwo(Name, (a, b) => a.BitwiseAnd(b));

    /// <summary>Of whole numbers of either sign.</summary>
    internal static OpSpec OfTwo(string name, Func<Tensor, Tensor, Tensor> call) => new(name, "[…a], […b] -> […a∨b]", d =>
    {
        var (a, b) = d.BroadcastShapes();
        return new OpCase([d.Indices(a, 2000) - 1000, d.Indices(b, 40) - 4], x => [call(x[0], x[1])]);
    })
    { Differentiable = false, TwiceDifferentiable = false };
}

internal readonly struct BitwiseOrOp : IBinary, IOp
{
    public static string Name => "bitwise_or";

    public static bool WholeOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => a | b;

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => null;

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => null;

    public static OpSpec Spec => BitwiseAndOp.OfTwo(Name, (a, b) => a.BitwiseOr(b));
}

internal readonly struct BitwiseXorOp : IBinary, IOp
{
    public static string Name => "bitwise_xor";

    public static bool WholeOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => a ^ b;

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => null;

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => null;

    public static OpSpec Spec => BitwiseAndOp.OfTwo(Name, (a, b) => a.BitwiseXor(b));
}

internal readonly struct BitwiseNotOp : IUnary, IOp
{
    public static string Name => "bitwise_not";

    public static bool FloatingOnly => false;

    public static bool WholeOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged => ~x;

    public Tensor? Derivative(Tensor x, Tensor y, Tensor dy) => null;

    public static OpSpec Spec => new(Name, "[…] -> […]", d => new OpCase([d.Indices(d.Shape(0, 4), 2000) - 1000], x => [x[0].BitwiseNot()]))
    {
        Differentiable = false,
        TwiceDifferentiable = false,
    };
}

internal readonly struct LeftShiftOp : IBinary, IOp
{
    public static string Name => "left_shift";

    public static bool WholeOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => Each(a, b, left: true);

    // The processor's counts are taken by the number of bits; vectors have one count for all lanes.
    internal static unsafe Vector<T> Each<T>(Vector<T> a, Vector<T> b, bool left) where T : unmanaged
    {
        T* x = stackalloc T[Vector<T>.Count], places = stackalloc T[Vector<T>.Count];
        a.Store(x);
        b.Store(places);
        for (int i = 0; i < Vector<T>.Count; i++)
        {
            if (typeof(T) == typeof(int)) ((int*)x)[i] = One(((int*)x)[i], ((int*)places)[i], left);
            else if (typeof(T) == typeof(long)) ((long*)x)[i] = One(((long*)x)[i], ((long*)places)[i], left);
            else ((byte*)x)[i] = One(((byte*)x)[i], ((byte*)places)[i], left);
        }
        return Vector.Load(x);
    }

    private static unsafe T One<T>(T x, T places, bool left) where T : unmanaged, IBinaryInteger<T>
    {
        int bits = sizeof(T) * 8;
        bool all = T.IsNegative(places) || places >= T.CreateTruncating(bits);
        if (left) return all ? T.Zero : x << int.CreateTruncating(places);
        return x >> (all ? bits - 1 : int.CreateTruncating(places)) >> (all && !T.IsNegative(x) ? 1 : 0);
    }

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => null;

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => null;

    public static OpSpec Spec => BitwiseAndOp.OfTwo(Name, (a, b) => a.LeftShift(b));
}

internal readonly struct RightShiftOp : IBinary, IOp
{
    public static string Name => "right_shift";

    public static bool WholeOnly => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> a, Vector<T> b) where T : unmanaged => LeftShiftOp.Each(a, b, left: false);

    public Tensor? Left(Tensor a, Tensor b, Tensor y, Tensor dy) => null;

    public Tensor? Right(Tensor a, Tensor b, Tensor y, Tensor dy) => null;

    public static OpSpec Spec => BitwiseAndOp.OfTwo(Name, (a, b) => a.RightShift(b));
}
