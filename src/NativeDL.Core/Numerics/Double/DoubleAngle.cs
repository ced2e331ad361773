using System.Numerics;
using System.Runtime.CompilerServices;
using static NativeDL.Numerics.LaneMath;
using Vd = System.Numerics.Vector<double>;
using Vl = System.Numerics.Vector<long>;

namespace NativeDL.Numerics;

/// <summary>Angle and length of a point for float64.</summary>
internal static class DoubleAngle
{
    private const double HalfPi = 1.5707963267948966, HalfPiLow = 6.123233995736766e-17;

    // As atan of |y|/|x|, divided only once: the quotient of what its three ranges reduce to. Left of the axis π minus that.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Atan2(Vd y, Vd x)
    {
        Vd a = Vector.Abs(y), b = Vector.Abs(x);
        var infinite = Vector.Equals(a, C(double.PositiveInfinity)) & Vector.Equals(b, C(double.PositiveInfinity));
        var big = Vector.GreaterThan(a, C(1e300)) | Vector.GreaterThan(b, C(1e300));
        var scale = Select(big, C(0.25), Vd.One);
        a = Select(infinite, Vd.One, a * scale);
        b = Select(infinite, Vd.One, b * scale);

        var middle = Vector.GreaterThan(a, b * C(0.41421356237309503));
        var far = Vector.GreaterThan(a, b * C(2.414213562373095));
        var numerator = Select(far, -b, Select(middle, a - b, a));
        var denominator = Select(far, a, Select(middle, a + b, b));
        var t = numerator / denominator;
        t = Select(Vector.Equals(a, Vd.Zero) & Vector.Equals(b, Vd.Zero), Vd.Zero, t);
        var z = t * t;

        // Quarters of π to add: 0, 1 or 2, and left of the axis 4, 3 or 2.
        var left = Vector.LessThan(Vector.AsVectorInt64(x), Vl.Zero);
        var quarters = Select(far, Vd.One, Select(middle, C(0.5), Vd.Zero));
        quarters = Select(left, C(2d) - quarters, quarters);
        var turned = t ^ (Vector.AsVectorDouble(left) & C(-0d));
        var high = quarters * C(HalfPi);
        var low = Fma(quarters, HalfPi, -high) + (quarters * C(HalfPiLow));
        return (high + (turned + Fma(DoubleInverse.AtanTail(z), z * turned, low))) | SignBit(y);
    }

    // √(a² + b²) of operands scaled into the middle of the range, corrected by what the squares and the root lost
    // (after Borges 2019). ∞ where either is infinite, also beside NaN, as C has it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Hypot(Vd x, Vd y)
    {
        Vd u = Vector.Abs(x), v = Vector.Abs(y);
        var swapped = Vector.LessThan(u, v);
        Vd a = Select(swapped, v, u), b = Select(swapped, u, v);
        Vl big = Vector.GreaterThan(a, C(1e150)), small = Vector.LessThan(a, C(1e-140));
        var scale = Select(big, C(3.855871784164615e-180), Select(small, C(2.5934472305506206e+179), Vd.One));
        var back = Select(big, C(2.5934472305506206e+179), Select(small, C(3.855871784164615e-180), Vd.One));
        a *= scale;
        b *= scale;

        var h = Vector.SquareRoot(Fma(a, a, b * b));
        Vd square = h * h, aa = a * a;
        var error = Fma(-b, b, square - aa) + Fma(h, h, -square) - Fma(a, a, -aa);
        var corrected = (h - (error / (h + h))) * back;

        var limit = Select(Vector.Equals(u, C(double.PositiveInfinity)) | Vector.Equals(v, C(double.PositiveInfinity)), C(double.PositiveInfinity), u + v);
        var ordinary = Vector.GreaterThan(h, Vd.Zero) & Vector.LessThan(h, C(double.PositiveInfinity));
        return Select(ordinary, corrected, limit);
    }
}
