using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>Runs a comparison over any broadcasting and strides; the result is one byte, 0 or 1, an element.</summary>
internal static unsafe class ComparisonLoop
{
    // Inlined, the loops of all element types would share one stack frame, and each call would clear it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Run<TFn, T>(Tensor a, Tensor b, Tensor y) where TFn : struct, IComparison where T : unmanaged
    {
        using var openA = a.Open<T>();
        using var openB = b.Open<T>();
        using var openY = y.Open<byte>();
        T* pa = openA.Pointer, pb = openB.Pointer;
        byte* py = openY.Pointer;
        var walk = new StridedWalk(y.Shape, a, b);
        Workers.For(y.ElementCount, Workers.Grain, (start, end) =>
        {
            var blockA = stackalloc T[Feed<T>.Room];
            var blockB = stackalloc T[Feed<T>.Room];
            var left = new Feed<T>(walk, 0, pa, start, end, blockA);
            var right = new Feed<T>(walk, 1, pb, start, end, blockB);
            bool gathers = left.Gathers || right.Gathers;
            for (long at = start; at < end;)
            {
                long count = Math.Min(end - at, Feed<T>.Most(walk, at, gathers));
                Piece<TFn, T>(left.Next(at, count), left.Step, right.Next(at, count), right.Step, py + at, count);
                at += count;
            }
        });
    }

    private static void Piece<TFn, T>(T* a, int sa, T* b, int sb, byte* y, long n) where TFn : struct, IComparison where T : unmanaged
    {
        // As many elements at a time as there are bytes in a vector: their masks are narrowed to one vector of bytes.
        int w = Vector<byte>.Count;
        long i = 0;
        for (; i <= n - w; i += w) Truths<TFn, T>(a + i * sa, sa, b + i * sb, sb).Store(y + i);
        if (i == n) return;
        var restA = stackalloc T[w];
        var restB = stackalloc T[w];
        new Span<T>(restA, w).Clear();
        new Span<T>(restB, w).Clear();
        Lanes.Gather(a + i * sa, sa, restA, n - i);
        Lanes.Gather(b + i * sb, sb, restB, n - i);
        Lanes.StorePart(Truths<TFn, T>(restA, 1, restB, 1), y + i, n - i);
    }

    private static Vector<byte> Truths<TFn, T>(T* a, int sa, T* b, int sb) where TFn : struct, IComparison where T : unmanaged
    {
        if (sizeof(T) == 1) return Vector.AsVectorByte(Mask<TFn, T>(a, sa, b, sb, 0)) & Vector<byte>.One;
        if (sizeof(T) == 4) return Narrow(Words<TFn, T>(a, sa, b, sb, 0), Words<TFn, T>(a, sa, b, sb, 1));
        var low = Vector.Narrow(Quads<TFn, T>(a, sa, b, sb, 0), Quads<TFn, T>(a, sa, b, sb, 1));
        var high = Vector.Narrow(Quads<TFn, T>(a, sa, b, sb, 2), Quads<TFn, T>(a, sa, b, sb, 3));
        return Narrow(low, high);
    }

    private static Vector<byte> Narrow(Vector<short> low, Vector<short> high) => Vector.AsVectorByte(Vector.Narrow(low, high)) & Vector<byte>.One;

    private static Vector<short> Words<TFn, T>(T* a, int sa, T* b, int sb, int pair) where TFn : struct, IComparison where T : unmanaged =>
        Vector.Narrow(Vector.AsVectorInt32(Mask<TFn, T>(a, sa, b, sb, 2 * pair)), Vector.AsVectorInt32(Mask<TFn, T>(a, sa, b, sb, 2 * pair + 1)));

    private static Vector<int> Quads<TFn, T>(T* a, int sa, T* b, int sb, int pair) where TFn : struct, IComparison where T : unmanaged =>
        Vector.Narrow(Vector.AsVectorInt64(Mask<TFn, T>(a, sa, b, sb, 2 * pair)), Vector.AsVectorInt64(Mask<TFn, T>(a, sa, b, sb, 2 * pair + 1)));

    private static Vector<T> Mask<TFn, T>(T* a, int sa, T* b, int sb, int block) where TFn : struct, IComparison where T : unmanaged
    {
        int at = block * Vector<T>.Count;
        return TFn.Apply(sa == 0 ? new Vector<T>(*a) : Vector.Load(a + at), sb == 0 ? new Vector<T>(*b) : Vector.Load(b + at));
    }
}
