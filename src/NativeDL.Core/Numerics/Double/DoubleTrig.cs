using System.Numerics;
using System.Runtime.CompilerServices;
using static NativeDL.Numerics.LaneMath;
using Vd = System.Numerics.Vector<double>;
using Vl = System.Numerics.Vector<long>;

namespace NativeDL.Numerics;

/// <summary>Sine, cosine and tangent for float64. Coefficients: minimax fits (Sollya, fpminimax) in float64.</summary>
internal static class DoubleTrig
{
    private const double TwoOverPi = 0.6366197723675814;

    // π/2 in three float64 parts. x − n·Part1 is exact in a fused multiply-add.
    private const double Part1 = 1.5707963267948966;
    private const double Part2 = 6.123233995736766e-17;
    private const double Part3 = -1.4973849048591698e-33;
    private const double Magic = 6755399441055744;

    /// <summary>Beyond this the reduction needs more of π than three numbers hold.</summary>
    private const double Large = 1073741824;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Sin(Vd x)
    {
        var (quadrant, r, rLow) = Reduce(Vector.Abs(x));
        return Quadrant(quadrant, r, rLow) ^ SignBit(x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Cos(Vd x)
    {
        var (quadrant, r, rLow) = Reduce(Vector.Abs(x));
        return Quadrant(quadrant + Vl.One, r, rLow);
    }

    // sine/cosine, or −cosine/sine in the odd quadrants.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Tan(Vd x)
    {
        var (quadrant, r, rLow) = Reduce(Vector.Abs(x));
        var (sine, cosine) = SinCos(r, rLow);
        var odd = Vector.Equals(quadrant & Vl.One, Vl.One);
        return (Select(odd, -cosine, sine) / Select(odd, sine, cosine)) ^ SignBit(x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd Quadrant(Vl quadrant, Vd r, Vd rLow)
    {
        var (sine, cosine) = SinCos(r, rLow);
        var odd = Vector.Equals(quadrant & Vl.One, Vl.One);
        var sign = (quadrant & Vector.Create(2L)) << 62;
        return Select(odd, cosine, sine) ^ Vector.AsVectorDouble(sign);
    }

    // a = n·π/2 + r + rLow, |r| ≤ π/4, for a ≥ 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vl Quadrant, Vd R, Vd RLow) Reduce(Vd a)
    {
        var shifted = Fma(a, TwoOverPi, C(Magic));
        var n = shifted - C(Magic);
        var quadrant = Vector.AsVectorInt64(shifted);
        var (p, pLow) = TwoProduct(n, C(-Part2));
        var (r, rLow) = TwoSum(Fma(n, -Part1, a), p);
        rLow += Fma(n, -Part3, pLow);
        if (!Vector.LessThanOrEqualAll(a, C(Large)))
        {
            ReduceFar(a, ref quadrant, ref r, ref rLow);
        }

        return (quadrant, r, rLow);
    }

    // Only the far lanes are replaced, so a lane's bits do not depend on its neighbours.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReduceFar(Vd a, ref Vl quadrant, ref Vd r, ref Vd rLow)
    {
        for (int lane = 0; lane < Vd.Count; lane++)
        {
            if (!(a[lane] <= Large))
            {
                var (q, high, low) = PayneHanek.Reduce(a[lane]);
                quadrant = quadrant.WithElement(lane, (long)q);
                r = r.WithElement(lane, high);
                rLow = rLow.WithElement(lane, low);
            }
        }
    }

    /// <summary>Sine and cosine of r + rLow for |r| ≤ π/4, where rLow is a correction below r's last place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vd Sine, Vd Cosine) SinCos(Vd r, Vd rLow)
    {
        var z = r * r;
        var s = C(1.5895964940397525e-10);
        s = Fma(s, z, -2.5050742654629106e-08);
        s = Fma(s, z, 2.755731358412902e-06);
        s = Fma(s, z, -0.00019841269829462844);
        s = Fma(s, z, 0.008333333333321922);
        s = Fma(s, z, -0.1666666666666663);

        var c = C(-1.1358757660658735e-11);
        c = Fma(c, z, 2.087570556336216e-09);
        c = Fma(c, z, -2.755731421825488e-07);
        c = Fma(c, z, 2.4801587289005894e-05);
        c = Fma(c, z, -0.0013888888888873346);
        c = Fma(c, z, 0.041666666666666595);

        // sin(r + l) = sin r + l·cos r and cos(r + l) = cos r − l·sin r, to first order with cos r ≈ 1 − r²/2, sin r ≈ r.
        var half = C(0.5) * z;
        var sine = r + Fma(s, z * r, Fma(-half, rLow, rLow));
        var (one, error) = FastTwoSum(C(1d), -half);
        var cosine = one + (error + Fma(z * z, c, -(r * rLow)));
        return (sine, cosine);
    }
}
