using System.Numerics;
using System.Runtime.CompilerServices;
using static NativeDL.Numerics.LaneMath;
using Vd = System.Numerics.Vector<double>;

namespace NativeDL.Numerics;

/// <summary>x − tanh x for float64. Coefficients: a Chebyshev fit.</summary>
internal static class DoubleShrink
{
    // Below 0.6, where the difference cancels: x³·P(x²), error of the fit 2^-62.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd TanhShrink(Vd x)
    {
        var a = Vector.Abs(x);
        var z = a * a;
        var p = C(2.622223992400292e-06);
        p = Fma(p, z, -1.2606082506230876e-05);
        p = Fma(p, z, 3.7455026133315665e-05);
        p = Fma(p, z, -9.624359847831813e-05);
        p = Fma(p, z, 0.00023895888222457757);
        p = Fma(p, z, -0.0005899975134262517);
        p = Fma(p, z, 0.0014558307624244699);
        p = Fma(p, z, -0.0035921277411351256);
        p = Fma(p, z, 0.008863235514397341);
        p = Fma(p, z, -0.02186948853566979);
        p = Fma(p, z, 0.05396825396824606);
        p = Fma(p, z, -0.13333333333333328);
        p = Fma(p, z, 0.3333333333333333);
        return Select(Vector.LessThan(a, C(0.6)), p * z * a, a - DoubleExp.Tanh(a)) | SignBit(x);
    }
}
