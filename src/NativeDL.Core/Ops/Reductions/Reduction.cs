using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>How a reduction joins two partial results; associative up to rounding, with an identity.</summary>
internal interface IReducer
{
    /// <summary>The partial result of no elements.</summary>
    static abstract T Identity<T>() where T : unmanaged, INumber<T>;

    static abstract Vector<T> Join<T>(Vector<T> a, Vector<T> b) where T : unmanaged;

    static abstract T Join<T>(T a, T b) where T : unmanaged, INumber<T>;
}

/// <summary>a + b.</summary>
internal readonly struct SumReducer : IReducer
{
    public static T Identity<T>() where T : unmanaged, INumber<T> => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Join<T>(Vector<T> a, Vector<T> b) where T : unmanaged => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Join<T>(T a, T b) where T : unmanaged, INumber<T> => a + b;
}

/// <summary>
/// Reduces any axes of a tensor. Which elements meet in which order depends on the shape alone: 32 fixed lanes
/// joined by a fixed tree, pieces of fixed length joined in their order; not on threads or vector width.
/// </summary>
internal static unsafe class Reduction
{
    private const int LaneCount = 32;
    private const int RowPiece = 16 * 1024;
    private const int ColumnPiece = 256;
    private const int ColumnBlock = 512;

    /// <summary>Reduces <paramref name="x"/> over <paramref name="axes"/> (normalized, rising) into the contiguous <paramref name="y"/>.</summary>
    public static void Run<TR>(string op, Tensor x, int[] axes, Tensor y) where TR : struct, IReducer
    {
        if (!x.Device.IsCpu)
        {
            x.Device.Reduce(op, x, axes, y);
            return;
        }
        var (source, outer, length, inner) = Arrange(x, axes);
        switch (x.DType)
        {
            case DType.Float32: Typed<TR, float>(source, y, outer, length, inner); break;
            case DType.Float64: Typed<TR, double>(source, y, outer, length, inner); break;
            case DType.Int32: Typed<TR, int>(source, y, outer, length, inner); break;
            case DType.Int64: Typed<TR, long>(source, y, outer, length, inner); break;
            default: throw Error.DType(op, "the element type has no arithmetic", $"{x.DType} {x.Shape}", "Float32, Float64, Int32 or Int64", "convert it with Cast");
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
            return (x.Contiguous(), outer, length, inner);
        }
        int[] kept = [.. Enumerable.Range(0, x.Rank).Where(i => !axes.Contains(i))];
        foreach (int k in kept) outer *= x.Shape[k];
        return (x.PermuteView([.. kept, .. axes]).Contiguous(), outer, length, 1);
    }

    private static void Typed<TR, T>(Tensor x, Tensor y, long outer, long length, long inner) where TR : struct, IReducer where T : unmanaged, INumber<T>
    {
        using var openX = x.Open<T>();
        using var openY = y.Open<T>();
        T* px = openX.Pointer, py = openY.Pointer;
        if (length == 0)
        {
            for (long i = 0; i < outer * inner; i++) py[i] = TR.Identity<T>();
        }
        else if (inner == 1 && length > RowPiece && outer < 64) LongRows<TR, T>(px, py, outer, length);
        else if (inner == 1)
        {
            long rows = Math.Max(1, Workers.Grain / length);
            Workers.For(outer, rows, (start, end) =>
            {
                for (long r = start; r < end; r++) py[r] = Row<TR, T>(px + r * length, length);
            });
        }
        else Columns<TR, T>(px, py, outer, length, inner);
    }

    private static void LongRows<TR, T>(T* x, T* y, long outer, long length) where TR : struct, IReducer where T : unmanaged, INumber<T>
    {
        long pieces = (length + RowPiece - 1) / RowPiece;
        var parts = new T[outer * pieces];
        Workers.Run(checked((int)(outer * pieces)), i =>
        {
            (long row, long piece) = Math.DivRem(i, pieces);
            parts[i] = Row<TR, T>(x + row * length + piece * RowPiece, Math.Min(RowPiece, length - piece * RowPiece));
        });
        fixed (T* p = parts)
            for (long r = 0; r < outer; r++) y[r] = Row<TR, T>(p + r * pieces, pieces);
    }

