using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>Runs an elementwise function of one operand over any strides, threads and remainders.</summary>
internal static unsafe class UnaryLoop
{
    // Inlined, the loops of all element types would share one stack frame, and each call would clear it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Run<TFn, T>(TFn fn, Tensor x, Tensor y) where TFn : struct, IUnary where T : unmanaged
    {
        if (!x.IsContiguous) x = Lanes.Straight(x);
        using var px = x.Open<T>();
        using var py = y.Open<T>();
        long n = y.ElementCount;
        if (!x.IsContiguous) Strided(fn, new StridedWalk(x.Shape, x), px.Pointer, py.Pointer, n);
        else if (n < 2 * Workers.Grain) Piece(fn, px.Pointer, py.Pointer, n, stream: false);
        else Parallel(fn, px.Pointer, py.Pointer, n);
    }

    private static void Parallel<TFn, T>(TFn fn, T* x, T* y, long n) where TFn : struct, IUnary where T : unmanaged
    {
        bool stream = Lanes.Streams<T>(n);
        Workers.For(n, Workers.Grain, (start, end) => Piece(fn, x + start, y + start, end - start, stream));
    }

    private static void Strided<TFn, T>(TFn fn, StridedWalk walk, T* x, T* y, long n) where TFn : struct, IUnary where T : unmanaged
    {
        bool stream = Lanes.Streams<T>(n);
        Workers.For(n, Workers.Grain, (start, end) =>
        {
            var block = stackalloc T[Feed<T>.Room];
            var feed = new Feed<T>(walk, 0, x, start, end, block);
            for (long at = start; at < end;)
            {
                long count = Math.Min(end - at, Feed<T>.Most(walk, at, gathers: true));
                var from = feed.Next(at, count);
                if (feed.Step == 0)
                {
                    // One number for the whole run.
                    for (long i = 0; i < count; i++) block[i] = *from;
                    from = block;
                }
                Piece(fn, from, y + at, count, stream);
                at += count;
            }
        });
    }

    private static void Piece<TFn, T>(TFn fn, T* x, T* y, long n, bool stream) where TFn : struct, IUnary where T : unmanaged
    {
        stream &= Lanes.IsAligned(y);
        long i = 0;
        for (; i <= n - Vector<T>.Count; i += Vector<T>.Count) Lanes.Put(fn.Apply(Vector.Load(x + i)), y + i, stream);
        if (i < n) Lanes.StorePart(fn.Apply(Lanes.LoadPart(x + i, n - i)), y + i, n - i);
    }
}
