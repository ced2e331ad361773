using System.Numerics;
using System.Runtime.CompilerServices;
using static NativeDL.Numerics.LaneMath;
using Vd = System.Numerics.Vector<double>;
using Vl = System.Numerics.Vector<long>;

namespace NativeDL.Numerics;

/// <summary>
/// Inverse circular and hyperbolic functions for float64. Coefficients: minimax fits (Sollya, fpminimax) in float64.
/// </summary>
internal static class DoubleInverse
{
    private const double HalfPi = 1.5707963267948966, HalfPiLow = 6.123233995736766e-17;
    private const double QuarterPi = 0.7853981633974483, QuarterPiLow = 3.061616997868383e-17;

    // |x| ≤ tan(π/8): polynomial (error 2^-63.8); up to cot(π/8): π/4 + atan((|x|−1)/(|x|+1)); else π/2 − atan(1/|x|).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Atan(Vd x)
    {
        var a = Vector.Abs(x);
        var middle = Vector.GreaterThan(a, C(0.41421356237309503));
        var far = Vector.GreaterThan(a, C(2.414213562373095));
        var numerator = Select(far, C(-1d), Select(middle, a - C(1d), a));
        var denominator = Select(far, a, Select(middle, a + C(1d), C(1d)));
        var t = numerator / denominator;
        var high = Select(far, C(HalfPi), Select(middle, C(QuarterPi), Vd.Zero));
        var low = Select(far, C(HalfPiLow), Select(middle, C(QuarterPiLow), Vd.Zero));

        var z = t * t;
        return (high + (t + Fma(AtanTail(z), z * t, low))) | SignBit(x);
    }

    /// <summary>(atan(√z)/√z − 1)/z for √z ≤ tan(π/8); error of the angle 2^-63.8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vd AtanTail(Vd z)
    {
        var p = C(0.01513066916943921);
        p = Fma(p, z, -0.033406127338013965);
        p = Fma(p, z, 0.04500371360229422);
        p = Fma(p, z, -0.05217551904955603);
        p = Fma(p, z, 0.05876876086463918);
        p = Fma(p, z, -0.0666621020909971);
        p = Fma(p, z, 0.07692281495605638);
        p = Fma(p, z, -0.09090908080468996);
        p = Fma(p, z, 0.11111111086093613);
        p = Fma(p, z, -0.14285714285347428);
        p = Fma(p, z, 0.19999999999997256);
        return Fma(p, z, -0.33333333333333326);
    }

    // (asin(√z)/√z − 1)/z on [0, ¼]; error of the sine's inverse 2^-59.9.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd AsinTail(Vd z)
    {
        var p = C(0.03262611099587174);
        p = Fma(p, z, -0.020994857763275972);
        p = Fma(p, z, 0.021704324805170254);
        p = Fma(p, z, 0.0037077638035500266);
        p = Fma(p, z, 0.010779871806947304);
        p = Fma(p, z, 0.011398984899684607);
        p = Fma(p, z, 0.013980810970569996);
        p = Fma(p, z, 0.017351612884649172);
        p = Fma(p, z, 0.022372214933961018);
        p = Fma(p, z, 0.03038194270993964);
        p = Fma(p, z, 0.04464285717455937);
        p = Fma(p, z, 0.07499999999970867);
        return Fma(p, z, 0.1666666666666676);
    }

    // The reduced argument: |x| itself below ½, else √((1 − |x|)/2) with the root's rounding error.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vl Small, Vd S, Vd SLow, Vd Tail) ReduceArc(Vd a)
    {
        var small = Vector.LessThan(a, C(0.5));
        var z = Select(small, a * a, Fma(a, -0.5, C(0.5)));
        var root = Vector.SquareRoot(z);
        var rootLow = Select(Vector.GreaterThan(root, Vd.Zero), Fma(-root, root, z) / (root + root), Vd.Zero);
        var s = Select(small, a, root);
        return (small, s, Select(small, Vd.Zero, rootLow), AsinTail(z) * z * s);
    }