    /// <summary>One contiguous row.</summary>
    public static T Row<TR, T>(T* x, long n) where TR : struct, IReducer where T : unmanaged, INumber<T>
    {
        T* lanes = stackalloc T[LaneCount];
        int w = Vector<T>.Count;
        var identity = new Vector<T>(TR.Identity<T>());
        for (int lane = 0; lane < LaneCount; lane += w) identity.Store(lanes + lane);
        long whole = n / LaneCount * LaneCount;
        if (LaneCount == 4 * w && whole > 0)
        {
            // The usual width for float: the four accumulators stay in registers.
            Vector<T> a = identity, b = identity, c = identity, d = identity;
            for (long i = 0; i < whole; i += LaneCount)
            {
                a = TR.Join(a, Vector.Load(x + i));
                b = TR.Join(b, Vector.Load(x + i + w));
                c = TR.Join(c, Vector.Load(x + i + 2 * w));
                d = TR.Join(d, Vector.Load(x + i + 3 * w));
            }
            a.Store(lanes);
            b.Store(lanes + w);
            c.Store(lanes + 2 * w);
            d.Store(lanes + 3 * w);
        }
        else
        {
            for (int lane = 0; lane < LaneCount && whole > 0; lane += w)
            {
                var sum = identity;
                for (long i = lane; i < whole; i += LaneCount) sum = TR.Join(sum, Vector.Load(x + i));
                sum.Store(lanes + lane);
            }
        }
        for (long i = whole; i < n; i++) lanes[i - whole] = TR.Join(lanes[i - whole], x[i]);
        for (int half = LaneCount / 2; half > 0; half /= 2)
            for (int i = 0; i < half; i++) lanes[i] = TR.Join(lanes[i], lanes[i + half]);
        return lanes[0];
    }

    // [outer, length, inner]: whole vectors run along inner, pieces of rows are joined in their order.
    private static void Columns<TR, T>(T* x, T* y, long outer, long length, long inner) where TR : struct, IReducer where T : unmanaged, INumber<T>
    {
        long pieces = (length + ColumnPiece - 1) / ColumnPiece;
        long blocks = (inner + ColumnBlock - 1) / ColumnBlock;
        if (pieces == 1)
        {
            // A task is a block of columns of one outer index; small ones are taken together.
            long perTask = Math.Max(1, Workers.Grain / Math.Max(1, length * Math.Min(inner, ColumnBlock)));
            Workers.For(outer * blocks, perTask, (start, end) =>
            {
                for (long task = start; task < end; task++)
                {
                    (long o, long block) = Math.DivRem(task, blocks);
                    long column = block * ColumnBlock;
                    ColumnsOfPiece<TR, T>(x + o * length * inner + column, inner, length, y + o * inner + column, Math.Min(ColumnBlock, inner - column));
                }
            });
            return;
        }
        var parts = new T[outer * pieces * inner];
        fixed (T* fixedParts = parts)
        {
            T* p = fixedParts;
            Workers.Run(checked((int)(outer * pieces)), i =>
            {
                (long o, long piece) = Math.DivRem(i, pieces);
                long first = piece * ColumnPiece;
                T* from = x + (o * length + first) * inner;
                T* to = p + i * inner;
                for (long column = 0; column < inner; column += ColumnBlock)
                    ColumnsOfPiece<TR, T>(from + column, inner, Math.Min(ColumnPiece, length - first), to + column, Math.Min(ColumnBlock, inner - column));
            });
            for (long o = 0; o < outer; o++)
                ColumnsOfPiece<TR, T>(p + o * pieces * inner, inner, pieces, y + o * inner, inner);
        }
    }

    private static void ColumnsOfPiece<TR, T>(T* x, long stride, long rows, T* y, long columns) where TR : struct, IReducer where T : unmanaged, INumber<T>
    {
        Unsafe.CopyBlockUnaligned(y, x, (uint)(columns * sizeof(T)));
        for (long r = 1; r < rows; r++)
        {
            T* row = x + r * stride;
            long i = 0;
            for (; i <= columns - Vector<T>.Count; i += Vector<T>.Count) TR.Join(Vector.Load(y + i), Vector.Load(row + i)).Store(y + i);
            for (; i < columns; i++) y[i] = TR.Join(y[i], row[i]);
        }
    }
}
