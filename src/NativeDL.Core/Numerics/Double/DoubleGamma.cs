using System.Numerics;
using System.Runtime.CompilerServices;
using static NativeDL.Numerics.LaneMath;
using Vd = System.Numerics.Vector<double>;
using Vl = System.Numerics.Vector<long>;

namespace NativeDL.Numerics;

/// <summary>log|Γ| for float64. Coefficients: Chebyshev fits.</summary>
internal static class DoubleGamma
{
    private const double InversePi = 0.3183098861837907;

    // Below 0 by reflection, lgamma(−a) = −log(a·|sin πa|/π) − lgamma(a); +∞ at the poles and at both infinities.
    [MethodImpl(MethodImplOptions.NoInlining)] // there would be four copies of it in every loop
    public static Vd Lgamma(Vd x)
    {
        var a = Vector.Abs(x);
        var (high, low) = Positive(a);
        var y = high + low;
        if (Vector.LessThanAny(x, Vd.Zero))
        {
            y = Reflected(x, a, high, low, y);
        }

        y = Select(Vector.Equals(a, Vd.Zero), C(double.PositiveInfinity), y);
        return Select(Vector.LessThan(a, C(double.PositiveInfinity)), y, a);
    }

    // Closer to 0 than 1e-17 the sign of x makes no difference.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vd Reflected(Vd x, Vd a, Vd high, Vd low, Vd positive)
    {
        var r = a - Vector.Round(a);
        var (sine, _) = DoubleHalfTurns.Nearest(r);
        var tiny = Vector.LessThan(a, C(1e-17));
        var product = a * Vector.Abs(sine) * C(InversePi);
        var (log, logLow) = DoubleLog.LogPair(Select(tiny | Vector.Equals(r, Vd.Zero), Vd.One, product));
        var (sum, error) = TwoSum(-log, -high);
        var y = sum + (error - (logLow + low));
        y = Select(Vector.Equals(r, Vd.Zero), C(double.PositiveInfinity), y);
        return Select(Vector.GreaterThanOrEqual(x, Vd.Zero) | tiny, positive, y);
    }

    // For finite a > 0: to 8 as lgamma(2 + f) + log(product) with |f| ≤ ½, from there on by Stirling's series. Of the
    // parts, which may cancel, each is carried in two numbers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vd High, Vd Low) Positive(Vd a)
    {
        var far = Vector.GreaterThanOrEqual(a, C(8d));
        Vl below = Vector.LessThan(a, C(1.5)), deep = Vector.LessThan(a, C(0.5));

        // Γ(a) = Γ(a − k)·(a − 1)…(a − k), and below Γ(a) = Γ(a + 2)/(a·(a + 1)) or Γ(a + 1)/a.
        var k = Select(far | below, Vd.Zero, Vector.Floor(a - C(1.5)));
        var next = a + C(1d);
        var (product, lost) = TwoProduct(a, next);
        lost = Fma(a, a - (next - C(1d)), lost);
        product = Select(below, Select(deep, product, a), Vd.One);
        lost = Select(deep, lost, Vd.Zero);
        for (int j = 1; j <= 6; j++)
        {
            var counts = Vector.GreaterThanOrEqual(k, C((double)j));
            var factor = Select(counts, a - C((double)j), Vd.One);
            lost = Fma(lost, factor, Fma(product, factor, -(product * factor)));
            product *= factor;
        }

        var (log, logLow) = DoubleLog.LogPair(Select(far, a, product));
        var relative = Select(Vector.GreaterThan(product, C(1e-290)), lost / product, Vd.Zero);
        logLow = Select(far, logLow, logLow + relative);

        var (near, nearLow) = AroundTwo(Select(deep, a, Select(below, a - C(1d), a - C(2d) - k)));
        Vd signed = Select(below, -log, log), signedLow = Select(below, -logLow, logLow);
        var (sum, error) = TwoSum(signed, near);

        // (a − ½)·(log a − 1) + (½·log 2π − ½) + S(1/a)
        var inverse = Vd.One / a;
        var (less, lessLow) = FastTwoSum(log, C(-1d));
        var rest = a - C(0.5);
        var (main, mainLow) = TwoProduct(rest, less);
        mainLow = Fma(rest, lessLow + logLow, mainLow);
        var (high, low) = FastTwoSum(main, C(0.4189385332046727));
        low += mainLow + Fma(inverse, Stirling(inverse * inverse), C(1.6728209650585413e-17));
        low = Select(Vector.LessThan(main, C(double.PositiveInfinity)), low, Vd.Zero);

        return (Select(far, high, sum), Select(far, low, error + (signedLow + nearLow)));
    }

    // lgamma(2 + f) = f·(c0 + f·(c1 + f·P(f))) for |f| ≤ ½; error of the fit 2^-55.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vd High, Vd Low) AroundTwo(Vd f)
    {
        var p = C(2.669520519350313e-07);
        p = Fma(p, f, -5.647216419513832e-07);
        p = Fma(p, f, 9.318378895570266e-07);
        p = Fma(p, f, -1.990192885511031e-06);
        p = Fma(p, f, 4.379902842921741e-06);
        p = Fma(p, f, -9.450081490951808e-06);
        p = Fma(p, f, 2.0506615395007773e-05);
        p = Fma(p, f, -4.492498023358455e-05);
        p = Fma(p, f, 9.945755107809859e-05);
        p = Fma(p, f, -0.00022315483900156498);
        p = Fma(p, f, 0.0005096695235409965);
        p = Fma(p, f, -0.0011927539091750685);
        p = Fma(p, f, 0.002890510330755866);
        p = Fma(p, f, -0.007385551028704151);
        p = Fma(p, f, 0.02058080842778452);
        p = Fma(p, f, -0.06735230105319803);

        var (inner, innerLow) = FastTwoSum(C(0.3224670334241132), p * f);
        var (v, vLow) = TwoProduct(f, inner);
        vLow = Fma(f, innerLow + C(1.520336175199238e-17), vLow);
        var (outer, outerLow) = FastTwoSum(C(0.42278433509846713), v);
        var (y, low) = TwoProduct(f, outer);
        return (y, Fma(f, outerLow + (vLow + C(4.942915152430645e-18)), low));
    }

    // What Stirling's formula leaves, times a, of z = 1/a² ≤ 1/64; error of the fit 2^-64.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd Stirling(Vd z)
    {
        var p = C(0.005065905360156125);
        p = Fma(p, z, -0.0018903829938877147);
        p = Fma(p, z, 0.0008414700852503147);
        p = Fma(p, z, -0.0005952365845057049);
        p = Fma(p, z, 0.0007936507897524059);
        p = Fma(p, z, -0.002777777777773988);
        return Fma(p, z, 0.08333333333333333);
    }
}
