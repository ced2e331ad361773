using System.Numerics;
using System.Runtime.CompilerServices;
using static NativeDL.Numerics.LaneMath;
using Vd = System.Numerics.Vector<double>;
using Vf = System.Numerics.Vector<float>;
using Vi = System.Numerics.Vector<int>;
using Vl = System.Numerics.Vector<long>;

namespace NativeDL;

/// <summary>
/// Random words to normal numbers. This file is the whole definition: a kernel on any device that performs these
/// operations in this order gives equal bits. Every operation is exact (shifts, conversions) or one correctly rounded
/// sum, product, root or fused multiply-add; nothing may be contracted or reordered (CUDA: __fmaf_rn, __fmul_rn,
/// __fadd_rn, __fsqrt_rn and their double forms), and no library function is called.
/// <para>
/// Box–Muller: from a radius u in (0, 1] and an angle φ, ρ = √(−2·log u), z₀ = ρ·cos φ, z₁ = ρ·sin φ.
/// float32: words 2j (radius) and 2j + 1 (angle) make elements 2j and 2j + 1.
/// float64: 64-bit words (low half first) j0 = 2j (radius) and 2j + 1 (angle) make elements 2j and 2j + 1.
/// </para>
/// <para>Coefficients: minimax fits (Sollya, fpminimax) in the precision they are used in.</para>
/// </summary>
internal static class NormalTransform
{
    /// <summary>Two float32 normals a lane. |z| ≤ 6.66.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vf Cosine, Vf Sine) BoxMuller(Vector<uint> radius, Vector<uint> angle)
    {
        // u = (radius/2 rounded down to 31 bits, to float)·2^-31 + 2^-32, in [2^-32, 1].
        var u = Fma(Vector.ConvertToSingle(Vector.AsVectorInt32(radius >>> 1)), 1f / 2147483648f, C(1f / 4294967296f));

        // log u: u = 2^n·(1 + f) with 1 + f in [√½, √2).
        var bits = Vector.AsVectorInt32(u) - Vector.Create(0x3F3504F3);
        var n = Vector.ConvertToSingle(bits >> 23);
        var f = Vector.AsVectorSingle((bits & Vector.Create(0x007FFFFF)) + Vector.Create(0x3F3504F3)) - C(1f);
        var p = C(-0.07553069f);
        p = Fma(p, f, 0.12809792f);
        p = Fma(p, f, -0.13220017f);
        p = Fma(p, f, 0.14199036f);
        p = Fma(p, f, -0.16616006f);
        p = Fma(p, f, 0.20001031f);
        p = Fma(p, f, -0.25001064f);
        p = Fma(p, f, 0.3333334f);
        var square = f * f;
        var tail = Fma(p, square * f, n * C(-1.9046542e-09f));
        tail = Fma(square, -0.5f, tail);
        var log = Fma(n, 0.69314718f, f + tail);
        var rho = Vector.SquareRoot(log * C(-2f));

        // φ = quadrant·π/2 + r: two bits of the angle word give the quadrant, 24 bits r in [−π/4, π/4).
        var turned = angle + Vector.Create(0x20000000u);
        var quadrant = Vector.AsVectorInt32(turned >>> 30);
        var fraction = Vector.AsVectorInt32((turned & Vector.Create(0x3FFFFFFFu)) >>> 6) - Vector.Create(0x00800000);
        var r = Vector.ConvertToSingle(fraction) * C(9.36267597e-08f);
        var z = r * r;
        var s = C(-0.0001950554f);
        s = Fma(s, z, 0.008332095f);
        s = Fma(s, z, -0.16666654f);
        var sine = Fma(s, z * r, r);
        var c = C(2.4414254e-05f);
        c = Fma(c, z, -0.0013887142f);
        c = Fma(c, z, 0.04166664f);
        c = Fma(c, z, -0.5f);
        var cosine = Fma(c, z, 1f);

        var odd = Vector.Equals(quadrant & Vi.One, Vi.One);
        var cosineSign = Vector.AsVectorSingle(((quadrant + Vi.One) & Vector.Create(2)) << 30);
        var sineSign = Vector.AsVectorSingle((quadrant & Vector.Create(2)) << 30);
        return ((Select(odd, sine, cosine) ^ cosineSign) * rho, (Select(odd, cosine, sine) ^ sineSign) * rho);
    }

