using System.Numerics;
using NativeDL.Interop.OpenBlas;

namespace NativeDL;

/// <summary>
/// The one entry to matrix products on the CPU: <c>C = alpha · op(A) · op(B) + beta · C</c>, row-major, op(A) [m, k],
/// op(B) [k, n], C [m, n]; a transposed operand is stored the other way round. Runs on OpenBLAS where it is there,
/// else on the product in C#. beta = 0 never reads C; k = 0 leaves beta · C. C overlaps no operand.
/// </summary>
/// <remarks>
/// Big products are cut into tiles that depend on (m, n, k) alone, each one single-threaded call, so the bits do not
/// depend on the number of threads. 2·m·n·k FLOPs.
/// </remarks>
internal static unsafe class Gemm
{
    /// <summary>Multiplications below which a product is not cut: about 10 µs of one core.</summary>
    public const long SerialWork = 1 << 19;

    // Enough tiles to keep a few cores busy; lower tiles than this cost the product's own packing too much.
    private const int WantedTiles = 8, LeastRows = 64, LeastColumns = 128, MostRows = 256, MostColumns = 1024;

    // Elements of A per task of a matrix-vector product.
    private const long VectorGrain = 64 * 1024;

    /// <summary>The product on all threads.</summary>
    public static void Run<T>(bool transA, bool transB, int m, int n, int k, T alpha, T* a, int lda, T* b, int ldb, T beta, T* c, int ldc) where T : unmanaged,
        INumber<T>
    {
        if (m == 0 || n == 0) return;
        if ((m == 1 || n == 1) && k > 0 && !T.IsZero(alpha))
        {
            MatrixVector(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
            return;
        }
        var tiles = GemmTiles.Of(m, n, k);
        if (tiles.Count == 1) Single(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
        else Parallel(tiles, transA, transB, k, alpha, a, lda, b, ldb, beta, c, ldc);
    }

    private static void Parallel<T>(GemmTiles tiles, bool transA, bool transB, int k, T alpha, T* a, int lda, T* b, int ldb, T beta, T* c, int ldc)
        where T : unmanaged, INumber<T> =>
        Workers.Run(tiles.Count, i =>
        {
            var t = tiles[i];
            Tile(t, transA, transB, k, alpha, a, lda, b, ldb, beta, c, ldc);
        });

    /// <summary>One tile of a product on the caller's thread; the pointers are those of the whole matrices.</summary>
    public static void Tile<T>(in GemmTile t, bool transA, bool transB, int k, T alpha, T* a, int lda, T* b, int ldb, T beta, T* c, int ldc)
        where T : unmanaged, INumber<T> =>
        Single(transA, transB, t.Rows, t.Columns, k,
            alpha, a + (transA ? t.Row : (long)t.Row * lda), lda, b + (transB ? (long)t.Column * ldb : t.Column), ldb,
            beta, c + (long)t.Row * ldc + t.Column, ldc);

    /// <summary>The product on the caller's thread, as one call.</summary>
    public static void Single<T>(bool transA, bool transB, int m, int n, int k, T alpha, T* a, int lda, T* b, int ldb, T beta, T* c, int ldc)
        where T : unmanaged, INumber<T>
    {
        if (m == 0 || n == 0) return;
        if (k == 0 || T.IsZero(alpha))
        {
            for (int i = 0; i < m; i++) GemmMerge.Scale(c + (long)i * ldc, n, beta);
        }
        else if (!OpenBlasLibrary.IsAvailable) Managed(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
        else if (typeof(T) == typeof(float))
        {
            Cblas.Gemm(CblasOrder.RowMajor, Flag(transA), Flag(transB), m, n, k, float.CreateTruncating(alpha), (float*)a, lda, (float*)b, ldb,
                float.CreateTruncating(beta), (float*)c, ldc);
        }
        else
        {
            Cblas.Gemm(CblasOrder.RowMajor, Flag(transA), Flag(transB), m, n, k, double.CreateTruncating(alpha), (double*)a, lda, (double*)b, ldb,
                double.CreateTruncating(beta), (double*)c, ldc);
        }
    }

    private static void Managed<T>(bool transA, bool transB, int m, int n, int k, T alpha, T* a, int lda, T* b, int ldb, T beta, T* c, int ldc)
        where T : unmanaged, INumber<T>
    {
        // Another library, or none, would give other bits than whoever asked for it expects.
        if (OpenBlasLibrary.Missing is { } missing)
            throw Error.Device("OpenBlas", $"the library that {missing.Source} names is not there", $"{missing.Candidate}: {missing.Reason}", null,
                "name one that is, or none for NativeDL's own products; ndl doctor shows every attempt");
        if (typeof(T) == typeof(float)) ManagedGemm.Multiply(transA, transB, m, n, k, float.CreateTruncating(alpha), (float*)a, lda, (float*)b, ldb,
            float.CreateTruncating(beta), (float*)c, ldc);
        else ManagedGemm.Multiply(transA, transB, m, n, k, double.CreateTruncating(alpha), (double*)a, lda, (double*)b, ldb, double.CreateTruncating(beta),
            (double*)c, ldc);
    }

    private static CblasTranspose Flag(bool transposed) => transposed ? CblasTranspose.Transpose : CblasTranspose.None;

    // One of the results' dimensions is 1: bound by memory, on our own kernel, whose bits do not depend on how it is cut.
    private static void MatrixVector<T>(bool transA, bool transB, int m, int n, int k, T alpha, T* a, int lda, T* b, int ldb, T beta, T* c, int ldc)
        where T : unmanaged, INumber<T>
    {
        // y = alpha · op(M) · x + beta · y; `columns`: the elements of y lie along the stored rows of M.
        bool rowResult = m == 1;
        var matrix = rowResult ? b : a;
        var x = rowResult ? a : b;
        int length = rowResult ? n : m, lead = rowResult ? ldb : lda;
        bool columns = rowResult ? !transB : transA;
        int xStride = rowResult ? (transA ? lda : 1) : transB ? 1 : ldb, yStride = rowResult ? 1 : ldc;

        var y = c;
        if (xStride != 1 || yStride != 1)
        {
            var scratch = ThreadScratch.Get<T>(ThreadScratch.Slot.Vector, (long)k + length);
            if (xStride != 1)
            {
                Lanes.Gather(x, xStride, scratch, k);
                x = scratch;
            }
            if (yStride != 1)
            {
                y = scratch + k;
                if (!T.IsZero(beta)) Lanes.Gather(c, yStride, y, length);
            }
        }
        long grain = Math.Max(columns ? 64 : 1, VectorGrain / Math.Max(1, k));
        if (length <= grain) Vector(columns, length, k, alpha, matrix, lead, x, beta, y);
        else VectorParallel(grain, columns, length, k, alpha, matrix, lead, x, beta, y);
        if (yStride != 1)
            for (long i = 0; i < length; i++) c[i * yStride] = y[i];
    }

    private static void VectorParallel<T>(long grain, bool columns, int length, int k, T alpha, T* matrix, int lead, T* x, T beta, T* y) where T : unmanaged,
        INumber<T> =>
        Workers.For(length, grain, (start, end) =>
            Vector(columns, (int)(end - start), k, alpha, matrix + start * (columns ? 1 : lead), lead, x, beta, y + start));

    private static void Vector<T>(bool columns, int length, int k, T alpha, T* matrix, int lead, T* x, T beta, T* y) where T : unmanaged, INumber<T>
    {
        int rows = columns ? k : length, width = columns ? length : k;
        if (typeof(T) == typeof(float))
            ManagedGemv.Multiply(columns, rows, width, float.CreateTruncating(alpha), (float*)matrix, lead, (float*)x, float.CreateTruncating(beta), (float*)y);
        else ManagedGemv.Multiply(columns, rows, width, double.CreateTruncating(alpha), (double*)matrix, lead, (double*)x, double.CreateTruncating(beta),
            (double*)y);
    }

    /// <summary>How a result of m × n is cut for k: by the sizes alone.</summary>
    internal readonly struct GemmTiles
    {
        private readonly int m, n, rows, columns, across;

        private GemmTiles(int m, int n, int rows, int columns)
        {
            (this.m, this.n, this.rows, this.columns) = (m, n, rows, columns);
            across = (n + columns - 1) / columns;
            Count = checked(across * ((m + rows - 1) / rows));
        }

        /// <summary>Number of tiles.</summary>
        public int Count { get; }

        /// <summary>Tile <paramref name="i"/>, row by row.</summary>
        public GemmTile this[int i]
        {
            get
            {
                (int down, int right) = Math.DivRem(i, across);
                int row = down * rows, column = right * columns;
                return new GemmTile(row, column, Math.Min(rows, m - row), Math.Min(columns, n - column));
            }
        }

        public static GemmTiles Of(int m, int n, int k)
        {
            if (m == 0 || n == 0 || (double)m * n * k <= SerialWork) return new GemmTiles(m, n, Math.Max(m, 1), Math.Max(n, 1));
            int rows = Even(m, MostRows, 16), columns = Even(n, MostColumns, 32);
            while ((long)((m + rows - 1) / rows) * ((n + columns - 1) / columns) < WantedTiles && (double)rows * columns * k > 2 * SerialWork)
            {
                if (rows > LeastRows && (rows >= columns || columns <= LeastColumns)) rows = Even(rows, Math.Max(LeastRows, rows / 2), 16);
                else if (columns > LeastColumns) columns = Even(columns, Math.Max(LeastColumns, columns / 2), 32);
                else break;
            }
            return new GemmTiles(m, n, rows, columns);
        }

        // Pieces of one size, at most `most`, in whole multiples of what the micro-kernel takes at once.
        private static int Even(int size, int most, int multiple)
        {
            int pieces = (size + most - 1) / most;
            int piece = (size + pieces - 1) / pieces;
            return Math.Min(size, (piece + multiple - 1) / multiple * multiple);
        }
    }

    /// <summary>A rectangle of the result.</summary>
    internal readonly record struct GemmTile(int Row, int Column, int Rows, int Columns);
}
