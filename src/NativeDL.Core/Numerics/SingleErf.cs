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
        Vf a = Vector.Abs(x);
        Vf z = a * a;
        Vf p = C(8.401239e-05f);
        p = Fma(p, z, -0.00081470417f);
        p = Fma(p, z, 0.0052009933f);
        p = Fma(p, z, -0.026859112f);
        p = Fma(p, z, 0.11283682f);
        p = Fma(p, z, -0.37612632f);
        p = Fma(p, z, 0.12837917f);
        Vf small = Fma(p, a, a);

        Vf t = Select(Vector.GreaterThan(a, C(4f)), C(4f), a);
        Vf q = C(1.6027146e-06f);
        q = Fma(q, t, -4.535926e-05f);
        q = Fma(q, t, 0.0005907569f);
        q = Fma(q, t, -0.0047304886f);
        q = Fma(q, t, 0.026336163f);
        q = Fma(q, t, -0.10992635f);
        q = Fma(q, t, -0.631994f);
        q = Fma(q, t, -1.1301323f);
        q = Fma(q, t, 0.00029449016f);
        Vf large = C(1f) - SingleExp.ExpInRange(q);
        return Select(Vector.LessThan(a, C(0.9277f)), small, large) | SignBit(x);
    }
}
