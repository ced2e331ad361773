using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

/// <summary>Row kernels of layer normalization: a row is read from memory once and worked on in the cache.</summary>
internal static unsafe class LayerNormKernels
{
    /// <summary>The kernel of <c>layer_norm.cu</c>.</summary>
    public static void Launch(CudaStream stream, string name, Operands x, Results y, double epsilon) =>
        stream.Device.LaunchHeldRows(name, x[0].DType, y[1].ElementCount, x[0].Shape[^1], x[0], x[1], x[2], y[0], y[1], y[2], y[3], epsilon);

    // Rows of a block: so many that its sums, written and read again, are little beside them.
    private const int RowsOfABlock = 32;

    /// <summary>
    /// The kernels of its gradients: one for everything where threads can hold a row; else one for the rows, and one for the sums down the columns.
    /// </summary>
    public static void LaunchGradient(CudaStream stream, string name, Operands x, Results y)
    {
        var (device, type, rows, n) = (stream.Device, x[0].DType, x[2].ElementCount, x[0].Shape[^1]);
        // Two packs a thread where a row has them: what a row takes beside its elements is shared by more of them.
        const int mostThreads = 256, mostPacks = 4, wantedPacks = 2;
        int pack = 16 / type.Size(), threads = (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((uint)((n - 1) / (pack * wantedPacks) + 1)), 32, mostThreads);
        int packs = (int)BitOperations.RoundUpToPowerOf2((uint)((n - 1) / (pack * threads) + 1));
        if (packs > mostPacks || rows == 0 || n == 0)
        {
            device.LaunchHeldRows(name, type, rows, n, x[0], x[1], x[2], x[3], x[4], x[5], y[2]);
            device.LaunchPieces("layer_norm_grad_sums", type, CudaSplit.OfColumns(rows, n), 2 * type.Size(), x[0], x[2], x[3], x[4], x[5], y[0], y[1]);
            return;
        }
        int blocks = checked((int)((rows - 1) / RowsOfABlock + 1));
        var sums = Tensor.Empty([2, blocks, n], type, device);
        device.Launch($"layer_norm_grad_all_{packs}", type, blocks, threads, rows, n, RowsOfABlock, x[0], x[1], x[2], x[3], x[4], x[5], y[2], sums);
        for (int i = 0; i < 2; i++) device.Reduce("sum", sums[i], [0], y[i]);
        sums.Free();
    }

    public static void Forward<T>(Operands x, Results y, double epsilon) where T : unmanaged, INumber<T>
    {
        using var openX = x[0].Open<T>();
        using var openGamma = x[1].Open<T>();
        using var openBeta = x[2].Open<T>();
        using var openY = y[0].Open<T>();
        using var openMean = y[1].Open<T>();
        using var openRstd = y[2].Open<T>();
        using var openRest = y[3].Open<T>();
        T* px = openX.Pointer, gamma = openGamma.Pointer, beta = openBeta.Pointer, py = openY.Pointer, mean = openMean.Pointer, rstd = openRstd.Pointer,
            rest = openRest.Pointer;
        SoftmaxKernels.ForRows(x[0].Shape, (row, n) =>
        {
            T* from = px + row * n, to = py + row * n;
            var m = mean[row] = RowReduction.Run<SumReducer, AsItIs, T>(from, n, default) / T.CreateChecked(n);
            rest[row] = RowReduction.Run<SumReducer, Difference, T>(from, n, m) / T.CreateChecked(n);
            var square = RowReduction.Run<SumReducer, SquaredDifference, T>(from, n, m);
            double variance = double.CreateChecked(square) / n;
            // Squares of huge distances overflow where the root of their mean does not.
            var s = rstd[row] = T.CreateChecked(T.IsPositiveInfinity(square) ? 1 / double.Hypot(RootOfSquares.Of(from, 1, n, m, n), Math.Sqrt(epsilon))
                : 1 / Math.Sqrt(variance + epsilon));
            Vector<T> middle = new(m), scale = new(s);
            long i = 0;
            for (; i <= n - Vector<T>.Count; i += Vector<T>.Count)
                ((Vector.Load(from + i) - middle) * scale * Vector.Load(gamma + i) + Vector.Load(beta + i)).Store(to + i);
            for (; i < n; i++) to[i] = (from[i] - m) * s * gamma[i] + beta[i];
        });
    }