    // asin a = a + tail, or π/2 − 2·asin(√((1 − a)/2)). Outside [−1, 1] the root is NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Asin(Vd x)
    {
        var (small, s, sLow, tail) = ReduceArc(Vector.Abs(x));
        var (sum, error) = FastTwoSum(C(HalfPi), C(-2d) * s);
        var large = sum + (error + Fma(tail + sLow, -2d, C(HalfPiLow)));
        return Select(small, s + tail, large) | SignBit(x);
    }

    // Near 0: π/2 − asin x; toward 1: 2·asin(√((1 − x)/2)); toward −1: π minus that.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Acos(Vd x)
    {
        var (small, s, sLow, tail) = ReduceArc(Vector.Abs(x));
        var negative = Vector.LessThan(x, Vd.Zero);
        var signed = s | SignBit(x);
        var (sum, error) = FastTwoSum(C(HalfPi), -signed);
        var near = sum + (error + (C(HalfPiLow) - (tail | SignBit(x))));

        var correction = tail + sLow;
        var right = s + correction;
        var left = C(HalfPi) - (s + (correction - C(HalfPiLow)));
        var far = Select(negative, left, right);
        return Select(small, near, far + far);
    }

    // log(a + √(a² + 1)) = log1p(a + a²/(1 + √(a² + 1))); far out log a + ln 2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Asinh(Vd x)
    {
        var a = Vector.Abs(x);
        var far = Vector.GreaterThan(a, C(1e9));
        var limited = Select(far, Vd.One, a);
        var square = limited * limited;
        var q = square / (C(1d) + Vector.SquareRoot(C(1d) + square));
        var (sum, error) = FastTwoSum(limited, q);
        var near = DoubleLog.Log1p(sum, error);
        var y = Vector.GreaterThanAny(a, C(1e9)) ? Select(far, LogTwice(a), near) : near;
        return y | SignBit(x);
    }

    // log1p(t + √(t·(t + 2))) with t = x − 1; far out log x + ln 2; NaN below 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Acosh(Vd x)
    {
        var far = Vector.GreaterThan(x, C(1e9));
        var t = Select(far, Vd.One, x - C(1d));
        var (v, vLow) = TwoProduct(t, t);
        var (w, wLow) = TwoSum(t + t, v);
        var root = Vector.SquareRoot(w);
        var rootLow = (Fma(-root, root, w) + (wLow + vLow)) / (root + root);
        rootLow = Select(Vector.GreaterThan(w, Vd.Zero), rootLow, Vd.Zero);
        var (sum, error) = TwoSum(t, root);
        var near = Select(Vector.LessThan(x, Vd.One), C(double.NaN), DoubleLog.Log1p(sum, error + rootLow));
        return Vector.GreaterThanAny(x, C(1e9)) ? Select(far, LogTwice(x), near) : near;
    }

    // ½·log1p(2a/(1 − a)), the quotient's rounding error carried along.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Atanh(Vd x)
    {
        var a = Vector.Abs(x);
        var (d, dLow) = FastTwoSum(Vd.One, -a);
        var twice = a + a;
        var q = twice / d;
        var qLow = Fma(-q, dLow, Fma(-q, d, twice)) / d;
        qLow = Select(Vector.LessThan(q, C(double.PositiveInfinity)), qLow, Vd.Zero);
        var y = C(0.5) * DoubleLog.Log1p(q, qLow);

        // Below 2^-28 atanh x = x + x³/3 to less than half a place; halving a denormal would lose bits.
        return Select(Vector.LessThan(a, C(3.725290298461914e-09)), Fma(a * a * a, 1d / 3, a), y) | SignBit(x);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vd LogTwice(Vd a)
    {
        var (high, low) = DoubleLog.LogPair(a);
        var (sum, error) = TwoSum(high, C(0.6931471805599453));
        var y = sum + (error + (low + C(2.3190468138462996e-17)));
        return Select(Vector.LessThan(a, C(double.PositiveInfinity)), y, a);
    }
}
