using System.Numerics;
using System.Runtime.CompilerServices;
using static NativeDL.Numerics.LaneMath;
using Vd = System.Numerics.Vector<double>;
using Vl = System.Numerics.Vector<long>;

namespace NativeDL.Numerics;

/// <summary>The inverse of the error function for float64. Coefficients: rational fits at Chebyshev points.</summary>
internal static class DoubleErfinv
{
    private const double HalfRootPi = 0.886226925452758, HalfRootPiLow = -3.8332932499128993e-17;

    // |x| ≤ ¾: x·(√π/2 + x²·R(x²)). Beyond: with r = √(−log(1 − |x|)), whose argument is exact, r − T(r), T in two
    // pieces; r is carried in two numbers, and T is small beside it. Errors of the fits below 2^-54.5.
    [MethodImpl(MethodImplOptions.NoInlining)] // there would be four copies of it in every loop
    public static Vd Erfinv(Vd x)
    {
        var a = Vector.Abs(x);
        var z = a * a;
        var near = Fma(a, HalfRootPi, a * Fma(z, Middle(C(0.5625) - z), HalfRootPiLow));

        var far = Vector.GreaterThan(a, C(0.75));
        var (high, low) = DoubleLog.LogPair(Select(far, C(1d) - a, C(0.25)));
        var r = Vector.SquareRoot(-high);
        var rLow = (Fma(-r, r, -high) - low) / (r + r);
        var y = Select(far, r - (Tail(r) - rLow), near);

        y = Select(Vector.Equals(a, Vd.One), C(double.PositiveInfinity), y);
        return Select(Vector.LessThanOrEqual(a, Vd.One), y, C(double.NaN)) | SignBit(x);
    }

    // (erfinv(x)/x − √π/2)/x² of w = ¾² − x².
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd Middle(Vd w)
    {
        var p = C(-6.720562520763592e-05);
        p = Fma(p, w, 0.002211238980119621);
        p = Fma(p, w, 0.24815741858863785);
        p = Fma(p, w, 1.7585943480776234);
        p = Fma(p, w, 4.22351138704758);
        p = Fma(p, w, 4.407837850104241);
        p = Fma(p, w, 2.059469512986408);
        p = Fma(p, w, 0.3525917712783408);

        var q = C(0.4061680561255792);
        q = Fma(q, w, 4.258316473550999);
        q = Fma(q, w, 14.859993037502228);
        q = Fma(q, w, 23.431249694997753);
        q = Fma(q, w, 18.303422840108635);
        q = Fma(q, w, 6.899880637305737);
        q = Fma(q, w, 1d);
        return p / q;
    }

    // r − erfinv(1 − e^(−r²)) for r from 1.1754 to 6.1: below 2¾ by one fit, beyond by another.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd Tail(Vd r)
    {
        var first = Vector.LessThan(r, C(2.75));
        var s = r - Select(first, C(1.1754100225154747), C(2.75));

        var p = Choose(first, 5.88248996947566e-07, 5.778136818282387e-09);
        p = Fma(p, s, Choose(first, 0.00033342541579975675, 6.858169669353056e-06));
        p = Fma(p, s, Choose(first, 0.010860187079146943, 0.00042469952466171073));
        p = Fma(p, s, Choose(first, 0.10796201183272988, 0.00796878444015724));
        p = Fma(p, s, Choose(first, 0.4485243164270711, 0.06330542611328203));
        p = Fma(p, s, Choose(first, 0.9048318541104676, 0.24043412948492035));
        p = Fma(p, s, Choose(first, 0.908873728514044, 0.4326923927044405));
        p = Fma(p, s, Choose(first, 0.36401209388623623, 0.29601674371247577));

        var q = Choose(first, 0.00012508820977072678, 2.3065239405839317e-06);
        q = Fma(q, s, Choose(first, 0.005989561868850878, 0.00020314837501285852));
        q = Fma(q, s, Choose(first, 0.08464711887062214, 0.005252545055066724));
        q = Fma(q, s, Choose(first, 0.5164706548973309, 0.059169772564037486));
        q = Fma(q, s, Choose(first, 1.6069900394632628, 0.33901712083077257));
        q = Fma(q, s, Choose(first, 2.7556001875150735, 1.0363508539839004));
        q = Fma(q, s, Choose(first, 2.5265415682544012, 1.61190898664389));
        q = Fma(q, s, Vd.One);
        return p / q;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vd Choose(Vl first, double yes, double no) => Select(first, C(yes), C(no));
}
