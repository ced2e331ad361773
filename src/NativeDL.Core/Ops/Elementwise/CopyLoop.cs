namespace NativeDL;

/// <summary>Copies elements of any type between any strides.</summary>
internal static unsafe class CopyLoop
{
    /// <summary>Overwrites <paramref name="target"/> with <paramref name="source"/> of the same shape and element type; both on the CPU.</summary>
    public static void Run(Tensor source, Tensor target)
    {
        switch (source.DType.Size())
        {
            case 8: Typed<long>(source, target); break;
            case 4: Typed<int>(source, target); break;
            default: Typed<byte>(source, target); break;
        }
    }

    private static void Typed<T>(Tensor source, Tensor target) where T : unmanaged
    {
        using var openX = source.Open<T>();
        using var openY = target.Open<T>();
        T* x = openX.Pointer, y = openY.Pointer;
        long n = source.ElementCount;
        if (source.IsContiguous && target.IsContiguous && n < 2 * Workers.Grain)
        {
            Buffer.MemoryCopy(x, y, n * sizeof(T), n * sizeof(T));
            return;
        }
        var walk = new StridedWalk(source.Shape, source, target);
        Workers.For(n, Workers.Grain, (start, end) =>
        {
            long from = walk.Inner(0), to = walk.Inner(1);
            var cursor = walk.From(start);
            for (long at = start; at < end;)
            {
                long count = Math.Min(cursor.Run, end - at);
                T* a = x + cursor.Offset(0), b = y + cursor.Offset(1);
                if (from == 1 && to == 1) Buffer.MemoryCopy(a, b, count * sizeof(T), count * sizeof(T));
                else
                    for (long i = 0; i < count; i++) b[i * to] = a[i * from];
                cursor.Advance(count);
                at += count;
            }
        });
    }
}
