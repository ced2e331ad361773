using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>How a reduction joins two partial results; associative up to rounding, with an identity.</summary>
internal interface IReducer
{
    /// <summary>The partial result of no elements.</summary>
    static abstract T Identity<T>() where T : unmanaged, INumber<T>;

    static abstract Vector<T> Join<T>(Vector<T> a, Vector<T> b) where T : unmanaged;

    static abstract T Join<T>(T a, T b) where T : unmanaged, INumber<T>;
}

/// <summary>a + b.</summary>
internal readonly struct SumReducer : IReducer
{
    public static T Identity<T>() where T : unmanaged, INumber<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Join<T>(Vector<T> a, Vector<T> b) where T : unmanaged => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Join<T>(T a, T b) where T : unmanaged, INumber<T> => a + b;
}

/// <summary>a · b.</summary>
internal readonly struct ProductReducer : IReducer
{
    public static T Identity<T>() where T : unmanaged, INumber<T> => T.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Join<T>(Vector<T> a, Vector<T> b) where T : unmanaged => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Join<T>(T a, T b) where T : unmanaged, INumber<T> => a * b;
}

/// <summary>The greater; NaN beats every number and +0 beats −0.</summary>
internal readonly struct MaxReducer : IReducer
{
    public static T Identity<T>() where T : unmanaged, INumber<T> => T.CreateSaturating(double.NegativeInfinity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Join<T>(Vector<T> a, Vector<T> b) where T : unmanaged => Vector.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Join<T>(T a, T b) where T : unmanaged, INumber<T> => T.Max(a, b);
}

/// <summary>The smaller; NaN beats every number and −0 beats +0.</summary>
internal readonly struct MinReducer : IReducer
{
    public static T Identity<T>() where T : unmanaged, INumber<T> => T.CreateSaturating(double.PositiveInfinity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Join<T>(Vector<T> a, Vector<T> b) where T : unmanaged => Vector.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Join<T>(T a, T b) where T : unmanaged, INumber<T> => T.Min(a, b);
}

/// <summary>What becomes of each element before it is joined, given its group's shift.</summary>
internal interface IReductionMap
{
    /// <summary>Whether <see cref="Apply"/> changes anything.</summary>
    static virtual bool IsIdentity => false;

    /// <summary>Whether <see cref="Apply"/> is so long that it should stand only once in a loop.</summary>
    static virtual bool IsLong => false;

    static abstract Vector<T> Apply<T>(Vector<T> x, Vector<T> shift) where T : unmanaged;
}

/// <summary>x.</summary>
internal readonly struct AsItIs : IReductionMap
{
    public static bool IsIdentity => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Apply<T>(Vector<T> x, Vector<T> shift) where T : unmanaged => x;
}

/// <summary>x − shift.</summary>
internal readonly struct Difference : IReductionMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Apply<T>(Vector<T> x, Vector<T> shift) where T : unmanaged => x - shift;
}

/// <summary>(x − shift)².</summary>
internal readonly struct SquaredDifference : IReductionMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Apply<T>(Vector<T> x, Vector<T> shift) where T : unmanaged
    {
        var d = x - shift;
        return d * d;
    }
}

/// <summary>e^(x − shift) where x is less than the shift, else 0.</summary>
internal readonly struct ShiftedExpOfOthers : IReductionMap
{
    public static bool IsLong => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Apply<T>(Vector<T> x, Vector<T> shift) where T : unmanaged =>
        Vector.ConditionalSelect(Vector.LessThan(x, shift), ShiftedExponential.Exp(x - shift), Vector<T>.Zero);
}

/// <summary>e^(x − shift), where the shift is the greatest x.</summary>
internal readonly struct ShiftedExp : IReductionMap
{
    public static bool IsLong => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Apply<T>(Vector<T> x, Vector<T> shift) where T : unmanaged => ShiftedExponential.Exp(x - shift);
}
