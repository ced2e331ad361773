using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

/// <summary>Row kernels of layer normalization: a row is read from memory once and worked on in the cache.</summary>
internal static unsafe class LayerNormKernels
{
    /// <summary>The kernel of <c>layer_norm.cu</c>.</summary>
    public static void OnCuda(string name, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs, double epsilon)
    {
        var x = inputs[0];
        CudaDevice.Of(x).LaunchHeldRows(name, x.DType, outputs[1].ElementCount, x.Shape[^1],
            x.Packed(), inputs[1].Packed(), inputs[2].Packed(), outputs[0], outputs[1], outputs[2], outputs[3], epsilon);
    }

    /// <summary>The kernels of its gradients: one for the rows, and one for the sums down the columns.</summary>
    public static void GradientOnCuda(string name, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Tensor x = inputs[0].Packed(), gamma = inputs[1].Packed(), mean = inputs[2].Packed(), rest = inputs[3].Packed(), rstd = inputs[4].Packed(), dy = inputs[5].Packed();
        var device = CudaDevice.Of(x);
        device.LaunchHeldRows(name, x.DType, mean.ElementCount, x.Shape[^1], x, gamma, mean, rest, rstd, dy, outputs[2]);
        device.LaunchPieces("layerNormGradientSums", x.DType, CudaSplit.OfColumns(mean.ElementCount, x.Shape[^1]), 2 * x.DType.Size(), x, mean, rest, rstd, dy, outputs[0], outputs[1]);
    }

    public static void Forward<T>(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs, double epsilon) where T : unmanaged, IFloatingPoint<T>
    {
        using var openX = inputs[0].Packed().Open<T>();
        using var openGamma = inputs[1].Packed().Open<T>();
        using var openBeta = inputs[2].Packed().Open<T>();
        using var openY = outputs[0].Open<T>();
        using var openMean = outputs[1].Open<T>();
        using var openRstd = outputs[2].Open<T>();
        using var openRest = outputs[3].Open<T>();
        T* x = openX.Pointer, gamma = openGamma.Pointer, beta = openBeta.Pointer, y = openY.Pointer, mean = openMean.Pointer, rstd = openRstd.Pointer, rest = openRest.Pointer;
        SoftmaxKernels.ForRows(inputs[0].Shape, (row, n) =>
        {
            T* from = x + row * n, to = y + row * n;
            T m = mean[row] = RowReduction.Run<SumReducer, AsItIs, T>(from, n, default) / T.CreateChecked(n);
            rest[row] = RowReduction.Run<SumReducer, Difference, T>(from, n, m) / T.CreateChecked(n);
            T square = RowReduction.Run<SumReducer, SquaredDifference, T>(from, n, m);
            T s = rstd[row] = T.CreateChecked(1 / Math.Sqrt(double.CreateChecked(square) / n + epsilon));
            Vector<T> middle = new(m), scale = new(s);
            long i = 0;
            for (; i <= n - Vector<T>.Count; i += Vector<T>.Count) ((Vector.Load(from + i) - middle) * scale * Vector.Load(gamma + i) + Vector.Load(beta + i)).Store(to + i);
            for (; i < n; i++) to[i] = (from[i] - m) * s * gamma[i] + beta[i];
        });
    }

    public static void Backward<T>(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs) where T : unmanaged, IFloatingPoint<T>
    {
        using var openX = inputs[0].Packed().Open<T>();
        using var openGamma = inputs[1].Packed().Open<T>();
        using var openMean = inputs[2].Packed().Open<T>();
        using var openRest = inputs[3].Packed().Open<T>();
        using var openRstd = inputs[4].Packed().Open<T>();
        using var openDy = inputs[5].Packed().Open<T>();
        using var openDGamma = outputs[0].Open<T>();
        using var openDBeta = outputs[1].Open<T>();
        using var openDx = outputs[2].Open<T>();
        T* x = openX.Pointer, gamma = openGamma.Pointer, mean = openMean.Pointer, rest = openRest.Pointer, rstd = openRstd.Pointer, dy = openDy.Pointer, dx = openDx.Pointer;
        long n = inputs[0].Shape[^1], rows = n == 0 ? 0 : inputs[0].ElementCount / n;
        // Each chunk of rows sums for itself what goes to gamma and beta; chunks are joined in their order.
        long perChunk = Math.Clamp(32 * 1024 / Math.Max(n, 1), 16, 256), chunks = (rows + perChunk - 1) / perChunk;
        using var scratch = new Scratch<T>(2 * chunks * n);
        T* parts = scratch.Pointer;
        Workers.Run(checked((int)chunks), chunk =>
        {
            T* forGamma = parts + 2 * chunk * n, forBeta = forGamma + n;
            new Span<T>(forGamma, checked((int)(2 * n))).Clear();
            for (long row = chunk * perChunk; row < Math.Min(rows, (chunk + 1) * perChunk); row++)
                Row(x + row * n, dy + row * n, n, gamma, mean[row], rest[row], rstd[row], forGamma, forBeta, dx + row * n);
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

    private static void Row<T>(T* x, T* dy, long n, T* gamma, T mean, T rest, T rstd, T* forGamma, T* forBeta, T* dx) where T : unmanaged, IFloatingPoint<T>
    {
        int laneCount = RowReduction.LaneCount<T>(), w = Vector<T>.Count;
        T* sums = stackalloc T[2 * laneCount];
        T* products = sums + laneCount;
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
        T count = T.CreateChecked(n);
        T even = RowReduction.Tree<SumReducer, T>(sums) / count, along = RowReduction.Tree<SumReducer, T>(products) / count;
        Vector<T> e = new(even), a = new(along);
        for (i = 0; i <= n - w; i += w)
            (s * (Vector.Load(dy + i) * Vector.Load(gamma + i) - e - (Vector.Load(x + i) - m - r) * s * a)).Store(dx + i);
        for (; i < n; i++) dx[i] = rstd * (dy[i] * gamma[i] - even - (x[i] - mean - rest) * rstd * along);
    }
}
