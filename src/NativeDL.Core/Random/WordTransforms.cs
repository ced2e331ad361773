using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;
using static NativeDL.Numerics.LaneMath;
using Vd = System.Numerics.Vector<double>;
using Vf = System.Numerics.Vector<float>;

namespace NativeDL;

/// <summary>Makes two vectors of elements from the words that belong to them (one word a float32, two a float64).</summary>
internal unsafe interface IWordTransform<T>
    where T : unmanaged
{
    void Apply(uint* words, T* values);
}

internal readonly unsafe struct UniformTransform<T>(T low, T width) : IWordTransform<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(uint* words, T* values)
    {
        WordPairs.Affine(One(words), width, low).Store(values);
        WordPairs.Affine(One(words + Vector<uint>.Count), width, low).Store(values + Vector<T>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> One(uint* words)
    {
        if (typeof(T) == typeof(float))
        {
            var whole = Vector.ConvertToSingle(Vector.AsVectorInt32(Vector.Load(words) >>> 8));
            return Vector.As<float, T>(whole * C(1f / 16777216f));
        }

        // 53 bits are more than the exact conversion takes at once: the upper 32, then the next 21.
        var pair = Vector.Load((ulong*)words);
        var lower = NormalTransform.Whole((pair & Vector.Create(0xFFFFFFFFUL)) >>> 11) * C(1d / 9007199254740992d);
        return Vector.As<double, T>(Fma(NormalTransform.Whole(pair >>> 32), 1d / 4294967296d, lower));
    }
}

internal readonly unsafe struct NormalFill<T>(T mean, T deviation, double* scratch) : IWordTransform<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(uint* words, T* values)
    {
        if (typeof(T) == typeof(float))
        {
            // Radius and angle words alternate, and so do the results.
            var (radius, angle) = WordPairs.Split(Vector.Load((ulong*)words), Vector.Load((ulong*)(words + Vector<uint>.Count)));
            var (cosine, sine) = NormalTransform.BoxMuller(radius, angle);
            var (first, second) = WordPairs.Join(Vector.AsVectorUInt32(cosine), Vector.AsVectorUInt32(sine));
            WordPairs.Affine(Vector.As<uint, T>(first), deviation, mean).Store(values);
            WordPairs.Affine(Vector.As<uint, T>(second), deviation, mean).Store(values + Vector<T>.Count);
        }
        else
        {
            // Vector<T> has no shuffle of 64-bit lanes, hence the way through memory.
            ulong* pairs = (ulong*)words, radii = (ulong*)scratch, angles = radii + Vector<ulong>.Count;
            for (int i = 0; i < Vector<ulong>.Count; i++)
            {
                (radii[i], angles[i]) = (pairs[2 * i], pairs[(2 * i) + 1]);
            }

            var (cosine, sine) = NormalTransform.BoxMuller(Vector.Load(radii), Vector.Load(angles));
            T* first = (T*)scratch, second = first + Vector<T>.Count;
            WordPairs.Affine(Vector.As<double, T>(cosine), deviation, mean).Store(first);
            WordPairs.Affine(Vector.As<double, T>(sine), deviation, mean).Store(second);
            for (int i = 0; i < Vector<T>.Count; i++)
            {
                (values[2 * i], values[(2 * i) + 1]) = (first[i], second[i]);
            }
        }
    }
}

internal readonly unsafe struct TruncatedNormalFill<T>(T mean, T deviation) : IWordTransform<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(uint* words, T* values)
    {
        WordPairs.Affine(One(words), deviation, mean).Store(values);
        WordPairs.Affine(One(words + Vector<uint>.Count), deviation, mean).Store(values + Vector<T>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> One(uint* words)
        => typeof(T) == typeof(float)
            ? Vector.As<float, T>(TruncatedNormalTransform.Transform(Vector.Load(words)))
            : Vector.As<double, T>(TruncatedNormalTransform.Transform(Vector.Load((ulong*)words)));
}

internal static class WordPairs
{
    /// <summary>x·scale + shift, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Affine<T>(Vector<T> x, T scale, T shift)
        where T : unmanaged
        => typeof(T) == typeof(float)
            ? Vector.As<float, T>(Fma(Vector.As<T, float>(x), Vector.As<T, float>(new Vector<T>(scale)), Vector.As<T, float>(new Vector<T>(shift))))
            : Vector.As<double, T>(Fma(Vector.As<T, double>(x), Vector.As<T, double>(new Vector<T>(scale)), Vector.As<T, double>(new Vector<T>(shift))));

    /// <summary>The even and the odd words of two vectors; lanes alternate between the two, as <see cref="Join"/> undoes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector<uint> Even, Vector<uint> Odd) Split(Vector<ulong> a, Vector<ulong> b)
    {
        var low = Vector.Create(0xFFFFFFFFUL);
        return (Vector.AsVectorUInt32((a & low) | (b << 32)), Vector.AsVectorUInt32((a >>> 32) | (b & ~low)));
    }

    /// <summary>The inverse of <see cref="Split"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector<uint> A, Vector<uint> B) Join(Vector<uint> even, Vector<uint> odd)
    {
        var low = Vector.Create(0xFFFFFFFFUL);
        Vector<ulong> e = Vector.AsVectorUInt64(even), o = Vector.AsVectorUInt64(odd);
        return (Vector.AsVectorUInt32((e & low) | (o << 32)), Vector.AsVectorUInt32((e >>> 32) | (o & ~low)));
    }
}
