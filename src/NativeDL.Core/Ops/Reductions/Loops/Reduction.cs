using System.Numerics;

namespace NativeDL;

/// <summary>
/// Reduces any axes of a tensor. Which elements meet in which order depends on the shape alone: 32 fixed lanes
/// joined by a fixed tree, pieces of fixed length joined in their order; not on threads or vector width.
/// </summary>
internal static unsafe class Reduction
{
    private const int RowPiece = 16 * 1024;
    private const int ColumnPiece = 256;
    private const int ColumnBlock = 512;

    /// <summary>Reduces <paramref name="x"/> over <paramref name="axes"/> (normalized, rising) into the contiguous <paramref name="y"/>.</summary>
    public static void Run<TR, T>(Tensor x, int[] axes, Tensor y) where TR : struct, IReducer where T : unmanaged, INumber<T> =>
        Arranged<TR, AsItIs, T>(x, axes, y, null);

    /// <summary>The sum of a function of each element and its group's shift; the shifts are contiguous, one for each element of <paramref name="y"/>.</summary>
    public static void RunMapped<TM, T>(Tensor x, int[] axes, Tensor shift, Tensor y) where TM : struct, IReductionMap where T : unmanaged, INumber<T> =>
        Arranged<SumReducer, TM, T>(x, axes, y, shift);

    /// <summary>Divides a fresh contiguous tensor in place.</summary>
    public static void Divide<T>(Tensor y, double divisor) where T : unmanaged, INumber<T>
    {
        using var open = y.Open<T>();
        var p = open.Pointer;
        var by = T.CreateChecked(divisor);
        for (long i = 0; i < y.ElementCount; i++) p[i] /= by;
    }

    /// <summary>Overwrites a fresh contiguous floating-point tensor with its roots.</summary>
    public static void Root<T>(Tensor y) where T : unmanaged, INumber<T>
    {
        using var open = y.Open<T>();
        var p = open.Pointer;
        for (long i = 0; i < y.ElementCount; i += Vector<T>.Count)
        {
            long count = Math.Min(Vector<T>.Count, y.ElementCount - i);
            Lanes.StorePart(Vector.SquareRoot(Lanes.LoadPart(p + i, count)), p + i, count);
        }
    }

    /// <summary>The tensor as contiguous [outer, length, inner] with the middle reduced; copied if its axes stand otherwise.</summary>
    public static (Tensor Source, long Outer, long Length, long Inner) Arrange(Tensor x, int[] axes)
    {
        long length = 1, outer = 1, inner = 1;
        foreach (int a in axes) length *= x.Shape[a];
        bool together = axes.Length > 0;
        for (int i = 1; i < axes.Length; i++) together &= axes[i] == axes[i - 1] + 1;
        if (together)
        {
            for (int i = 0; i < axes[0]; i++) outer *= x.Shape[i];
            for (int i = axes[^1] + 1; i < x.Rank; i++) inner *= x.Shape[i];
            return (x.Packed(), outer, length, inner);
        }
        int[] kept = [.. Enumerable.Range(0, x.Rank).Where(i => !axes.Contains(i))];
        foreach (int k in kept) outer *= x.Shape[k];
        return (x.PermuteView([.. kept, .. axes]).Packed(), outer, length, 1);
    }

    private static void Arranged<TR, TM, T>(Tensor x, int[] axes, Tensor y, Tensor? shift) where TR : struct, IReducer where TM : struct, IReductionMap
        where T : unmanaged, INumber<T>
    {
        var (source, outer, length, inner) = Arrange(x, axes);
        using var openX = source.Open<T>();
        using var openY = y.Open<T>();
        using var openShift = (shift ?? y).Open<T>();
        T* px = openX.Pointer, py = openY.Pointer, ps = openShift.Pointer;
        if (length == 0)
        {
            for (long i = 0; i < outer * inner; i++) py[i] = TR.Identity<T>();
        }
        else if (inner == 1 && length > RowPiece && outer < 64) LongRows<TR, TM, T>(px, py, ps, outer, length);
        else if (inner == 1)
        {
            long rows = Math.Max(1, Workers.Grain / length);
            Workers.For(outer, rows, (start, end) =>
            {
                for (long r = start; r < end; r++) py[r] = RowReduction.Run<TR, TM, T>(px + r * length, length, TM.IsIdentity ? default : ps[r]);
            });
        }
        else Columns<TR, TM, T>(px, py, ps, outer, length, inner);
    }

    private static void LongRows<TR, TM, T>(T* x, T* y, T* shift, long outer, long length) where TR : struct, IReducer where TM : struct, IReductionMap
        where T : unmanaged, INumber<T>
    {
        long pieces = (length + RowPiece - 1) / RowPiece;
        using var scratch = new Scratch<T>(outer * pieces);
        var parts = scratch.Pointer;
        Workers.Run(checked((int)(outer * pieces)), i =>
        {
            (long row, long piece) = Math.DivRem(i, pieces);
            parts[i] = RowReduction.Run<TR, TM,
                T>(x + row * length + piece * RowPiece, Math.Min(RowPiece, length - piece * RowPiece), TM.IsIdentity ? default : shift[row]);
        });
        for (long r = 0; r < outer; r++) y[r] = RowReduction.Run<TR, AsItIs, T>(parts + r * pieces, pieces, default);
    }

    // [outer, length, inner]: whole vectors run along inner, pieces of rows are joined in their order.
    private static void Columns<TR, TM, T>(T* x, T* y, T* shift, long outer, long length, long inner) where TR : struct, IReducer where TM : struct,
        IReductionMap where T : unmanaged, INumber<T>
    {
        long pieces = (length + ColumnPiece - 1) / ColumnPiece;
        if (pieces == 1)
        {
            Piecewise<TR, TM, T>(x, y, shift, outer, 1, length, inner);
            return;
        }
        using var scratch = new Scratch<T>(outer * pieces * inner);
        Piecewise<TR, TM, T>(x, scratch.Pointer, shift, outer, pieces, length, inner);
        Piecewise<TR, AsItIs, T>(scratch.Pointer, y, shift, outer, 1, pieces, inner);
    }

    // y becomes [outer, pieces, inner]. A task is a block of columns of one piece; small ones are taken together.
    private static void Piecewise<TR, TM, T>(T* x, T* y, T* shift, long outer, long pieces, long length, long inner) where TR : struct, IReducer
        where TM : struct, IReductionMap where T : unmanaged, INumber<T>
    {
        long blocks = (inner + ColumnBlock - 1) / ColumnBlock, perPiece = pieces == 1 ? length : ColumnPiece;
        long perTask = Math.Max(1, Workers.Grain / Math.Max(1, perPiece * Math.Min(inner, ColumnBlock)));
        Workers.For(outer * pieces * blocks, perTask, (start, end) =>
        {
            for (long task = start; task < end; task++)
            {
                (long group, long block) = Math.DivRem(task, blocks);
                (long o, long piece) = Math.DivRem(group, pieces);
                long column = block * ColumnBlock, first = piece * perPiece;
                ColumnReduction.Run<TR, TM, T>(x + (o * length + first) * inner + column, inner, Math.Min(perPiece, length - first),
                    y + group * inner + column, Math.Min(ColumnBlock, inner - column), shift + o * inner + column);
            }
        });
    }
}
