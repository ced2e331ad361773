using System.Numerics;

namespace NativeDL;

/// <summary>Between 2-byte floating-point numbers and float32: exact one way, rounded to nearest even the other.</summary>
internal static unsafe class HalfPrecision
{
    /// <summary>Writes the elements of a half-precision tensor into a contiguous float32 one of the same shape.</summary>
    public static void Widen(Tensor x, Tensor y)
    {
        var packed = x.Packed();
        using var from = packed.Open<ushort>();
        using var to = y.Open<float>();
        ushort* px = from.Pointer;
        float* py = to.Pointer;
        bool brain = x.DType == DType.BFloat16;
        Workers.For(x.ElementCount, Workers.Grain, (start, end) => Widen(brain, px + start, py + start, (int)(end - start)));
        if (!ReferenceEquals(packed, x)) packed.Free();
    }

    /// <summary>Writes a contiguous float32 tensor into a contiguous half-precision one of the same shape.</summary>
    public static void Narrow(Tensor x, Tensor y)
    {
        using var from = x.Open<float>();
        using var to = y.Open<ushort>();
        float* px = from.Pointer;
        ushort* py = to.Pointer;
        bool brain = y.DType == DType.BFloat16;
        Workers.For(x.ElementCount, Workers.Grain, (start, end) => Narrow(brain, px + start, py + start, (int)(end - start)));
    }

    public static void Widen(bool brain, ushort* x, float* y, int count)
    {
        int i = 0, w = Vector<ushort>.Count;
        for (; i <= count - w; i += w) WidenBlock(brain, x + i, y + i);
        if (i == count) return;
        // The rest through the same body, so that an element's bits do not depend on where it stands.
        ushort* block = stackalloc ushort[w];
        float* wide = stackalloc float[w];
        new Span<ushort>(x + i, count - i).CopyTo(new Span<ushort>(block, w));
        WidenBlock(brain, block, wide);
        new Span<float>(wide, count - i).CopyTo(new Span<float>(y + i, count - i));
    }

    public static void Narrow(bool brain, float* x, ushort* y, int count)
    {
        int i = 0, w = Vector<ushort>.Count;
        for (; i <= count - w; i += w) NarrowBlock(brain, x + i, y + i);
        if (i == count) return;
        float* block = stackalloc float[w];
        ushort* narrow = stackalloc ushort[w];
        new Span<float>(x + i, count - i).CopyTo(new Span<float>(block, w));
        NarrowBlock(brain, block, narrow);
        new Span<ushort>(narrow, count - i).CopyTo(new Span<ushort>(y + i, count - i));
    }

    private static void WidenBlock(bool brain, ushort* x, float* y)
    {
        Vector.Widen(Vector.Load(x), out var low, out var high);
        (brain ? low << 16 : FromFloat16(low)).Store((uint*)y);
        (brain ? high << 16 : FromFloat16(high)).Store((uint*)y + Vector<uint>.Count);
    }

    private static void NarrowBlock(bool brain, float* x, ushort* y)
    {
        var low = Vector.AsVectorUInt32(Vector.Load(x));
        var high = Vector.AsVectorUInt32(Vector.Load(x + Vector<float>.Count));
        Vector.Narrow(brain ? ToBFloat16(low) : ToFloat16(low), brain ? ToBFloat16(high) : ToFloat16(high)).Store(y);
    }

    private static Vector<uint> ToBFloat16(Vector<uint> word)
    {
        var rounded = (word + new Vector<uint>(0x7fff) + ((word >> 16) & Vector<uint>.One)) >> 16;
        var quiet = (word >> 16) | new Vector<uint>(0x40);
        return Vector.ConditionalSelect(Vector.GreaterThan(word & new Vector<uint>(0x7fffffff), new Vector<uint>(0x7f800000)), quiet, rounded);
    }

    // The exponent's bias is mended by a product, which also brings subnormal numbers to their place.
    private static Vector<uint> FromFloat16(Vector<uint> half)
    {
        var magnitude = (half & new Vector<uint>(0x7fff)) << 13;
        var number = Vector.AsVectorUInt32(Vector.AsVectorSingle(magnitude) * new Vector<float>(BitConverter.UInt32BitsToSingle(0x77800000)));
        var special = Vector.GreaterThanOrEqual(magnitude, new Vector<uint>(0x7c00 << 13));
        return Vector.ConditionalSelect(special, magnitude | new Vector<uint>(0x7f800000), number) | ((half & new Vector<uint>(0x8000)) << 16);
    }

    private static Vector<uint> ToFloat16(Vector<uint> word)
    {
        const uint tooLarge = (127 + 16) << 23, leastNormal = (127 - 14) << 23, aligned = (127 - 15 + 23 - 10 + 1) << 23;
        var sign = word & new Vector<uint>(0x80000000);
        var size = word ^ sign;
        var normal = (size - new Vector<uint>((127 - 15) << 23) + new Vector<uint>(0xfff) + ((size >> 13) & Vector<uint>.One)) >> 13;
        // A sum with a number whose last bit is the subnormals' rounds them as the processor rounds.
        var subnormal = Vector.AsVectorUInt32(Vector.AsVectorSingle(size) + Vector.AsVectorSingle(new Vector<uint>(aligned))) - new Vector<uint>(aligned);
        var special = Vector.ConditionalSelect(Vector.GreaterThan(size, new Vector<uint>(0x7f800000)), new Vector<uint>(0x7e00), new Vector<uint>(0x7c00));
        var half = Vector.ConditionalSelect(Vector.LessThan(size, new Vector<uint>(leastNormal)), subnormal, normal);
        return Vector.ConditionalSelect(Vector.GreaterThanOrEqual(size, new Vector<uint>(tooLarge)), special, half) | (sign >> 16);
    }
}
