using System.Numerics;
using System.Runtime.CompilerServices;
using static NativeDL.Numerics.LaneMath;
using Vd = System.Numerics.Vector<double>;
using Vl = System.Numerics.Vector<long>;

namespace NativeDL.Numerics;

/// <summary>The cube root for float64. Coefficients: a Chebyshev fit.</summary>
internal static class DoubleRoot
{
    // Adding 1.5·2⁵² rounds to an integer, which then stands in the low bits of the sum.
    private const double Magic = 6755399441055744;
    private const long MagicBits = 0x4338000000000000;

    // |x| = 2^3k·z with z in [0.35, 2.83]: a polynomial to 1e-5, a step of Halley's to 1e-15, and one of Newton's
    // whose remainder t³ − z is exact. Half an ULP, but for what the last sum rounds.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Cbrt(Vd x)
    {
        var a = Vector.Abs(x);
        var (n, m) = DoubleLog.SplitAny(a);
        var shifted = Fma(n, 1d / 3, C(Magic));
        var rest = Fma(shifted - C(Magic), -3d, n);
        Vl above = Vector.GreaterThan(rest, Vd.Zero), below = Vector.LessThan(rest, Vd.Zero);
        var z = m * Select(above, C(2d), Select(below, C(0.5), Vd.One));

        var p = C(-0.036000192083302471);
        p = Fma(p, m, 0.20934605121151132);
        p = Fma(p, m, -0.52376669398768671);
        p = Fma(p, m, 0.89673921498302089);
        p = Fma(p, m, 0.45368850939437954);
        var t = p * Select(above, C(1.2599210498948732), Select(below, C(0.7937005259840998), Vd.One));

        var cube = t * t * t;
        t -= t * (cube - z) / (cube + cube + z);

        var (square, squareLow) = TwoProduct(t, t);
        var (product, low) = TwoProduct(square, t);
        t -= ((product - z) + Fma(squareLow, t, low)) / (C(3d) * square);

        var k = Vector.AsVectorInt64(shifted) - Vector.Create(MagicBits);
        var y = t * Vector.AsVectorDouble((k + Vector.Create(1023L)) << 52);

        // ±0, ±∞ and NaN are their own roots.
        var ordinary = Vector.GreaterThan(a, Vd.Zero) & Vector.LessThan(a, C(double.PositiveInfinity));
        return Select(ordinary, y | SignBit(x), x);
    }
}
