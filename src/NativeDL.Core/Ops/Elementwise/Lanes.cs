using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>Small pieces that all elementwise loops share.</summary>
internal static unsafe class Lanes
{
    /// <summary>Strided elements are gathered into blocks of this many before they go through the vector body.</summary>
    public const int Block = 256;

    /// <summary>A number in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Constant<T>(double value) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return Vector.As<float, T>(new Vector<float>((float)value));
        if (typeof(T) == typeof(double)) return Vector.As<double, T>(new Vector<double>(value));
        if (typeof(T) == typeof(int)) return Vector.As<int, T>(new Vector<int>((int)value));
        if (typeof(T) == typeof(long)) return Vector.As<long, T>(new Vector<long>((long)value));
        return Vector.As<byte, T>(new Vector<byte>((byte)value));
    }

    /// <summary>x, and the limit where x is less; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> AtLeast<T>(Vector<T> x, double low) where T : unmanaged
    {
        var limit = Constant<T>(low);
        return Vector.ConditionalSelect(Vector.LessThan(x, limit), limit, x);
    }

    /// <summary>x brought into −limit … limit; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Within<T>(Vector<T> x, double limit) where T : unmanaged
    {
        var high = Constant<T>(limit);
        return Vector.ConditionalSelect(Vector.GreaterThan(x, high), high, AtLeast(x, -limit));
    }

    /// <summary>The first <paramref name="count"/> lanes from memory, the others 1, by which whole numbers too can be divided.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> LoadPart<T>(T* source, long count) where T : unmanaged
    {
        var block = stackalloc T[Vector<T>.Count];
        Vector<T>.One.Store(block);
        for (long i = 0; i < count; i++) block[i] = source[i];
        return Vector.Load(block);
    }

    /// <summary>The first <paramref name="count"/> lanes to memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart<T>(Vector<T> value, T* target, long count) where T : unmanaged
    {
        var block = stackalloc T[Vector<T>.Count];
        value.Store(block);
        for (long i = 0; i < count; i++) target[i] = block[i];
    }

    /// <summary>Whether a result is too big for the caches to be there when somebody reads it.</summary>
    public static bool Streams<T>(long elements) where T : unmanaged => elements * sizeof(T) >= 16 << 20;

    /// <summary>Whether a whole vector may go past the caches to this address.</summary>
    public static bool IsAligned<T>(T* target) where T : unmanaged => ((nint)target & (Vector<byte>.Count - 1)) == 0;

    /// <summary>A whole vector to memory; past the caches if told so, which saves reading the lines that it overwrites.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<T>(Vector<T> value, T* target, bool stream) where T : unmanaged
    {
        if (stream) value.StoreAlignedNonTemporal(target);
        else value.Store(target);
    }

    /// <summary>
    /// A big operand whose elements run across memory, such as a transposed matrix, as a copy in the result's order:
    /// the copy goes tile by tile, where an elementwise walk would fetch a cache line for every element.
    /// </summary>
    public static Tensor Straight(Tensor x)
    {
        if (x.IsContiguous || x.ElementCount < 2 * Workers.Grain) return x;
        for (int d = x.Rank - 1; d >= 0; d--)
            if (x.Shape[d] > 1) return x.Strides[d] is 0 or 1 ? x : x.Copy();
        return x;
    }

    /// <summary>Strided elements side by side.</summary>
    public static void Gather<T>(T* source, long stride, T* target, long count) where T : unmanaged
    {
        for (long i = 0; i < count; i++) target[i] = source[i * stride];
    }
}
