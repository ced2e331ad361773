using System.Numerics;
using System.Runtime.CompilerServices;
using static NativeDL.Numerics.LaneMath;
using Vd = System.Numerics.Vector<double>;
using Vl = System.Numerics.Vector<long>;

namespace NativeDL.Numerics;

/// <summary>Sine and cosine of πx for float64: where x is taken from the nearest whole number nothing is lost, however large it is.</summary>
internal static class DoubleHalfTurns
{
    private const double Pi = 3.141592653589793, PiLow = 1.2246467991473532e-16;

    /// <summary>sin πr and cos πr for |r| ≤ ½.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vd Sine, Vd Cosine) Nearest(Vd r)
    {
        var a = Vector.Abs(r);
        var small = Vector.LessThanOrEqual(a, C(0.25));
        var u = Select(small, a, C(0.5) - a);
        var (angle, low) = TwoProduct(u, C(Pi));
        var (sine, cosine) = DoubleTrig.SinCos(angle, Fma(u, PiLow, low));
        return (Select(small, sine, cosine) | SignBit(r), Select(small, cosine, sine));
    }

    // sin πx / πx, 1 at 0. πr is carried in two numbers inside, so that the quotient is right near the zeros too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Sinc(Vd x)
    {
        var a = Vector.Abs(x);
        var whole = Vector.Round(a);
        var (sine, _) = Nearest(a - whole);
        var half = whole * C(0.5);
        var odd = ~Vector.Equals(Vector.Floor(half), half);
        var y = (sine ^ (Vector.AsVectorDouble(odd) & C(-0d))) / (a * C(Pi));
        return Select(Vector.LessThan(a, C(1e-9)), Vd.One, y);
    }

    // The derivative of sinc, (cos πx − sinc x)/x; near 0, where that cancels, by its series, whose k-th term is (−π²)^k·2k/(2k + 1)!·x^(2k − 1).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd SincSlope(Vd x)
    {
        var a = Vector.Abs(x);
        var whole = Vector.Round(a);
        var (sine, cosine) = Nearest(a - whole);
        var half = whole * C(0.5);
        var sign = Vector.AsVectorDouble(~Vector.Equals(Vector.Floor(half), half)) & C(-0d);
        var far = ((cosine ^ sign) - ((sine ^ sign) / (a * C(Pi)))) / a;

        var z = a * a;
        var p = C(3.4330769499642866e-09);
        p = Fma(p, z, -1.3148481279991994e-07);
        p = Fma(p, z, 4.049947846619244e-06);
        p = Fma(p, z, -9.766223126318933e-05);
        p = Fma(p, z, 0.001781145516372852);
        p = Fma(p, z, -0.023460810354558236);
        p = Fma(p, z, 0.2091827825412384);
        p = Fma(p, z, -1.1445109447325053);
        p = Fma(p, z, 3.2469697011334144);
        p = Fma(p, z, -3.289868133696453);

        var y = Select(Vector.LessThan(a, C(0.4)), a * p, far);
        return y ^ SignBit(x);
    }
}
