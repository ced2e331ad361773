using System.Numerics;
using System.Runtime.CompilerServices;
using static NativeDL.Numerics.LaneMath;
using Vd = System.Numerics.Vector<double>;
using Vl = System.Numerics.Vector<long>;

namespace NativeDL.Numerics;

/// <summary>
/// Logarithms for float64. With f = m − 1 and s = f/(2 + f): log m = 2s + s³·P(s²).
/// Coefficients: minimax fits (Sollya, fpminimax) in float64.
/// </summary>
internal static class DoubleLog
{
    private const double Ln2Hi = 0.6931471805599453;
    private const double Ln2Lo = 2.3190468138462996e-17;

    // √½: mantissas are taken from [√½, √2), so that log near 1 has exponent 0 and no cancellation.
    private const long RootHalfBits = 0x3FE6A09E667F3BCD;

    // x = 2^n·m. The exponent is shifted as an unsigned number and converted through the mantissa of 2⁵².
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vd N, Vd M) Split(Vd x)
    {
        var bits = Vector.AsVectorInt64(x) - Vector.Create(RootHalfBits);
        var biased = (bits + Vector.Create(2048L << 52)) >>> 52;
        var n = Vector.AsVectorDouble(biased | Vector.Create(0x4330000000000000)) - C(4503599627370496d + 2048d);
        var m = Vector.AsVectorDouble((bits & Vector.Create(0x000FFFFFFFFFFFFF)) + Vector.Create(RootHalfBits));
        return (n, m);
    }

    /// <summary>x = 2^n·m with m in [√½, √2), for finite x > 0; denormals are scaled by 2^54 into the normal range first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vd N, Vd M) SplitAny(Vd x)
    {
        var denormal = Vector.LessThan(x, C(2.2250738585072014e-308));
        var (n, m) = Split(Select(denormal, x * C(18014398509481984d), x));
        return (n - Select(denormal, C(54d), Vd.Zero), m);
    }

    // n·ln2 + log(1 + f); relative error of the fit 2^-59.5.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd Combine(Vd n, Vd f)
    {
        var s = f / (C(2d) + f);
        var z = s * s;
        var p = C(0.1479583781413039);
        p = Fma(p, z, 0.15314068591612606);
        p = Fma(p, z, 0.18183563321500368);
        p = Fma(p, z, 0.22222198599137766);
        p = Fma(p, z, 0.2857142874205726);
        p = Fma(p, z, 0.39999999999416613);
        p = Fma(p, z, 0.6666666666666734);
        p *= z;

        // 2s = f − s·f, and s·f = f²/2 − s·f²/2: the large part of the logarithm stays the exact f.
        var half = C(0.5) * f * f;
        var tail = Fma(s, half + p, n * C(Ln2Lo));
        var y = f - (half - tail);
        return Fma(n, Ln2Hi, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Log(Vd x)
    {
        var (n, m) = SplitAny(x);
        return Special(x, C(0d), Combine(n, m - C(1d)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Log1p(Vd x) => Log1p(x, Vd.Zero);

    /// <summary>log(1 + x + low) where low is a correction below x's last place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vd Log1p(Vd x, Vd low)
    {
        var u = C(1d) + x;
        var lost = Select(Vector.GreaterThan(x, C(1d)), C(1d) - (u - x), x - (u - C(1d))) + low;
        var (n, m) = Split(u);

        // 2^(1 − n), since 2^-n would leave the range at the far end.
        var exponent = Vector.AsVectorInt64(n + C(6755399441055744d)) - Vector.Create(0x4338000000000000);
        var scale = Vector.AsVectorDouble((Vector.Create(1024L) - exponent) << 52);
        var y = Combine(n, Fma(lost * C(0.5), scale, m - C(1d)));
        return Select(Vector.LessThan(Vector.Abs(x), C(5.551115123125783e-17)), x, Special(x, C(-1d), y));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Log2(Vd x)
    {
        var (n, high, low) = Precise(x);
        var (p, e) = TwoProduct(high, C(1.4426950408889634));
        var rest = Fma(high, 2.0355273740931033e-17, Fma(low, 1.4426950408889634, e));
        var (sum, error) = FastTwoSum(n, p);
        return Special(x, C(0d), sum + (error + rest));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Log10(Vd x)
    {
        // log10(2) in a part short enough that n times it is exact, and the rest.
        var (n, high, low) = Precise(x);
        var (p, e) = TwoProduct(high, C(0.4342944819032518));
        var rest = Fma(high, 1.098319650216765e-17, Fma(low, 0.4342944819032518, e));
        var (q, qLow) = TwoProduct(n, C(0.30102999566398119521));
        var (sum, error) = FastTwoSum(q, p);
        return Special(x, C(0d), sum + (error + (rest + Fma(n, -2.8037281277851704e-18, qLow))));
    }

    /// <summary>log|x| for finite x ≠ 0 as a sum of two numbers, to about 2^-64 of itself; other x give rubbish.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vd High, Vd Low) LogPair(Vd x)
    {
        var (n, high, low) = Precise(x);
        var (q, qLow) = TwoProduct(n, C(Ln2Hi));
        var (sum, error) = FastTwoSum(q, high);
        return FastTwoSum(sum, error + (low + Fma(n, Ln2Lo, qLow)));
    }

    // x = 2^n·m and log m = high + low: 2s and ⅔s³ are carried in two numbers each, the rest is small enough for one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vd N, Vd High, Vd Low) Precise(Vd x)
    {
        var (n, m) = SplitAny(x);
        var f = m - C(1d);
        var (d, dLow) = FastTwoSum(C(2d), f);
        var s = f / d;
        var sLow = Fma(-s, dLow, Fma(-s, d, f)) / d;

        var z = s * s;
        var zLow = Fma(s, s, -z) + (C(2d) * s * sLow);
        var p = C(0.1319649969287899);
        p = Fma(p, z, 0.13256802129392437);
        p = Fma(p, z, 0.15386757874953344);
        p = Fma(p, z, 0.18181784358217035);
        p = Fma(p, z, 0.2222222251999003);
        p = Fma(p, z, 0.285714285700994);
        p = Fma(p, z, 0.40000000000002256);

        // s·z·(⅔ + z·p), with ⅔ = 0.666… + 3.7e-17.
        var (t, tLow) = FastTwoSum(C(0.6666666666666666), z * p);
        tLow += C(3.700743415417188e-17);
        var (c, cLow) = TwoProduct(z, t);
        cLow = Fma(z, tLow, Fma(zLow, t, cLow));
        var (v, vLow) = TwoProduct(s, c);
        vLow = Fma(s, cLow, Fma(sLow, c, vLow));
        var (high, low) = FastTwoSum(s + s, v);
        low += vLow + sLow + sLow;
        (high, low) = FastTwoSum(high, low);
        return (n, high, low);
    }

    // x below the pole: NaN; at it: −∞; +∞ and NaN: themselves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd Special(Vd x, Vd pole, Vd y)
    {
        y = Select(Vector.LessThan(x, C(double.PositiveInfinity)), y, x);
        y = Select(Vector.LessThan(x, pole), C(double.NaN), y);
        return Select(Vector.Equals(x, pole), C(double.NegativeInfinity), y);
    }
}
