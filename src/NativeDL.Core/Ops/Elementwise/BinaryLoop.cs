using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>Runs an elementwise function of two operands over any broadcasting, strides, threads and remainders.</summary>
internal static unsafe class BinaryLoop
{
    // Inlined, the loops of all element types would share one stack frame, and each call would clear it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Run<TFn, T>(TFn fn, Tensor a, Tensor b, Tensor y) where TFn : struct, IBinary where T : unmanaged
    {
        long n = y.ElementCount;
        if (n == 0) return;
        // The common cases, without building a walk: equal shapes, or a single number on one side.
        int sa = a.ElementCount == n && a.IsContiguous ? 1 : a.ElementCount == 1 ? 0 : -1;
        int sb = b.ElementCount == n && b.IsContiguous ? 1 : b.ElementCount == 1 ? 0 : -1;
        if (sa < 0 || sb < 0)
        {
            Strided<TFn, T>(fn, Lanes.Straight(a), Lanes.Straight(b), y);
            return;
        }
        using var pa = a.Open<T>();
        using var pb = b.Open<T>();
        using var py = y.Open<T>();
        if (n < 2 * Workers.Grain) Piece(fn, pa.Pointer, sa, pb.Pointer, sb, py.Pointer, n, stream: false);
        else Parallel(fn, pa.Pointer, sa, pb.Pointer, sb, py.Pointer, n);
    }

    private static void Parallel<TFn, T>(TFn fn, T* a, int sa, T* b, int sb, T* y, long n) where TFn : struct, IBinary where T : unmanaged
    {
        bool stream = Lanes.Streams<T>(n);
        Workers.For(n, Workers.Grain, (start, end) => Piece(fn, a + start * sa, sa, b + start * sb, sb, y + start, end - start, stream));
    }

    private static void Strided<TFn, T>(TFn fn, Tensor a, Tensor b, Tensor y) where TFn : struct, IBinary where T : unmanaged
    {
        using var openA = a.Open<T>();
        using var openB = b.Open<T>();
        using var openY = y.Open<T>();
        var walk = new StridedWalk(y.Shape, a, b);
        if (y.ElementCount < 2 * Workers.Grain) Chunk(fn, walk, openA.Pointer, openB.Pointer, openY.Pointer, 0, y.ElementCount, stream: false);
        else Parallel(fn, walk, openA.Pointer, openB.Pointer, openY.Pointer, y.ElementCount);
    }

    private static void Parallel<TFn, T>(TFn fn, StridedWalk walk, T* a, T* b, T* y, long n) where TFn : struct, IBinary where T : unmanaged
    {
        bool stream = Lanes.Streams<T>(n);
        Workers.For(n, Workers.Grain, (start, end) => Chunk(fn, walk, a, b, y, start, end, stream));
    }

    private static void Chunk<TFn, T>(TFn fn, StridedWalk walk, T* a, T* b, T* y, long start, long end, bool stream) where TFn : struct, IBinary
        where T : unmanaged
    {
        var blockA = stackalloc T[Feed<T>.Room];
        var blockB = stackalloc T[Feed<T>.Room];
        var left = new Feed<T>(walk, 0, a, start, end, blockA);
        var right = new Feed<T>(walk, 1, b, start, end, blockB);
        bool gathers = left.Gathers || right.Gathers;
        for (long at = start; at < end;)
        {
            long count = Math.Min(end - at, Feed<T>.Most(walk, at, gathers));
            Piece(fn, left.Next(at, count), left.Step, right.Next(at, count), right.Step, y + at, count, stream);
            at += count;
        }
    }

    // Strides are 0 (the same number for all) or 1.
    private static void Piece<TFn, T>(TFn fn, T* a, int sa, T* b, int sb, T* y, long n, bool stream) where TFn : struct, IBinary where T : unmanaged
    {
        stream &= Lanes.IsAligned(y);
        long i = 0;
        int w = Vector<T>.Count;
        if (sa != 0 && sb != 0)
        {
            for (; i <= n - w; i += w) Lanes.Put(fn.Apply(Vector.Load(a + i), Vector.Load(b + i)), y + i, stream);
            if (i < n) Lanes.StorePart(fn.Apply(Lanes.LoadPart(a + i, n - i), Lanes.LoadPart(b + i, n - i)), y + i, n - i);
        }
        else if (sa != 0)
        {
            var same = new Vector<T>(*b);
            for (; i <= n - w; i += w) Lanes.Put(fn.Apply(Vector.Load(a + i), same), y + i, stream);
            if (i < n) Lanes.StorePart(fn.Apply(Lanes.LoadPart(a + i, n - i), same), y + i, n - i);
        }
        else if (sb != 0)
        {
            var same = new Vector<T>(*a);
            for (; i <= n - w; i += w) Lanes.Put(fn.Apply(same, Vector.Load(b + i)), y + i, stream);
            if (i < n) Lanes.StorePart(fn.Apply(same, Lanes.LoadPart(b + i, n - i)), y + i, n - i);
        }
        else
        {
            var same = fn.Apply(new Vector<T>(*a), new Vector<T>(*b));
            for (; i <= n - w; i += w) Lanes.Put(same, y + i, stream);
            if (i < n) Lanes.StorePart(same, y + i, n - i);
        }
    }
}
