using System.Numerics;

namespace NativeDL;

/// <summary>Runs an elementwise function of one operand over any strides, threads and remainders.</summary>
internal static unsafe class UnaryLoop
{
    public static void Run<TFn>(TFn fn, Tensor x, Tensor y) where TFn : struct, IUnary
    {
        switch (x.DType)
        {
            case DType.Float32: Typed<TFn, float>(fn, x, y); break;
            case DType.Float64: Typed<TFn, double>(fn, x, y); break;
            case DType.Int32: Typed<TFn, int>(fn, x, y); break;
            case DType.Int64: Typed<TFn, long>(fn, x, y); break;
            default: throw Error.DType(TFn.Name, "the element type has no arithmetic", $"{x.DType} {x.Shape}", "Float32, Float64, Int32 or Int64", "convert it with Cast");
        }
    }

    private static void Typed<TFn, T>(TFn fn, Tensor x, Tensor y) where TFn : struct, IUnary where T : unmanaged
    {
        using var px = x.Open<T>();
        using var py = y.Open<T>();
        if (!x.IsContiguous) Strided(fn, x, px.Pointer, py.Pointer, y.ElementCount);
        else if (y.ElementCount < 2 * Workers.Grain) Contiguous(fn, px.Pointer, py.Pointer, y.ElementCount);
        else Parallel(fn, px.Pointer, py.Pointer, y.ElementCount);
    }

    private static void Parallel<TFn, T>(TFn fn, T* x, T* y, long n) where TFn : struct, IUnary where T : unmanaged =>
        Workers.For(n, Workers.Grain, (start, end) => Contiguous(fn, x + start, y + start, end - start));

    private static void Strided<TFn, T>(TFn fn, Tensor x, T* px, T* py, long n) where TFn : struct, IUnary where T : unmanaged
    {
        var walk = new StridedWalk(x.Shape, x);
        Workers.For(n, Workers.Grain, (start, end) =>
        {
            T* block = stackalloc T[Lanes.Block];
            long stride = walk.Inner(0);
            var cursor = walk.From(start);
            for (long at = start; at < end;)
            {
                long count = Math.Min(Math.Min(cursor.Run, end - at), Lanes.Block);
                T* from = px + cursor.Offset(0);
                if (stride != 1)
                {
                    Lanes.Gather(from, stride, block, count);
                    from = block;
                }
                Contiguous(fn, from, py + at, count);
                cursor.Advance(count);
                at += count;
            }
        });
    }

    private static void Contiguous<TFn, T>(TFn fn, T* x, T* y, long n) where TFn : struct, IUnary where T : unmanaged
    {
        long i = 0;
        for (; i <= n - Vector<T>.Count; i += Vector<T>.Count) fn.Apply(Vector.Load(x + i)).Store(y + i);
        if (i < n) Lanes.StorePart(fn.Apply(Lanes.LoadPart(x + i, n - i)), y + i, n - i);
    }
}
