using System.Numerics;
using System.Runtime.CompilerServices;
using static NativeDL.Numerics.LaneMath;
using Vf = System.Numerics.Vector<float>;
using Vi = System.Numerics.Vector<int>;

namespace NativeDL.Numerics;

/// <summary>The exponential family for float32. Coefficients: minimax fits (Sollya, fpminimax) in float32.</summary>
internal static class SingleExp
{
    private const float Log2E = 1.4426950f;
    private const float Ln2Hi = 0.69314718f;
    private const float Ln2Lo = -1.9046542e-09f;

    // Adding 1.5·2²³ rounds to an integer, which then stands in the low bits of the sum.
    private const float Magic = 12582912f;
    private const int MagicBits = 0x4B400000;

    // e^x = 2^n·e^r with |r| ≤ ln2/2. With a fused multiply-add the first difference, x − n·Ln2Hi, is exact.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vi N, Vf R) Reduce(Vf x)
    {
        var shifted = Fma(x, Log2E, C(Magic));
        var n = shifted - C(Magic);
        return (Vector.AsVectorInt32(shifted) - Vector.Create(MagicBits), Fma(n, -Ln2Lo, Fma(n, -Ln2Hi, x)));
    }

    // (e^r − 1 − r) / r²; error of e^r 2^-27.5.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vf Tail(Vf r)
    {
        var p = C(0.0013699816f);
        p = Fma(p, r, 0.008369133f);
        p = Fma(p, r, 0.041670714f);
        p = Fma(p, r, 0.16666517f);
        return Fma(p, r, 0.49999982f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vf ExpReduced(Vf r) => Fma(Fma(Tail(r), r, 1f), r, 1f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vf PowerOfTwo(Vi n) => Vector.AsVectorSingle((n + Vector.Create(127)) << 23);

    // e^x·2^shift for x in [−105, 90]. The scale is applied in two exact halves and one rounding, so that results
    // below 2^-126 are rounded once and results above the range become +∞.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vf ExpTimes(Vf x, int shift)
    {
        var (n, r) = Reduce(x);
        var p = ExpReduced(r);
        n += Vector.Create(shift);
        var half = n >> 1;
        return p * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    // e^x where the result is known to be a normal number (|x| ≤ 87) or x is NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vf ExpInRange(Vf x)
    {
        var (n, r) = Reduce(x);
        return ExpReduced(r) * PowerOfTwo(n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf Exp(Vf x) => ExpTimes(Clamp(x, -105f, 90f), 0);

    // e^x − 1 = (2^n − 1) + 2^n·(e^r − 1), with the first sum's rounding error carried along: near x = ±0.4 the two
    // parts cancel. Everything is held at half size so that n = 128 does not overflow early.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf Expm1(Vf x)
    {
        var (n, r) = Reduce(Clamp(x, -30f, 89f));
        var half = PowerOfTwo(n - Vector.Create(1));
        var a = half - C(0.5f);
        var b = half * r;
        var sum = a + b;
        var error = b - (sum - a);
        var y = sum + Fma(half, r * r * Tail(r), error);
        y += y;

        // Halving a denormal would lose bits, and −0 must stay −0: below 2^-25 e^x − 1 rounds to x.
        return Select(Vector.LessThan(Vector.Abs(x), C(2.9802322e-08f)), x, y);
    }

    // Small: odd polynomial (error 2^-27.5). Else 1 − 2/(e^2|x| + 1), which keeps all bits as soon as tanh > 1/2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf Tanh(Vf x)
    {
        var a = Vector.Abs(x);
        var z = a * a;
        var p = C(-0.005643734f);
        p = Fma(p, z, 0.020585043f);
        p = Fma(p, z, -0.053723365f);
        p = Fma(p, z, 0.13331248f);
        p = Fma(p, z, -0.33333275f);
        var small = Fma(p, z * a, a);

        // tanh(10) rounds to 1; a NaN fails the comparison and passes on.
        var limited = Select(Vector.GreaterThan(a, C(10f)), C(10f), a);
        var large = C(1f) - (C(2f) / (ExpInRange(limited + limited) + C(1f)));
        return Select(Vector.LessThan(a, C(0.625f)), small, large) | SignBit(x);
    }

    // 1/(1 + e^-x) for x ≥ 0 and e^x/(1 + e^x) below: no overflow, and full precision down to the denormals.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf Sigmoid(Vf x)
    {
        var e = Exp(-Vector.Abs(x));
        return Select(Vector.LessThan(x, Vf.Zero), e, C(1f)) / (C(1f) + e);
    }

    // max(x, 0) + log(1 + e^-|x|).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf Softplus(Vf x)
    {
        var tail = SingleLog.Log1p(Exp(-Vector.Abs(x)));
        return Select(Vector.GreaterThan(x, Vf.Zero), x, Vf.Zero) + tail;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf Sinh(Vf x)
    {
        var a = Vector.Abs(x);
        var z = a * a;
        var p = C(2.789984e-06f);
        p = Fma(p, z, 0.00019841666f);
        p = Fma(p, z, 0.008333315f);
        p = Fma(p, z, 0.16666667f);
        var small = Fma(p, z * a, a);
        var half = HalfExp(a);
        var large = half - (C(0.25f) / half);
        return Select(Vector.LessThan(a, C(1f)), small, large) | SignBit(x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf Cosh(Vf x)
    {
        var half = HalfExp(Vector.Abs(x));
        return half + (C(0.25f) / half);
    }

    // e^a/2 for a ≥ 0: finite wherever sinh and cosh are.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vf HalfExp(Vf a) => ExpTimes(Select(Vector.GreaterThan(a, C(91f)), C(91f), a), -1);
}
