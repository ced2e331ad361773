using System.Numerics;
using System.Runtime.CompilerServices;
using static NativeDL.Numerics.LaneMath;
using Vf = System.Numerics.Vector<float>;

namespace NativeDL.Numerics;

/// <summary>The error function for float32. Coefficients: minimax fits (Sollya, fpminimax) in float32.</summary>
internal static class SingleErf
{
    // |x| < 0.9277: odd polynomial, relative error 2^-29.8.
    // Beyond: 1 − exp(log(erfc|x|)) with a polynomial for the logarithm on [0.92, 4], absolute error 2^-28.8.
    // erf(4) rounds to 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf Erf(Vf x)
    {
        var a = Vector.Abs(x);
        var z = a * a;
        var p = C(8.401239e-05f);
        p = Fma(p, z, -0.00081470417f);
        p = Fma(p, z, 0.0052009933f);
        p = Fma(p, z, -0.026859112f);
        p = Fma(p, z, 0.11283682f);
        p = Fma(p, z, -0.37612632f);
        p = Fma(p, z, 0.12837917f);
        var small = Fma(p, a, a);

        var t = Select(Vector.GreaterThan(a, C(4f)), C(4f), a);
        var q = C(1.6027146e-06f);
        q = Fma(q, t, -4.535926e-05f);
        q = Fma(q, t, 0.0005907569f);
        q = Fma(q, t, -0.0047304886f);
        q = Fma(q, t, 0.026336163f);
        q = Fma(q, t, -0.10992635f);
        q = Fma(q, t, -0.631994f);
        q = Fma(q, t, -1.1301323f);
        q = Fma(q, t, 0.00029449016f);
        var large = C(1f) - SingleExp.ExpInRange(q);
        return Select(Vector.LessThan(a, C(0.9277f)), small, large) | SignBit(x);
    }

    // Φ(−a) and e^(−a²/2) for a ≥ 0. Φ(−a) = e^(−a²/2)·u·P(u − ½) with u = 2/(2 + a); relative error of the fit 2^-27.5.
    // a², u, P's last coefficient and its product carry what rounding took from them: 3 ULP altogether, down to the denormals.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf NormalTail(Vf a, out Vf weight)
    {
        a = Select(Vector.GreaterThan(a, C(16f)), C(16f), a); // Φ(−16) rounds to 0
        var d = a + C(2f);
        var u = C(2f) / d;
        var uRest = u * C(0.5f) * Fma(-u, a - (d - C(2f)), Fma(-u, d, C(2f)));
        var t = u - C(0.5f);
        var p = C(-0.0297269281f);
        p = Fma(p, t, -0.0129532116f);
        p = Fma(p, t, 0.0893903226f);
        p = Fma(p, t, -0.0548172332f);
        p = Fma(p, t, -0.060075637f);
        p = Fma(p, t, 0.107817881f);
        p = Fma(p, t, -0.00388968782f);
        p = Fma(p, t, -0.146877408f);
        p = Fma(p, t, 0.057597328f);
        p = Fma(p, t, 0.331404448f);
        var tail = Fma(p, t, 1.87421945e-09f);
        var value = C(0.336203992f) + tail;
        var product = u * value;
        var rest = Fma(u, tail - (value - C(0.336203992f)), Fma(u, value, -product));
        rest = Fma(uRest, Fma(u, p, value), rest);
        var square = a * a;
        var squareRest = Fma(a, a, -square) * C(-0.5f);
        var e = SingleExp.Exp(square * C(-0.5f));
        weight = Fma(e, squareRest, e);
        return Fma(e, product, e * Fma(product, squareRest, rest));
    }
}
