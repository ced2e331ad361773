using System.Numerics;

namespace NativeDL;

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

    /// <summary>Operands that span no more are read where they are: both together stay in the L1 cache.</summary>
    private const int BytesReadInPlace = 16 * 1024;

    public static void Run<T, V, L>(in GemmProduct<T> g)
        where T : unmanaged, INumberBase<T>
        where V : unmanaged
        where L : struct, ILanes<T, V>
    {
        int blockRows = GemmWorkspace.BytesOfA / (PanelOfA<T, V, L>() * CopiedRow * sizeof(T)) * L.TileRows;
        int blockColumns = (sizeof(V) == 64 ? GemmWorkspace.BytesOfB : GemmWorkspace.BytesOfB * 3 / 8) / (Depth * sizeof(T));

        var workspace = GemmWorkspace.Current;
        for (int p = 0; p < g.K; p += Depth)
        {
            int depth = Math.Min(Depth, g.K - p);
            for (int i = 0; i < g.M; i += blockRows)
            {
                int rows = Math.Min(blockRows, g.M - i);
                var a = BlockOfA<T, V, L>(g, i, p, rows, depth, (T*)workspace.A);
                for (int j = 0; j < g.N; j += blockColumns)
                {
                    int columns = Math.Min(blockColumns, g.N - j);
                    var b = BlockOfB<T, V, L>(g, p, j, columns, depth, (T*)workspace.B);
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
        int height = L.TileRows, panel = PanelOfA<T, V, L>(), last = rows % height, whole = rows - last;
        var tail = buffer + (whole / height * panel * CopiedRow);
        int tailStep = (last + 3) & ~3;
        bool tailFits = last == tailStep;
        bool collide = RowsCollide(g.Lda * sizeof(T));
        if (g.TransA)
        {
            var source = g.A + (p * g.Lda) + i;
            if (tailFits && !collide && (g.N <= 4 * L.Count || depth * g.Lda * sizeof(T) <= BytesReadInPlace))
            {
                return new GemmOperand<T>(source, height, row: 1, g.Lda, source + whole, tailRow: 1, g.Lda);
            }

            for (int r = 0; r < whole; r += height)
            {
                GemmPacking.AcrossA(source + r, g.Lda, height, depth, buffer + (r / height * panel * depth), panel);
            }

            GemmPacking.AcrossA(source + whole, g.Lda, last, depth, tail, tailStep);
            return new GemmOperand<T>(buffer, panel * depth, row: 1, panel, tail, tailRow: 1, tailStep);
        }

        var rowsOfA = g.A + (i * g.Lda) + p;
        nint row = g.Lda, tailRow = 1;
        if (!tailFits)
        {
            GemmPacking.Along(rowsOfA + (whole * g.Lda), g.Lda, last, depth, tail, tailStep);
        }

        if (collide)
        {
            GemmPacking.Rows(rowsOfA, g.Lda, tailFits ? rows : whole, depth, buffer, CopiedRow);
            rowsOfA = buffer;
            row = CopiedRow;
        }

        if (tailFits)
        {
            tail = rowsOfA + (whole * row);
            tailRow = row;
            tailStep = 1;
        }

        return new GemmOperand<T>(rowsOfA, height * row, row, step: 1, tail, tailRow, tailStep);
    }

    private static GemmOperand<T> BlockOfB<T, V, L>(in GemmProduct<T> g, nint p, nint j, int columns, int depth, T* buffer)
        where T : unmanaged
        where V : unmanaged
        where L : struct, ILanes<T, V>
    {
        int panel = 2 * L.Count, last = columns % panel, whole = columns - last;
        var tail = buffer + (whole * depth);
        int tailStep = last <= L.Count ? L.Count : panel;
        if (g.TransB)
        {
            var source = g.B + (j * g.Ldb) + p;
            for (int c = 0; c < whole; c += panel)
            {
                GemmPacking.Along(source + (c * g.Ldb), g.Ldb, panel, depth, buffer + (c * depth), panel);
            }

            if (last > 0)
            {
                GemmPacking.Along(source + (whole * g.Ldb), g.Ldb, last, depth, tail, tailStep);
            }

            return new GemmOperand<T>(buffer, panel * depth, row: 1, panel, tail, tailRow: 1, tailStep);
        }

        // A block that meets only a few rows of C is read fewer times than packing would read and write it; a
        // small one stays in the L1 cache as it is.
        var columnsOfB = g.B + (p * g.Ldb) + j;
        bool inPlace = g.M <= 2 * L.TileRows || depth * g.Ldb * sizeof(T) <= BytesReadInPlace;
        if (inPlace && last % L.Count == 0)
        {
            return new GemmOperand<T>(columnsOfB, panel, row: 1, g.Ldb, columnsOfB + whole, tailRow: 1, g.Ldb);
        }

        GemmPacking.Across<T, V, L>(columnsOfB + whole, g.Ldb, last, depth, tail, tailStep);
        if (inPlace)
        {
            return new GemmOperand<T>(columnsOfB, panel, row: 1, g.Ldb, tail, tailRow: 1, tailStep);
        }

        for (int c = 0; c < whole; c += panel)
        {
            GemmPacking.Across<T, V, L>(columnsOfB + c, g.Ldb, panel, depth, buffer + (c * depth), panel);
        }

        return new GemmOperand<T>(buffer, panel * depth, row: 1, panel, tail, tailRow: 1, tailStep);
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
/// A block of an operand as the micro-kernel reads it: whole panels at equal distances, and the last, smaller one,
/// which a kernel may read up to its next multiple of 4 rows (of A) or of a vector of columns (of B).
/// </summary>
internal readonly unsafe struct GemmOperand<T>
    where T : unmanaged
{
    public readonly T* Panels, Tail;
    public readonly nint Panel, Row, Step, TailRow, TailStep;

    /// <param name="panels">The first whole panel.</param>
    /// <param name="panel">From one panel to the next.</param>
    /// <param name="row">From one row (of A) or column (of B) of a panel to the next.</param>
    /// <param name="step">From one k to the next.</param>
    /// <param name="tail">The last panel.</param>
    /// <param name="tailRow">From one row or column to the next in the last panel.</param>
    /// <param name="tailStep">From one k to the next in the last panel.</param>
    public GemmOperand(T* panels, nint panel, nint row, nint step, T* tail, nint tailRow, nint tailStep)
    {
        Panels = panels;
        Tail = tail;
        (Panel, Row, Step, TailRow, TailStep) = (panel, row, step, tailRow, tailStep);
    }
}