    public static void Backward<T>(Operands x, Results y) where T : unmanaged, INumber<T>
    {
        using var openX = x[0].Open<T>();
        using var openGamma = x[1].Open<T>();
        using var openMean = x[2].Open<T>();
        using var openRest = x[3].Open<T>();
        using var openRstd = x[4].Open<T>();
        using var openDy = x[5].Open<T>();
        using var openDGamma = y[0].Open<T>();
        using var openDBeta = y[1].Open<T>();
        using var openDx = y[2].Open<T>();
        T* px = openX.Pointer, gamma = openGamma.Pointer, mean = openMean.Pointer, rest = openRest.Pointer, rstd = openRstd.Pointer, dy = openDy.Pointer,
            dx = openDx.Pointer;
        long n = x[0].Shape[^1], rows = n == 0 ? 0 : x[0].ElementCount / n;
        // Each chunk of rows sums for itself what goes to gamma and beta; chunks are joined in their order.
        long perChunk = Math.Clamp(32 * 1024 / Math.Max(n, 1), 16, 256), chunks = (rows + perChunk - 1) / perChunk;
        using var scratch = new Scratch<T>(2 * chunks * n);
        var parts = scratch.Pointer;
        Workers.Run(checked((int)chunks), chunk =>
        {
            T* forGamma = parts + 2 * chunk * n, forBeta = forGamma + n;
            new Span<T>(forGamma, checked((int)(2 * n))).Clear();
            for (long row = chunk * perChunk; row < Math.Min(rows, (chunk + 1) * perChunk); row++)
                Row(px + row * n, dy + row * n, n, gamma, mean[row], rest[row], rstd[row], forGamma, forBeta, dx + row * n);
        });
        for (long i = 0; i < n; i++)
        {
            double g = 0, b = 0;
            for (long chunk = 0; chunk < chunks; chunk++)
            {
                g += double.CreateChecked(parts[2 * chunk * n + i]);
                b += double.CreateChecked(parts[2 * chunk * n + n + i]);
            }
            openDGamma.Pointer[i] = T.CreateChecked(g);
            openDBeta.Pointer[i] = T.CreateChecked(b);
        }
    }

    private static void Row<T>(T* x, T* dy, long n, T* gamma, T mean, T rest, T rstd, T* forGamma, T* forBeta, T* dx) where T : unmanaged, INumber<T>
    {
        int laneCount = RowReduction.LaneCount<T>(), w = Vector<T>.Count;
        var sums = stackalloc T[2 * laneCount];
        var products = sums + laneCount;
        new Span<T>(sums, 2 * laneCount).Clear();
        Vector<T> m = new(mean), r = new(rest), s = new(rstd);
        long i = 0;
        for (; i <= n - w; i += w)
        {
            Vector<T> normal = (Vector.Load(x + i) - m - r) * s, d = Vector.Load(dy + i), g = d * Vector.Load(gamma + i);
            (Vector.Load(forGamma + i) + d * normal).Store(forGamma + i);
            (Vector.Load(forBeta + i) + d).Store(forBeta + i);
            long lane = i & (laneCount - 1);
            (Vector.Load(sums + lane) + g).Store(sums + lane);
            (Vector.Load(products + lane) + g * normal).Store(products + lane);
        }
        for (; i < n; i++)
        {
            T normal = (x[i] - mean - rest) * rstd, g = dy[i] * gamma[i];
            forGamma[i] += dy[i] * normal;
            forBeta[i] += dy[i];
            sums[i & (laneCount - 1)] += g;
            products[i & (laneCount - 1)] += g * normal;
        }
        var count = T.CreateChecked(n);
        T even = RowReduction.Tree<SumReducer, T>(sums) / count, along = RowReduction.Tree<SumReducer, T>(products) / count;
        Vector<T> e = new(even), a = new(along);
        for (i = 0; i <= n - w; i += w)
            (s * (Vector.Load(dy + i) * Vector.Load(gamma + i) - e - (Vector.Load(x + i) - m - r) * s * a)).Store(dx + i);
        for (; i < n; i++) dx[i] = rstd * (dy[i] * gamma[i] - even - (x[i] - mean - rest) * rstd * along);
    }
}
