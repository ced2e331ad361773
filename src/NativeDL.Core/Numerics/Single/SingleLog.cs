using System.Numerics;
using System.Runtime.CompilerServices;
using static NativeDL.Numerics.LaneMath;
using Vf = System.Numerics.Vector<float>;
using Vi = System.Numerics.Vector<int>;

namespace NativeDL.Numerics;

/// <summary>Natural logarithms for float32. Coefficients: a minimax fit (Sollya, fpminimax) in float32.</summary>
internal static class SingleLog
{
    private const float Ln2Hi = 0.69314718f;
    private const float Ln2Lo = -1.9046542e-09f;

    // √½ rounded: mantissas are taken from [√½, √2), so that log near 1 has exponent 0 and no cancellation.
    private const int RootHalfBits = 0x3F3504F3;

    // n·ln2 + log(1 + f) for 1 + f in [√½, √2); relative error of the fit 2^-26.8.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vf Combine(Vi exponent, Vf f)
    {
        var n = Vector.ConvertToSingle(exponent);
        var p = C(-0.07553069f);
        p = Fma(p, f, 0.12809792f);
        p = Fma(p, f, -0.13220017f);
        p = Fma(p, f, 0.14199036f);
        p = Fma(p, f, -0.16616006f);
        p = Fma(p, f, 0.20001031f);
        p = Fma(p, f, -0.25001064f);
        p = Fma(p, f, 0.3333334f);
        var square = f * f;
        var tail = Fma(p, square * f, n * C(Ln2Lo));
        tail = Fma(square, -0.5f, tail);
        return Fma(n, Ln2Hi, f + tail);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf Log(Vf x)
    {
        // Denormals are scaled by 2^24 into the normal range.
        var denormal = Vector.LessThan(x, C(1.1754944e-38f));
        var scaled = Select(denormal, x * C(16777216f), x);
        var bits = Vector.AsVectorInt32(scaled) - Vector.Create(RootHalfBits);
        var exponent = (bits >> 23) - (denormal & Vector.Create(24));
        var mantissa = Vector.AsVectorSingle((bits & Vector.Create(0x007FFFFF)) + Vector.Create(RootHalfBits));
        var y = Combine(exponent, mantissa - C(1f));
        return Special(x, C(0f), y);
    }

    // 1 + x loses low bits of x; what it lost (`lost`, exact) is added back to the fraction, scaled alike.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vf Log1p(Vf x)
    {
        var u = C(1f) + x;
        var lost = Select(Vector.GreaterThan(x, C(1f)), C(1f) - (u - x), x - (u - C(1f)));
        var bits = Vector.AsVectorInt32(u) - Vector.Create(RootHalfBits);
        var exponent = bits >> 23;
        var mantissa = Vector.AsVectorSingle((bits & Vector.Create(0x007FFFFF)) + Vector.Create(RootHalfBits));

        // 2^(1 − exponent), since 2^-exponent would leave the range at the far end.
        var scale = Vector.AsVectorSingle((Vector.Create(128) - exponent) << 23);
        var y = Combine(exponent, Fma(lost * C(0.5f), scale, mantissa - C(1f)));
        return Select(Vector.LessThan(Vector.Abs(x), C(2.9802322e-08f)), x, Special(x, C(-1f), y));
    }

    // x below the pole: NaN; at it: −∞; +∞ and NaN: themselves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vf Special(Vf x, Vf pole, Vf y)
    {
        y = Select(Vector.LessThan(x, C(float.PositiveInfinity)), y, x);
        y = Select(Vector.LessThan(x, pole), C(float.NaN), y);
        return Select(Vector.Equals(x, pole), C(float.NegativeInfinity), y);
    }
}
