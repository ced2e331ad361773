using System.Globalization;

namespace NativeDL;

/// <summary>A brain floating-point number: the upper 16 bits of a float, 8 exponent and 7 fraction bits.</summary>
/// <param name="bits">The bits.</param>
public readonly struct BFloat16(ushort bits) : IEquatable<BFloat16>, IFormattable
{
    /// <summary>The bits.</summary>
    public ushort Bits { get; } = bits;

    /// <summary>The nearest one, the even of two; NaN stays NaN.</summary>
    public static explicit operator BFloat16(float value)
    {
        uint word = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return new((ushort)((word >> 16) | 0x40));
        return new((ushort)((word + 0x7fff + ((word >> 16) & 1)) >> 16));
    }

    /// <summary>The nearest one, the even of two: rounded once, not by way of float.</summary>
    public static explicit operator BFloat16(double value)
    {
        float near = (float)value;
        if (near != value && !double.IsNaN(value) && !double.IsInfinity(value))
        {
            // Towards zero and the last bit set: what was cut off is remembered by a bit that cannot decide a tie.
            uint word = BitConverter.SingleToUInt32Bits(near);
            if (Math.Abs((double)near) > Math.Abs(value)) word--;
            near = BitConverter.UInt32BitsToSingle(word | 1);
        }
        return (BFloat16)near;
    }

    /// <summary>The same number.</summary>
    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);

    /// <summary>Whether the numbers are equal; NaN equals NaN here.</summary>
    public bool Equals(BFloat16 other) => ((float)this).Equals(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BFloat16 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((float)this).GetHashCode();

    /// <summary>Whether the numbers are equal; NaN equals nothing.</summary>
    public static bool operator ==(BFloat16 a, BFloat16 b) => (float)a == b;

    /// <summary>Whether the numbers differ.</summary>
    public static bool operator !=(BFloat16 a, BFloat16 b) => (float)a != b;

    /// <inheritdoc/>
    public override string ToString() => ToString(null, CultureInfo.InvariantCulture);

    /// <summary>As a float is formatted; without a format in as few digits as tell the number from its neighbours.</summary>
    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        float value = this;
        if (!string.IsNullOrEmpty(format)) return value.ToString(format, formatProvider);
        for (int digits = 1; digits < 5 && float.IsFinite(value); digits++)
        {
            string text = value.ToString($"G{digits}", formatProvider);
            if (((BFloat16)double.Parse(text, formatProvider)).Bits == Bits) return text;
        }
        return value.ToString(null, formatProvider);
    }
}
