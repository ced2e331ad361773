using System.Numerics;
using System.Runtime.CompilerServices;
using static NativeDL.Numerics.LaneMath;
using Vd = System.Numerics.Vector<double>;
using Vl = System.Numerics.Vector<long>;

namespace NativeDL.Numerics;

/// <summary>The exponential family for float64. Coefficients: minimax fits (Sollya, fpminimax) in float64.</summary>
internal static class DoubleExp
{
    private const double Log2E = 1.4426950408889634;
    private const double Ln2Hi = 0.6931471805599453;
    private const double Ln2Lo = 2.3190468138462996e-17;

    // Adding 1.5·2⁵² rounds to an integer, which then stands in the low bits of the sum.
    private const double Magic = 6755399441055744;
    private const long MagicBits = 0x4338000000000000;

    // e^(x + low) = 2^n·e^(r + rLow) with |r| ≤ ln2/2 and rLow below r's last place. The first difference is exact (fused
    // multiply-add); what ln2 has beyond 53 bits can be hundreds of places, hence the second sum.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vl N, Vd R, Vd RLow) Reduce(Vd x, Vd low)
    {
        var shifted = Fma(x, Log2E, C(Magic));
        var n = shifted - C(Magic);
        var (r, rLow) = FastTwoSum(Fma(n, -Ln2Hi, x), Fma(n, -Ln2Lo, low));
        return (Vector.AsVectorInt64(shifted) - Vector.Create(MagicBits), r, rLow);
    }

    // (e^r − 1 − r) / r²; error of e^r 2^-57.9.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd Tail(Vd r)
    {
        var p = C(2.5117940019110586e-08);
        p = Fma(p, r, 2.7631765827758043e-07);
        p = Fma(p, r, 2.755721609631554e-06);
        p = Fma(p, r, 2.4801488608701644e-05);
        p = Fma(p, r, 0.00019841269917550547);
        p = Fma(p, r, 0.0013888888948282096);
        p = Fma(p, r, 0.008333333333307165);
        p = Fma(p, r, 0.04166666666651063);
        p = Fma(p, r, 0.166666666666667);
        return Fma(p, r, 0.5000000000000013);
    }

    // e^(r + rLow) for small rLow, with one rounding that counts.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd ExpReduced(Vd r, Vd rLow)
    {
        var (sum, error) = FastTwoSum(C(1d), r);
        return sum + (error + Fma(r * r, Tail(r), Fma(rLow, r, rLow)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd PowerOfTwo(Vl n) => Vector.AsVectorDouble((n + Vector.Create(1023L)) << 52);

    // p·2^n in two exact halves and one rounding. The shift is logical (on a biased number) because many machines
    // have no arithmetic one for 64 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd Scale(Vd p, Vl n)
    {
        var half = ((n + Vector.Create(4096L)) >>> 1) - Vector.Create(2048L);
        return p * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Exp(Vd x) => ExpTimes(x, Vd.Zero, Vd.One);

    /// <summary>e^(x + low)·factor, where low is a correction below x's last place and factor is near 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vd ExpTimes(Vd x, Vd low, Vd factor)
    {
        var (n, r, rLow) = Reduce(Clamp(x, -790d, 711d), low);
        return Scale(ExpReduced(r, rLow) * factor, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Exp2(Vd x)
    {
        var limited = Clamp(x, -1080d, 1025d);
        var shifted = limited + C(Magic);
        var f = limited - (shifted - C(Magic));
        var r = f * C(Ln2Hi);
        var rLow = Fma(f, Ln2Hi, -r) + (f * C(Ln2Lo));
        return Scale(ExpReduced(r, rLow), Vector.AsVectorInt64(shifted) - Vector.Create(MagicBits));
    }

    // e^x − 1 = (2^n − 1) + 2^n·(e^r − 1), the first sum's rounding error carried along; at half size, so that
    // n = 1024 does not overflow early.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Expm1(Vd x)
    {
        var (n, r, rLow) = Reduce(Clamp(x, -60d, 710d), Vd.Zero);
        var half = PowerOfTwo(n - Vl.One);
        var (sum, error) = FastTwoSum(half - C(0.5), half * r);
        var y = sum + Fma(half, Fma(r * r, Tail(r), Fma(rLow, r, rLow)), error);
        y += y;

        // Halving a denormal would lose bits, and −0 must stay −0: below 2^-54 e^x − 1 rounds to x.
        return Select(Vector.LessThan(Vector.Abs(x), C(5.551115123125783e-17)), x, y);
    }

    // Small: odd polynomial (error 2^-60.8). Else 1 − 2/(e^2|x| + 1).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Tanh(Vd x)
    {
        var a = Vector.Abs(x);
        var z = a * a;
        var p = C(5.919512393015447e-06);
        p = Fma(p, z, -2.991048034355731e-05);
        p = Fma(p, z, 9.128694291128926e-05);
        p = Fma(p, z, -0.0002368594584691538);
        p = Fma(p, z, 0.0005893979453333533);
        p = Fma(p, z, -0.0014557134610677677);
        p = Fma(p, z, 0.003592112087636928);
        p = Fma(p, z, -0.008863234122541168);
        p = Fma(p, z, 0.02186948845700432);
        p = Fma(p, z, -0.053968253965649096);
        p = Fma(p, z, 0.1333333333332906);
        p = Fma(p, z, -0.3333333333333331);
        var small = Fma(p, z * a, a);

        // tanh(20) rounds to 1; a NaN fails the comparison and passes on.
        var limited = Select(Vector.GreaterThan(a, C(20d)), C(20d), a);
        var (n, r, rLow) = Reduce(limited + limited, Vd.Zero);
        var large = C(1d) - (C(2d) / (Fma(ExpReduced(r, rLow), PowerOfTwo(n), 1d)));
        return Select(Vector.LessThan(a, C(0.6)), small, large) | SignBit(x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Sigmoid(Vd x)
    {
        var e = Exp(-Vector.Abs(x));
        return Select(Vector.LessThan(x, Vd.Zero), e, C(1d)) / (C(1d) + e);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Softplus(Vd x)
    {
        var tail = DoubleLog.Log1p(Exp(-Vector.Abs(x)));
        return Select(Vector.GreaterThan(x, Vd.Zero), x, Vd.Zero) + tail;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Sinh(Vd x)
    {
        var a = Vector.Abs(x);
        var z = a * a;
        var p = C(4.448995073979625e-15);
        p = Fma(p, z, 7.580157504091652e-13);
        p = Fma(p, z, 1.6060174315015305e-10);
        p = Fma(p, z, 2.5052098350165263e-08);
        p = Fma(p, z, 2.755731927390287e-06);
        p = Fma(p, z, 0.00019841269841133232);
        p = Fma(p, z, 0.008333333333333519);
        p = Fma(p, z, 0.16666666666666666);
        var small = Fma(p, z * a, a);
        var half = HalfExp(a);
        var large = half - (C(0.25) / half);
        return Select(Vector.LessThan(a, C(1d)), small, large) | SignBit(x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Cosh(Vd x)
    {
        var half = HalfExp(Vector.Abs(x));
        return half + (C(0.25) / half);
    }

    // e^a/2 for a ≥ 0: finite wherever sinh and cosh are.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd HalfExp(Vd a)
    {
        var (n, r, rLow) = Reduce(Select(Vector.GreaterThan(a, C(712d)), C(712d), a), Vd.Zero);
        return Scale(ExpReduced(r, rLow), n - Vl.One);
    }
}
