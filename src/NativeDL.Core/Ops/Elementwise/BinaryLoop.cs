using System.Numerics;

namespace NativeDL;

/// <summary>Runs an elementwise function of two operands over any broadcasting, strides, threads and remainders.</summary>
internal static unsafe class BinaryLoop
{
    public static void Run<TFn>(TFn fn, Tensor a, Tensor b, Tensor y) where TFn : struct, IBinary
    {
        switch (a.DType)
        {
            case DType.Float32: Typed<TFn, float>(fn, a, b, y); break;
            case DType.Float64: Typed<TFn, double>(fn, a, b, y); break;
            case DType.Int32: Typed<TFn, int>(fn, a, b, y); break;
            case DType.Int64: Typed<TFn, long>(fn, a, b, y); break;
            default: throw Error.DType(TFn.Name, "the element type has no arithmetic", $"{a.DType} {a.Shape}", "Float32, Float64, Int32 or Int64", "convert the operands with Cast");
        }
    }

    private static void Typed<TFn, T>(TFn fn, Tensor a, Tensor b, Tensor y) where TFn : struct, IBinary where T : unmanaged
    {
        using var pa = a.Open<T>();
        using var pb = b.Open<T>();
        using var py = y.Open<T>();
        long n = y.ElementCount;
        // The common cases, without building a walk: equal shapes, or a single number on one side.
        int sa = a.IsContiguous && a.ElementCount == n ? 1 : a.ElementCount == 1 ? 0 : -1;
        int sb = b.IsContiguous && b.ElementCount == n ? 1 : b.ElementCount == 1 ? 0 : -1;
        if (sa < 0 || sb < 0) Strided(fn, a, b, y, pa.Pointer, pb.Pointer, py.Pointer);
        else if (n < 2 * Workers.Grain) Piece(fn, pa.Pointer, sa, pb.Pointer, sb, py.Pointer, n);
        else Parallel(fn, pa.Pointer, sa, pb.Pointer, sb, py.Pointer, n);
    }

    private static void Parallel<TFn, T>(TFn fn, T* a, int sa, T* b, int sb, T* y, long n) where TFn : struct, IBinary where T : unmanaged =>
        Workers.For(n, Workers.Grain, (start, end) => Piece(fn, a + start * sa, sa, b + start * sb, sb, y + start, end - start));

    private static void Strided<TFn, T>(TFn fn, Tensor a, Tensor b, Tensor y, T* pa, T* pb, T* py) where TFn : struct, IBinary where T : unmanaged
    {
        var walk = new StridedWalk(y.Shape, a, b);
        Workers.For(y.ElementCount, Workers.Grain, (start, end) =>
        {
            T* blockA = stackalloc T[Lanes.Block];
            T* blockB = stackalloc T[Lanes.Block];
            long sa = walk.Inner(0), sb = walk.Inner(1);
            bool gather = sa is not (0 or 1) || sb is not (0 or 1);
            var cursor = walk.From(start);
            for (long at = start; at < end;)
            {
                long count = Math.Min(cursor.Run, end - at);
                if (gather) count = Math.Min(count, Lanes.Block);
                T* fromA = pa + cursor.Offset(0), fromB = pb + cursor.Offset(1);
                if (sa is not (0 or 1))
                {
                    Lanes.Gather(fromA, sa, blockA, count);
                    fromA = blockA;
                }
                if (sb is not (0 or 1))
                {
                    Lanes.Gather(fromB, sb, blockB, count);
                    fromB = blockB;
                }
                Piece(fn, fromA, sa == 0 ? 0 : 1, fromB, sb == 0 ? 0 : 1, py + at, count);
                cursor.Advance(count);
                at += count;
            }
        });
    }

    // Strides are 0 (the same number for all) or 1.
    private static void Piece<TFn, T>(TFn fn, T* a, int sa, T* b, int sb, T* y, long n) where TFn : struct, IBinary where T : unmanaged
    {
        if (n == 0) return;
        long i = 0;
        int w = Vector<T>.Count;
        if (sa != 0 && sb != 0)
        {
            for (; i <= n - w; i += w) fn.Apply(Vector.Load(a + i), Vector.Load(b + i)).Store(y + i);
            if (i < n) Lanes.StorePart(fn.Apply(Lanes.LoadPart(a + i, n - i), Lanes.LoadPart(b + i, n - i)), y + i, n - i);
        }
        else if (sa != 0)
        {
            var same = new Vector<T>(*b);
            for (; i <= n - w; i += w) fn.Apply(Vector.Load(a + i), same).Store(y + i);
            if (i < n) Lanes.StorePart(fn.Apply(Lanes.LoadPart(a + i, n - i), same), y + i, n - i);
        }
        else if (sb != 0)
        {
            var same = new Vector<T>(*a);
            for (; i <= n - w; i += w) fn.Apply(same, Vector.Load(b + i)).Store(y + i);
            if (i < n) Lanes.StorePart(fn.Apply(same, Lanes.LoadPart(b + i, n - i)), y + i, n - i);
        }
        else
        {
            var same = fn.Apply(new Vector<T>(*a), new Vector<T>(*b));
            for (; i <= n - w; i += w) same.Store(y + i);
            if (i < n) Lanes.StorePart(same, y + i, n - i);
        }
    }
}
