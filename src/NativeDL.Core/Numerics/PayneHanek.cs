namespace NativeDL.Numerics;

/// <summary>
/// Reduction of very large angles by π/2 with as many digits of 2/π as the angle needs (Payne and Hanek 1983).
/// Integer arithmetic only, so it is the same everywhere.
/// </summary>
internal static class PayneHanek
{
    // 2/π = 0.A2F9836E… in base 16, 1,280 bits.
    private static ReadOnlySpan<ulong> TwoOverPi =>
    [
        0xA2F9836E4E441529, 0xFC2757D1F534DDC0, 0xDB6295993C439041, 0xFE5163ABDEBBC561, 0xB7246E3A424DD2E0,
        0x06492EEA09D1921C, 0xFE1DEB1CB129A73E, 0xE88235F52EBB4484, 0xE99C7026B45F7E41, 0x3991D639835339F4,
        0x9C845F8BBDF9283B, 0x1FF897FFDE05980F, 0xEF2F118B5A0A6D1F, 0x6D367ECF27CB09B7, 0x4F463F669E5FEA2D,
        0x7527BAC7EBE5F17B, 0x3D0739F78A5292EA, 0x6BFB5FB11F8D5D08, 0x56033046FC7B6BAB, 0xF0CFBC209AF4361D,
    ];

    /// <summary>a = quadrant·π/2 + r + rLow (quadrant modulo 4), for a ≥ 2^30; NaN for a NaN or infinite.</summary>
    public static (ulong Quadrant, double R, double RLow) Reduce(double a)
    {
        if (!double.IsFinite(a))
        {
            return (0, double.NaN, double.NaN);
        }

        // a = mantissa·2^exponent with a whole mantissa of 53 bits.
        ulong bits = BitConverter.DoubleToUInt64Bits(a);
        int exponent = (int)(bits >> 52) - 1075;
        ulong mantissa = (bits & 0x000FFFFFFFFFFFFF) | 0x0010000000000000;

        // Of 2/π only the bits from weight 2^(1 − exponent) down matter: those above give multiples of 4 quadrants.
        // The window of 192 bits starts there, so that window·mantissa modulo 2^192 has the quadrant in its top two
        // bits and the fraction of a quadrant below.
        int start = exponent - 2;
        ulong w0 = Bits(start), w1 = Bits(start + 64), w2 = Bits(start + 128);
        ulong carry2 = Math.BigMul(w2, mantissa, out _);
        ulong carry1 = Math.BigMul(w1, mantissa, out ulong p1);
        var product = new UInt128(unchecked((w0 * mantissa) + carry1), p1) + carry2;

        ulong quadrant = (ulong)(product >> 126);
        var fraction = product << 2;
        bool negative = (fraction >> 127) != 0;
        if (negative)
        {
            // Nearest multiple instead of the one below.
            quadrant++;
            fraction = UInt128.Zero - fraction;
        }

        int zeros = (int)UInt128.LeadingZeroCount(fraction);
        fraction <<= zeros;
        double high = (double)(ulong)(fraction >> 75);
        double low = (double)(ulong)((fraction >> 22) & 0x001FFFFFFFFFFFFF);

        // fraction = (high·2^-53 + low·2^-106)·2^-zeros quadrants; times π/2.
        double scale = BitConverter.UInt64BitsToDouble((ulong)(1023 - 53 - zeros) << 52);
        high *= negative ? -scale : scale;
        low *= (negative ? -scale : scale) * (1d / 9007199254740992d);
        double r = high * 1.5707963267948966;
        double rLow = Math.FusedMultiplyAdd(high, 1.5707963267948966, -r)
            + Math.FusedMultiplyAdd(high, 6.123233995736766e-17, low * 1.5707963267948966);
        return (quadrant, r, rLow);
    }

    // 64 bits of 2/π from the given place after the binary point (places before it are 0).
    private static ulong Bits(int place)
    {
        int word = place >> 6, shift = place & 63;
        ulong first = Word(word);
        return shift == 0 ? first : (first << shift) | (Word(word + 1) >> (64 - shift));
    }

    private static ulong Word(int index) => (uint)index < (uint)TwoOverPi.Length ? TwoOverPi[index] : 0;
}
