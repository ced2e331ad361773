using System.Numerics;
using System.Runtime.CompilerServices;
using static NativeDL.Numerics.LaneMath;
using Vd = System.Numerics.Vector<double>;
using Vl = System.Numerics.Vector<long>;

namespace NativeDL.Numerics;

/// <summary>The logarithmic derivative of Γ for float64. Coefficients: Chebyshev fits.</summary>
internal static class DoubleDigamma
{
    // The root of the function, and the first point of the piece that is fitted around it.
    private const double Root = 1.4616321449683622, RootLow = 9.549995429965697e-17, First = 1.0625;

    // Below 0 by reflection, ψ(−a) = ψ(1 + a) + π·cot πa; NaN at the poles but ±0, where it is ∓∞.
    [MethodImpl(MethodImplOptions.NoInlining)] // there would be four copies of it in every loop
    public static Vd Digamma(Vd x)
    {
        var negative = Vector.LessThan(x, Vd.Zero);
        var a = -x;
        var next = C(1d) + a;
        var lost = Select(Vector.GreaterThan(a, C(1d)), C(1d) - (next - a), a - (next - C(1d)));
        var y = Positive(Select(negative, next, x), Select(negative, lost, Vd.Zero));
        if (Vector.LessThanAny(x, Vd.Zero))
        {
            y = Select(negative, y + Cotangent(a), y);
        }

        y = Select(Vector.Equals(x, Vd.Zero), C(-1d) / x, y);
        return Select(Vector.Equals(x, C(double.PositiveInfinity)), x, y);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vd Cotangent(Vd a)
    {
        var r = a - Vector.Round(a);
        var (sine, cosine) = DoubleHalfTurns.Nearest(r);
        return Select(Vector.Equals(r, Vd.Zero), C(double.NaN), C(3.141592653589793) * (cosine / sine));
    }

    // ψ(x + low) for x > 0, low a correction below x's last place: to 6 as ψ of [1.0625, 2.0625) and reciprocals, each
    // carried in two numbers, from there on by the asymptotic series.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd Positive(Vd x, Vd low)
    {
        var far = Vector.GreaterThanOrEqual(x, C(6d));

        // ψ(x) = ψ(x + 1) − 1/x, once or twice …
        Vd y = x, yLow = low, sum = Vd.Zero, sumLow = Vd.Zero;
        for (int j = 0; j < 2; j++)
        {
            var below = Vector.LessThan(y, C(First));
            Subtract(below, y, yLow, ref sum, ref sumLow);
            var (up, error) = TwoSum(y, C(1d));
            y = Select(below, up, y);
            yLow = Select(below, error + yLow, yLow);
        }

        // … or ψ(x) = ψ(x − 1) + 1/(x − 1), up to four times.
        for (int j = 0; j < 4; j++)
        {
            var above = Vector.GreaterThanOrEqual(y, C(First + 1)) & ~far;
            y = Select(above, y - C(1d), y);
            Subtract(above, -y, -yLow, ref sum, ref sumLow);
        }

        var (g, gLow) = FastTwoSum(y - C(Root), yLow - C(RootLow));
        var t = y - C(1.5625);
        var (p, pLow) = FastTwoSum(C(0.9254839423025467), t * Fit(t));
        var (v, vLow) = TwoProduct(g, p);
        vLow = Fma(g, pLow - C(3.31702463094361e-17), Fma(gLow, p, vLow));
        var (near, rest) = TwoSum(sum, v);
        near = Select(Vector.LessThan(Vector.Abs(near), C(double.PositiveInfinity)), near + (rest + (vLow + sumLow)), near);

        var (log, logLow) = DoubleLog.LogPair(x);
        Vd inverse = Vd.One / x, z = inverse * inverse;
        return Select(far, log - (Fma(z, Asymptotic(z), C(0.5) * inverse) - logLow), near);
    }

    // sum −= 1/(x + low), where asked for; what the quotient loses is carried along, but for one that overflows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Subtract(Vl asked, Vd x, Vd low, ref Vd sum, ref Vd sumLow)
    {
        var q = Vd.One / Select(asked, x, Vd.One);
        var qLow = (Fma(-x, q, C(1d)) - (low * q)) * q;
        var ordinary = asked & Vector.LessThan(Vector.Abs(q), C(1e290));
        var (next, error) = TwoSum(sum, -q);
        sum = Select(asked, next, sum);
        sumLow += Select(ordinary, error - qLow, Vd.Zero);
    }

    // (ψ(x)/(x − root) − 0.925…)/t of t = x − 1.5625, |t| ≤ ½; error of ψ 2^-56.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd Fit(Vd t)
    {
        var p = C(-6.517994730554664e-05);
        p = Fma(p, t, 0.00010184417658126711);
        p = Fma(p, t, -7.358414963395078e-05);
        p = Fma(p, t, 0.00011497791047746409);
        p = Fma(p, t, -0.00022778098247018728);
        p = Fma(p, t, 0.0003559257701080489);
        p = Fma(p, t, -0.0005410309263492278);
        p = Fma(p, t, 0.0008454792290461381);
        p = Fma(p, t, -0.0013242896389644538);
        p = Fma(p, t, 0.0020699856430309318);
        p = Fma(p, t, -0.0032360146320536917);
        p = Fma(p, t, 0.005061488064767925);
        p = Fma(p, t, -0.007922124217420124);
        p = Fma(p, t, 0.012413555315893075);
        p = Fma(p, t, -0.01948867949321462);
        p = Fma(p, t, 0.03069657099240974);
        p = Fma(p, t, -0.048625978649622294);
        p = Fma(p, t, 0.0778136710349663);
        p = Fma(p, t, -0.12689105431212958);
        p = Fma(p, t, 0.21480049984820695);
        return Fma(p, t, -0.3952104703110158);
    }

    // (log x − 1/(2x) − ψ(x))·x² of z = 1/x² ≤ 1/36; error of ψ 2^-65.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd Asymptotic(Vd z)
    {
        var p = C(1.2391679864374232);
        p = Fma(p, z, -0.3678576332203612);
        p = Fma(p, z, 0.08143630505895552);
        p = Fma(p, z, -0.021063611862133496);
        p = Fma(p, z, 0.007575487397643579);
        p = Fma(p, z, -0.004166665241793544);
        p = Fma(p, z, 0.0039682539644546435);
        p = Fma(p, z, -0.008333333333329406);
        return Fma(p, z, 0.08333333333333333);
    }
}
