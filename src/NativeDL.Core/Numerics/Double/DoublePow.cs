using System.Numerics;
using System.Runtime.CompilerServices;
using static NativeDL.Numerics.LaneMath;
using Vd = System.Numerics.Vector<double>;
using Vl = System.Numerics.Vector<long>;

namespace NativeDL.Numerics;

/// <summary>Powers, x^y = e^(y·log|x|) with the sign rules of IEEE 754 (C's pow).</summary>
internal static class DoublePow
{
    /// <summary>For float64 operands: the logarithm and the product are carried in two numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Pow(Vd x, Vd y)
    {
        var a = Vector.Abs(x);
        var (high, low) = DoubleLog.LogPair(a);
        high = Select(Vector.Equals(a, Vd.Zero), C(double.NegativeInfinity), high);
        high = Select(Vector.LessThan(a, C(double.PositiveInfinity)), high, a);
        var (product, error) = TwoProduct(y, high);

        // Where an operand is 0 or infinite, or the result far out of range, the correction is rubbish.
        var plain = Vector.LessThan(Vector.Abs(product), C(800d));
        return Special(x, y, a, DoubleExp.ExpTimes(product, Select(plain, Fma(y, low, error), Vd.Zero), Vd.One));
    }

    /// <summary>For operands that were float32 and a result that will be: float64 has bits to spare.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd PowForSingle(Vd x, Vd y)
    {
        var a = Vector.Abs(x);
        return Special(x, y, a, DoubleExp.Exp(y * DoubleLog.Log(a)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd Special(Vd x, Vd y, Vd a, Vd power)
    {
        // Negative base: NaN unless y is whole (or the base is −∞ or −0), negated where y is odd.
        var whole = Vector.Equals(Vector.Floor(y), y);
        var halfY = y * C(0.5);
        var odd = whole & ~Vector.Equals(Vector.Floor(halfY), halfY);
        var negative = Vector.LessThan(x, Vd.Zero) & Vector.LessThan(a, C(double.PositiveInfinity));
        power = Select(negative & ~whole, C(double.NaN), power);
        power ^= Vector.AsVectorDouble(odd) & SignBit(x);

        // 1 to any power, anything to the power 0, and −1 to ±∞ are 1, also where the other operand is NaN.
        var one = Vector.Equals(x, Vd.One) | Vector.Equals(y, Vd.Zero)
            | (Vector.Equals(a, Vd.One) & Vector.Equals(Vector.Abs(y), C(double.PositiveInfinity)));
        return Select(one, Vd.One, power);
    }
}
