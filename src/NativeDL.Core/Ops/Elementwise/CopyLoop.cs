using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>Copies elements of any type between any strides.</summary>
internal static unsafe class CopyLoop
{
    // A tile of a transposition: its cache lines on both sides are used up before they are left.
    private const long Tile = 64;

    /// <summary>Overwrites <paramref name="target"/> with <paramref name="source"/> of the same shape and element type; both on the CPU.</summary>
    public static void Run(Tensor source, Tensor target)
    {
        switch (source.DType.Size())
        {
            case 8: Typed<long>(source, target); break;
            case 4: Typed<int>(source, target); break;
            case 2: Typed<ushort>(source, target); break;
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
        int across = Across(walk);
        if (across >= 0 && n >= Workers.Grain) Transposed(walk, across, x, y, n);
        else ByRuns(walk, x, y, n);
    }

    private static void ByRuns<T>(StridedWalk walk, T* x, T* y, long n) where T : unmanaged => Workers.For(n, Workers.Grain, (start, end) =>
    {
        long from = walk.Inner(0), to = walk.Inner(1);
        var source = walk.From(0, start);
        var target = walk.From(1, start);
        for (long at = start; at < end;)
        {
            long count = Math.Min(source.Run, end - at);
            T* a = x + source.Offset, b = y + target.Offset;
            if (from == 1 && to == 1) Buffer.MemoryCopy(a, b, count * sizeof(T), count * sizeof(T));
            else
                for (long i = 0; i < count; i++) b[i * to] = a[i * from];
            source.Advance(count);
            target.Advance(count);
            at += count;
        }
    });

    // The dimension along which the source's elements stand side by side while the target's run along the last; -1 if there is none.
    private static int Across(StridedWalk walk)
    {
        if (walk.Inner(0) is 0 or 1 || walk.Inner(1) != 1) return -1;
        for (int d = 0; d < walk.Rank - 1; d++)
            if (walk.Stride(0, d) == 1) return d;
        return -1;
    }

    // A task is a band of Tile rows (along `across`) and all columns (the last dimension) at one place of the other dimensions.
    private static void Transposed<T>(StridedWalk walk, int across, T* x, T* y, long n) where T : unmanaged
    {
        long rows = walk.Size(across), columns = walk.RunLength;
        long bands = (rows + Tile - 1) / Tile;
        long tasks = n / (rows * columns) * bands;
        long fromColumn = walk.Inner(0), toRow = walk.Stride(1, across);
        Workers.For(tasks, Math.Max(1, Workers.Grain / (Tile * columns)), (start, end) =>
        {
            for (long task = start; task < end; task++)
            {
                (long place, long band) = Math.DivRem(task, bands);
                T* a = x, b = y;
                for (int d = walk.Rank - 2; d >= 0; d--)
                {
                    if (d == across) continue;
                    (place, long i) = Math.DivRem(place, walk.Size(d));
                    a += i * walk.Stride(0, d);
                    b += i * walk.Stride(1, d);
                }
                long first = band * Tile, last = Math.Min(rows, first + Tile);
                for (long column = 0; column < columns; column += Tile)
                    CopyTile(a, fromColumn, b, toRow, first, last, column, Math.Min(columns, column + Tile));
            }
        });
    }

    // Through a small buffer, line by line on either side: rows a power of two apart all fall into the same few
    // places of a cache, and would throw each other out before they are used up.
    private static void CopyTile<T>(T* x, long fromColumn, T* y, long toRow, long firstRow, long lastRow, long firstColumn, long lastColumn) where T : unmanaged
    {
        const int pitch = (int)Tile + 1;
        var buffer = stackalloc T[(int)Tile * pitch];
        long rows = lastRow - firstRow, columns = lastColumn - firstColumn;
        for (long c = 0; c < columns; c++)
        {
            var from = x + firstRow + (firstColumn + c) * fromColumn;
            Unsafe.CopyBlockUnaligned(buffer + c * pitch, from, (uint)(rows * sizeof(T)));
        }
        for (long r = 0; r < rows; r++)
        {
            var to = y + (firstRow + r) * toRow + firstColumn;
            for (long c = 0; c < columns; c++) to[c] = buffer[c * pitch + r];
        }
    }
}
