using System.Numerics;

namespace NativeDL.Ops;

/// <summary>
/// Goto's blocking, turned on its side for row-major matrices: a block of op(A) stays in the L3 cache, a block of
/// op(B) in the L2, a few rows of the block of A in the L1, and the panels of B stream past them from the L2.
/// <code>
/// for each Depth of k               (fixed: it decides the bits)
///   for each block of rows of C       pack op(A), or read it in place
///     for each block of columns       pack op(B), or read it in place
///       for each TileRows rows
///         for each two vectors of columns: one register tile
/// </code>
/// </summary>
internal static unsafe class GemmBlocking
{
    /// <summary>Length of a block along k, the same on every machine.</summary>
    public const int Depth = 256;

    /// <summary>Rows of A copied for the kernel lie this far apart: a cache line more than they are long.</summary>
    private const int CopiedRow = Depth + 16;

    public static void Run<T, V, L>(in GemmProduct<T> g)
        where T : unmanaged, INumberBase<T>
        where V : unmanaged
        where L : struct, ILanes<T, V>
    {
        int blockRows = GemmWorkspace.BytesOfA / (PanelOfA<T, V, L>() * CopiedRow * sizeof(T)) * L.TileRows;
        int blockColumns = (sizeof(V) == 64 ? GemmWorkspace.BytesOfB : GemmWorkspace.BytesOfB * 3 / 8) / (Depth * sizeof(T));

        GemmWorkspace workspace = GemmWorkspace.Current;
        for (int p = 0; p < g.K; p += Depth)
        {
            int depth = Math.Min(Depth, g.K - p);
            for (int i = 0; i < g.M; i += blockRows)
            {
                int rows = Math.Min(blockRows, g.M - i);
                GemmOperand<T> a = BlockOfA<T, V, L>(g, i, p, rows, depth, (T*)workspace.A);
                for (int j = 0; j < g.N; j += blockColumns)
                {
                    int columns = Math.Min(blockColumns, g.N - j);
                    GemmOperand<T> b = BlockOfB<T, V, L>(g, p, j, columns, depth, (T*)workspace.B);
                    var merge = new GemmMerge<T, V, L>(g.Alpha, p == 0 ? g.Beta : T.One, g.Ldc, (T*)workspace.Tile);
                    GemmBlock<T, V, L>.Multiply(a, b, merge, g.C + (i * g.Ldc) + j, rows, columns, depth);
                }
            }
        }

        GC.KeepAlive(workspace);
    }

    /// <summary>A packed panel of A: the tile's rows, rounded up to what the transposition writes at once.</summary>
    private static int PanelOfA<T, V, L>()
        where T : unmanaged
        where V : unmanaged
        where L : struct, ILanes<T, V>
        => (L.TileRows + 3) & ~3;

    private static GemmOperand<T> BlockOfA<T, V, L>(in GemmProduct<T> g, nint i, nint p, int rows, int depth, T* buffer)
        where T : unmanaged
        where V : unmanaged
        where L : struct, ILanes<T, V>
    {
        int panel = PanelOfA<T, V, L>();
        int whole = rows - (rows % L.TileRows);
        T* tail = buffer + (whole / L.TileRows * panel * CopiedRow);
        if (g.TransA)
        {
            T* source = g.A + (p * g.Lda) + i;
            for (int r = 0; r < whole; r += L.TileRows)
            {
                GemmPacking.AcrossA(source + r, g.Lda, L.TileRows, depth, buffer + (r / L.TileRows * panel * depth), panel);
            }

            if (whole < rows)
            {
                GemmPacking.AcrossA(source + whole, g.Lda, rows - whole, depth, tail, panel);
            }

            return new GemmOperand<T>(buffer, panel * depth, row: 1, step: panel, tail, panel);
        }

        T* first = g.A + (i * g.Lda) + p;
        if (whole < rows)
        {
            GemmPacking.Along(first + (whole * g.Lda), g.Lda, rows - whole, depth, tail, panel);
        }

        if (!RowsCollide(g.Lda * sizeof(T)))
        {
            return new GemmOperand<T>(first, L.TileRows * g.Lda, row: g.Lda, step: 1, tail, panel);
        }

        GemmPacking.Rows(first, g.Lda, whole, depth, buffer, CopiedRow);
        return new GemmOperand<T>(buffer, L.TileRows * CopiedRow, row: CopiedRow, step: 1, tail, panel);
    }

    private static GemmOperand<T> BlockOfB<T, V, L>(in GemmProduct<T> g, nint p, nint j, int columns, int depth, T* buffer)
        where T : unmanaged
        where V : unmanaged
        where L : struct, ILanes<T, V>
    {
        int panel = 2 * L.Count;
        int whole = columns - (columns % panel);
        T* tail = buffer + (whole * depth);
        if (g.TransB)
        {
            T* source = g.B + (j * g.Ldb) + p;
            for (int c = 0; c < columns; c += panel)
            {
                GemmPacking.Along(source + (c * g.Ldb), g.Ldb, Math.Min(panel, columns - c), depth, buffer + (c * depth), panel);
            }

            return new GemmOperand<T>(buffer, panel * depth, row: 1, step: panel, tail, panel);
        }

        T* first = g.B + (p * g.Ldb) + j;
        if (whole < columns)
        {
            GemmPacking.Across<T, V, L>(first + whole, g.Ldb, columns - whole, depth, tail, panel);
        }

        // A block that meets only a few rows of C is read fewer times than packing would read and write it.
        if (g.M <= 2 * L.TileRows)
        {
            return new GemmOperand<T>(first, panel, row: 1, step: g.Ldb, tail, panel);
        }

        for (int c = 0; c < whole; c += panel)
        {
            GemmPacking.Across<T, V, L>(first + c, g.Ldb, panel, depth, buffer + (c * depth), panel);
        }

        return new GemmOperand<T>(buffer, panel * depth, row: 1, step: panel, tail, panel);
    }

    /// <summary>
    /// True if the rows of a tile would fall onto the same sets of the L1 cache (whose ways are 4 KB or a
    /// multiple of it) and evict each other.
    /// </summary>
    private static bool RowsCollide(nint bytes)
    {
        nint apart = bytes & 4095;
        return bytes >= 4096 - 256 && (apart < 256 || apart > 4096 - 256);
    }
}

/// <summary>
/// A block of an operand as the micro-kernel reads it: whole panels at equal distances, and the last, narrower
/// one, always packed (with padding, so that a kernel may read all of it).
/// </summary>
internal readonly unsafe struct GemmOperand<T>
    where T : unmanaged
{
    public readonly T* Panels, Tail;
    public readonly nint Panel, Row, Step, TailStep;

    /// <param name="panels">The first whole panel.</param>
    /// <param name="panel">From one panel to the next.</param>
    /// <param name="row">From one row (of A) or column (of B) of a panel to the next.</param>
    /// <param name="step">From one k to the next.</param>
    /// <param name="tail">The last panel, whose rows lie side by side.</param>
    /// <param name="tailStep">From one k to the next in the last panel.</param>
    public GemmOperand(T* panels, nint panel, nint row, nint step, T* tail, nint tailStep)
    {
        Panels = panels;
        Tail = tail;
        (Panel, Row, Step, TailStep) = (panel, row, step, tailStep);
    }
}
