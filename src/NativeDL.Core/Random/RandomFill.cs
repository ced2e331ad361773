using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Numerics;

namespace NativeDL;

/// <summary>
/// Fills a range of elements from a stream. Element i is a function of the stream and i alone, so a caller may split
/// the range wherever it likes, over threads or devices: <c>destination</c> points at element <c>start</c>.
/// float32 elements take one word each, float64 two.
/// </summary>
internal static unsafe class RandomFill
{
    private const int ChunkWords = 1024;

    /// <summary>How many words a fill of this many elements takes, for the reservation.</summary>
    public static long WordsFor(DType dtype, long elements) => dtype.ComputeType().Size() / sizeof(uint) * elements;

    /// <summary>
    /// Uniform numbers low + u·(high − low), rounded once, with u in [0, 1) of 24 bits (float32) or 53 (float64).
    /// </summary>
    public static void Uniform<T>(T* destination, long start, long count, PhiloxStream stream, T low, T high)
        where T : unmanaged, INumberBase<T>
        => Run(destination, start, count, stream, new UniformTransform<T>(low, high - low));

    /// <summary>Normal numbers mean + z·deviation, rounded once; |z| ≤ 6.66 (float32) or 8.58 (float64).</summary>
    public static void Normal<T>(T* destination, long start, long count, PhiloxStream stream, T mean, T deviation)
        where T : unmanaged
    {
        byte* scratch = stackalloc byte[2 * Vector<byte>.Count];
        Run(destination, start, count, stream, new NormalFill<T>(mean, deviation, (double*)scratch));
    }

    /// <summary>Normal numbers mean + z·deviation, rounded once, from the distribution cut off at |z| = 2.</summary>
    public static void TruncatedNormal<T>(T* destination, long start, long count, PhiloxStream stream, T mean, T deviation)
        where T : unmanaged
        => Run(destination, start, count, stream, new TruncatedNormalFill<T>(mean, deviation));

    /// <summary>
    /// <paramref name="on"/> with the given probability (see <see cref="Threshold"/>), else 0. The pattern is that of
    /// <see cref="BernoulliMask"/> for either type: one word an element.
    /// </summary>
    public static void Bernoulli<T>(T* destination, long start, long count, PhiloxStream stream, ulong threshold, T on)
        where T : unmanaged
    {
        uint* words = stackalloc uint[ChunkWords];
        for (long done = 0; done < count; done += ChunkWords)
        {
            int part = (int)Math.Min(ChunkWords, count - done);
            Philox.Words(words, start + done, part, stream);
            var target = destination + done;
            int i = 0;
            if (sizeof(T) == sizeof(uint) && threshold <= uint.MaxValue)
            {
                var limit = new Vector<uint>((uint)threshold);
                var yes = Vector.As<T, uint>(new Vector<T>(on));
                for (; i <= part - Vector<uint>.Count; i += Vector<uint>.Count)
                {
                    (Vector.LessThan(Vector.Load(words + i), limit) & yes).Store((uint*)(target + i));
                }
            }

            if (sizeof(T) == sizeof(byte) && threshold <= uint.MaxValue)
            {
                var limit = new Vector<uint>((uint)threshold);
                var yes = Vector.As<T, byte>(new Vector<T>(on));
                for (; i <= part - Vector<byte>.Count; i += Vector<byte>.Count)
                {
                    (Vector.Narrow(Below(words + i, limit), Below(words + i + Vector<ushort>.Count, limit)) & yes)
                        .Store((byte*)(target + i));
                }
            }

            for (; i < part; i++)
            {
                target[i] = words[i] < threshold ? on : default;
            }
        }
    }

    // All ones or zero for each of as many words as a vector has 16-bit lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<ushort> Below(uint* words, Vector<uint> limit)
        => Vector.Narrow(
            Vector.LessThan(Vector.Load(words), limit), Vector.LessThan(Vector.Load(words + Vector<uint>.Count), limit));

    /// <summary>1 with the given probability (see <see cref="Threshold"/>), else 0: word i below the threshold.</summary>
    public static void BernoulliMask(byte* destination, long start, long count, PhiloxStream stream, ulong threshold)
        => Bernoulli<byte>(destination, start, count, stream, threshold, 1);

    /// <summary>The number of 32-bit words, of 2^32, that mean yes.</summary>
    public static ulong Threshold(double probability) => (ulong)Math.Round(Math.Clamp(probability, 0, 1) * 4294967296d);

    // Words are made in chunks that begin on a block, transformed two vectors at a time, and copied where the chunk
    // reaches past the range asked for.
    private static void Run<T, TTransform>(T* destination, long start, long count, PhiloxStream stream, TTransform transform)
        where T : unmanaged
        where TTransform : struct, IWordTransform<T>
    {
        int wordsEach = sizeof(T) / sizeof(uint);
        int chunk = ChunkWords / wordsEach, block = Philox.WordsPerBlock / wordsEach, step = 2 * Vector<T>.Count;
        uint* words = stackalloc uint[ChunkWords];
        var values = stackalloc T[chunk];
        while (count > 0)
        {
            int skip = (int)(start % block);
            int take = (int)Math.Min(chunk - skip, count);
            int blocks = (skip + take + block - 1) / block;
            Philox.Blocks(words, start / block, blocks, stream);
            var target = skip == 0 && take == chunk ? destination : values;
            for (int i = 0; i < skip + take; i += step)
            {
                transform.Apply(words + (i * wordsEach), target + i);
            }

            if (target == values)
            {
                new ReadOnlySpan<T>(values + skip, take).CopyTo(new Span<T>(destination, take));
            }

            destination += take;
            start += take;
            count -= take;
        }
    }
}