    /// <summary>Two float64 normals a lane. |z| ≤ 8.58.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vd Cosine, Vd Sine) BoxMuller(Vector<ulong> radius, Vector<ulong> angle)
    {
        // u = (top 52 bits + 1)·2^-52, in [2^-52, 1].
        var u = Fma(Whole(radius >>> 12), 1d / 4503599627370496d, C(1d / 4503599627370496d));

        var bits = Vector.AsVectorInt64(u) - Vector.Create(0x3FE6A09E667F3BCD);
        var n = Whole(Vector.AsVectorUInt64(bits + Vector.Create(2048L << 52)) >>> 52) - C(2048d);
        var f = Vector.AsVectorDouble((bits & Vector.Create(0x000FFFFFFFFFFFFF)) + Vector.Create(0x3FE6A09E667F3BCD)) - C(1d);
        var q = f / (C(2d) + f);
        var w = q * q;
        var p = C(0.1479583781413039);
        p = Fma(p, w, 0.15314068591612606);
        p = Fma(p, w, 0.18183563321500368);
        p = Fma(p, w, 0.22222198599137766);
        p = Fma(p, w, 0.2857142874205726);
        p = Fma(p, w, 0.39999999999416613);
        p = Fma(p, w, 0.6666666666666734);
        p *= w;
        var half = C(0.5) * f * f;
        var tail = Fma(q, half + p, n * C(2.3190468138462996e-17));
        var log = Fma(n, 0.6931471805599453, f - (half - tail));
        var rho = Vector.SquareRoot(log * C(-2d));

        // Two bits of the angle give the quadrant, 52 bits r in [−π/4, π/4).
        var turned = angle + Vector.Create(1UL << 61);
        var quadrant = Vector.AsVectorInt64(turned >>> 62);
        var fraction = Whole((turned & Vector.Create((1UL << 62) - 1)) >>> 10) - C(2251799813685248d);
        var r = fraction * C(3.487868498008632e-16);
        var z = r * r;
        var s = C(1.5895964940397525e-10);
        s = Fma(s, z, -2.5050742654629106e-08);
        s = Fma(s, z, 2.755731358412902e-06);
        s = Fma(s, z, -0.00019841269829462844);
        s = Fma(s, z, 0.008333333333321922);
        s = Fma(s, z, -0.1666666666666663);
        var sine = Fma(s, z * r, r);
        var c = C(-1.1358757660658735e-11);
        c = Fma(c, z, 2.087570556336216e-09);
        c = Fma(c, z, -2.755731421825488e-07);
        c = Fma(c, z, 2.4801587289005894e-05);
        c = Fma(c, z, -0.0013888888888873346);
        c = Fma(c, z, 0.041666666666666595);
        c = Fma(c, z, -0.5);
        var cosine = Fma(c, z, 1d);

        var odd = Vector.Equals(quadrant & Vl.One, Vl.One);
        var cosineSign = Vector.AsVectorDouble(((quadrant + Vl.One) & Vector.Create(2L)) << 62);
        var sineSign = Vector.AsVectorDouble((quadrant & Vector.Create(2L)) << 62);
        return ((Select(odd, sine, cosine) ^ cosineSign) * rho, (Select(odd, cosine, sine) ^ sineSign) * rho);
    }

    /// <summary>A whole number below 2^52 as float64, exactly, through the mantissa of 2^52.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vd Whole(Vector<ulong> number)
        => Vector.AsVectorDouble(number | Vector.Create(0x4330000000000000UL)) - C(4503599627370496d);
}
