using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;
using static NativeDL.Numerics.LaneMath;
using Vd = System.Numerics.Vector<double>;
using Vf = System.Numerics.Vector<float>;

namespace NativeDL;

/// <summary>
/// Random words to normal numbers cut off at ±2, one word (float64: two) an element and no rejection: the inverse of
/// the cut distribution function, z = √2·erf⁻¹(u·erf √2) for u uniform in (−1, 1), as z = x·P(−log(1 − x²)) with
/// x = u·erf √2 (the form of Giles 2010; coefficients: Chebyshev interpolation in 60 digits).
/// </summary>
internal static class TruncatedNormalTransform
{
    /// <summary>From the top 24 bits of each word; relative error 2^-28 before rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf Transform(Vector<uint> words)
    {
        var u = Vector.ConvertToSingle(Vector.AsVectorInt32(words >>> 8) - Vector.Create(0x00800000)) + C(0.5f);
        var x = u * C(1.13785234e-07f);
        var w = -SingleLog.Log(Fma(-x, x, C(1f)));
        var p = C(1.6823766e-07f);
        p = Fma(p, w, -2.1274582e-06f);
        p = Fma(p, w, 4.1331514e-06f);
        p = Fma(p, w, 6.4470325e-05f);
        p = Fma(p, w, -0.00018006773f);
        p = Fma(p, w, -0.0033027478f);
        p = Fma(p, w, 0.016333325f);
        p = Fma(p, w, 0.32811686f);
        p = Fma(p, w, 1.2533141f);
        return Clamp(x * p, -2f, 2f);
    }

    /// <summary>From the top 52 bits of each double word; relative error 2^-53.5 before rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vd Transform(Vector<ulong> words)
    {
        var u = (NormalTransform.Whole(words >>> 12) - C(2251799813685248d)) + C(0.5);
        var x = u * C(ErfOfRoot2 / 2251799813685248d);
        var w = -DoubleLog.Log(Fma(-x, x, C(1d)));
        var p = C(9.669028703039113e-15);
        p = Fma(p, w, 6.023991608646995e-14);
        p = Fma(p, w, -3.90753430806446e-12);
        p = Fma(p, w, 3.764211141231474e-11);
        p = Fma(p, w, -8.330639238386945e-11);
        p = Fma(p, w, -6.149650210496427e-10);
        p = Fma(p, w, 8.73564072542966e-10);
        p = Fma(p, w, 3.245344241117835e-08);
        p = Fma(p, w, -5.292609586600893e-08);
        p = Fma(p, w, -1.4318563287613047e-06);
        p = Fma(p, w, 2.856646549502505e-06);
        p = Fma(p, w, 6.591854610785219e-05);
        p = Fma(p, w, -0.00018108056630163413);
        p = Fma(p, w, -0.0033023324107229928);
        p = Fma(p, w, 0.01633323614698529);
        p = Fma(p, w, 0.3281168738692177);
        p = Fma(p, w, 1.2533141373155003);
        return Clamp(x * p, -2d, 2d);
    }

    private const double ErfOfRoot2 = 0.9544997361036416;
}
