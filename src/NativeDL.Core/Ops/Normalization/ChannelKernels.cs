using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

/// <summary>
/// Kernels over [rows, c] with sums down the rows. Rows are taken in chunks that fit a cache; within a chunk sums are
/// of the data's type, chunks are joined in float64 in their order, so that nothing depends on threads and long
/// batches lose no accuracy.
/// </summary>
internal static unsafe class ChannelKernels
{
    private const int ColumnBlock = 512;

    private static long ChunkRows(long c) => Math.Clamp(8192 / Math.Min(c, ColumnBlock), 64, 1024);

    /// <summary>y = (x − mean)·scale + offset by the kernel of <c>batch_norm.cu</c>.</summary>
    public static void Launch(CudaStream stream, string name, Tensor x, Tensor mean, Tensor scale, Tensor offset, Tensor y) =>
        stream.Device.LaunchOver(name, x.DType, x.ElementCount, x, mean, scale, offset, y, x.ElementCount, (long)x.Shape[^1]);

    /// <summary>
    /// Mean, variance (divided by the number of rows), 1/√(variance + epsilon) and what rounding took from the mean of each column. x is read once from memory.
    /// </summary>
    public static void Statistics<T>(T* x, long rows, long c, double epsilon, T* mean, T* variance, T* rstd, T* rest) where T : unmanaged, INumber<T>
    {
        long perChunk = ChunkRows(c), chunks = (rows + perChunk - 1) / perChunk;
        using var scratch = new Scratch<double>(2 * chunks * c);
        double* means = scratch.Pointer, squares = means + chunks * c;
        ForChunks(rows, c, (chunk, first, count, column, columns) =>
        {
            var from = x + first * c + column;
            var shift = stackalloc T[ColumnBlock];
            var sum = stackalloc T[ColumnBlock];
            var square = stackalloc T[ColumnBlock];
            // The chunk's own mean is taken out before squaring; it is still in the cache.
            ColumnReduction.Run<SumReducer, AsItIs, T>(from, c, count, shift, columns, null);
            var n = T.CreateChecked(count);
            for (int i = 0; i < columns; i++) shift[i] /= n;
            ShiftedSums(from, c, count, shift, sum, square, columns);
            for (int i = 0; i < columns; i++)
            {
                // What the rounded mean left over comes back here.
                double left = double.CreateChecked(sum[i]) / count;
                means[chunk * c + column + i] = double.CreateChecked(shift[i]) + left;
                // Squares of huge distances overflow in float32, not here.
                double all = T.IsPositiveInfinity(square[i]) ? Squares(from + i, c, count, shift[i]) : double.CreateChecked(square[i]);
                squares[chunk * c + column + i] = all - left * left * count;
            }
        });
        Workers.For(c, 64, (start, end) =>
        {
            for (long i = start; i < end; i++)
            {
                double sum = 0, square = 0;
                for (long k = 0; k < chunks; k++) sum += means[k * c + i] * Math.Min(perChunk, rows - k * perChunk);
                double average = sum / rows;
                for (long k = 0; k < chunks; k++)
                {
                    double d = means[k * c + i] - average;
                    square += squares[k * c + i] + d * d * Math.Min(perChunk, rows - k * perChunk);
                }
                mean[i] = T.CreateChecked(average);
                rest[i] = T.CreateChecked(average - double.CreateChecked(mean[i]));
                variance[i] = T.CreateChecked(square / rows);
                // A variance beyond float64 would make everything a silent 0.
                rstd[i] = double.IsPositiveInfinity(square) ? T.CreateChecked(double.NaN) : T.CreateChecked(1 / Math.Sqrt(square / rows + epsilon));
            }
        });
    }

    private static double Squares<T>(T* x, long stride, long rows, T shift) where T : unmanaged, INumber<T>
    {
        double sum = 0;
        for (long r = 0; r < rows; r++)
        {
            double d = double.CreateChecked(x[r * stride]) - double.CreateChecked(shift);
            sum += d * d;
        }
        return sum;
    }

    /// <summary>Σ dy and Σ dy·(x − mean) of each column.</summary>
    public static void GradientSums<T>(T* x, T* dy, long rows, long c, T* mean, double* total, double* along) where T : unmanaged, INumber<T>
    {
        long perChunk = ChunkRows(c), chunks = (rows + perChunk - 1) / perChunk;
        using var scratch = new Scratch<double>(2 * chunks * c);
        double* totals = scratch.Pointer, alongs = totals + chunks * c;
        ForChunks(rows, c, (chunk, first, count, column, columns) =>
        {
            var sum = stackalloc T[ColumnBlock];
            var product = stackalloc T[ColumnBlock];
            ProductSums(x + first * c + column, dy + first * c + column, c, count, mean + column, sum, product, columns);
            for (int i = 0; i < columns; i++)
            {
                totals[chunk * c + column + i] = double.CreateChecked(sum[i]);
                alongs[chunk * c + column + i] = double.CreateChecked(product[i]);
            }
        });
        Workers.For(c, 64, (start, end) =>
        {
            for (long i = start; i < end; i++)
            {
                double a = 0, b = 0;
                for (long k = 0; k < chunks; k++)
                {
                    a += totals[k * c + i];
                    b += alongs[k * c + i];
                }
                total[i] = a;
                along[i] = b;
            }
        });
    }

    /// <summary>y = (x − mean)·scale + offset, each [c].</summary>
    public static void Apply<T>(T* x, long rows, long c, T* mean, T* scale, T* offset, T* y) where T : unmanaged, INumber<T>
    {
        bool stream = Lanes.Streams<T>(rows * c) && c % Vector<T>.Count == 0 && Lanes.IsAligned(y);
        ForRows(rows, c, (first, last) =>
        {
            for (long r = first; r < last; r++)
            {
                T* from = x + r * c, to = y + r * c;
                long i = 0;
                for (; i <= c - Vector<T>.Count; i += Vector<T>.Count)
                    Lanes.Put((Vector.Load(from + i) - Vector.Load(mean + i)) * Vector.Load(scale + i) + Vector.Load(offset + i), to + i, stream);
                for (; i < c; i++) to[i] = (from[i] - mean[i]) * scale[i] + offset[i];
            }
        });
    }

    /// <summary>dx = dy·forDy + (x − mean)·forX + constant, each [c].</summary>
    public static void ApplyGradient<T>(T* x, T* dy, long rows, long c, T* mean, T* forDy, T* forX, T* constant, T* dx) where T : unmanaged, INumber<T>
    {
        bool stream = Lanes.Streams<T>(rows * c) && c % Vector<T>.Count == 0 && Lanes.IsAligned(dx);
        ForRows(rows, c, (first, last) =>
        {
            for (long r = first; r < last; r++)
            {
                T* from = x + r * c, g = dy + r * c, to = dx + r * c;
                long i = 0;
                for (; i <= c - Vector<T>.Count; i += Vector<T>.Count)
                    Lanes.Put(Vector.Load(g + i) * Vector.Load(forDy + i) + (Vector.Load(from + i) - Vector.Load(mean + i)) * Vector.Load(forX + i)
                        + Vector.Load(constant + i), to + i, stream);
                for (; i < c; i++) to[i] = g[i] * forDy[i] + (from[i] - mean[i]) * forX[i] + constant[i];
            }
        });
    }

    // sum = Σ (x − shift), square = Σ (x − shift)², down a strip of columns.
    private static void ShiftedSums<T>(T* x, long stride, long rows, T* shift, T* sum, T* square, int columns) where T : unmanaged, INumber<T>
    {
        new Span<T>(sum, columns).Clear();
        new Span<T>(square, columns).Clear();
        int w = Vector<T>.Count;
        long r = 0;
        for (; r <= rows - 2; r += 2)
        {
            T* a = x + r * stride, b = a + stride;
            int i = 0;
            for (; i <= columns - w; i += w)
            {
                Vector<T> s = Vector.Load(shift + i), p = Vector.Load(a + i) - s, q = Vector.Load(b + i) - s;
                (Vector.Load(sum + i) + p + q).Store(sum + i);
                (Vector.Load(square + i) + p * p + q * q).Store(square + i);
            }
            for (; i < columns; i++)
            {
                T p = a[i] - shift[i], q = b[i] - shift[i];
                sum[i] = sum[i] + p + q;
                square[i] = square[i] + p * p + q * q;
            }
        }
        if (r == rows) return;
        var last = x + r * stride;
        for (int i = 0; i < columns; i++)
        {
            var p = last[i] - shift[i];
            sum[i] += p;
            square[i] += p * p;
        }
    }

    // sum = Σ dy, product = Σ dy·(x − mean), down a strip of columns.
    private static void ProductSums<T>(T* x, T* dy, long stride, long rows, T* mean, T* sum, T* product, int columns) where T : unmanaged, INumber<T>
    {
        new Span<T>(sum, columns).Clear();
        new Span<T>(product, columns).Clear();
        int w = Vector<T>.Count;
        long r = 0;
        for (; r <= rows - 2; r += 2)
        {
            T* a = x + r * stride, b = a + stride, g = dy + r * stride, h = g + stride;
            int i = 0;
            for (; i <= columns - w; i += w)
            {
                Vector<T> m = Vector.Load(mean + i), p = Vector.Load(g + i), q = Vector.Load(h + i);
                (Vector.Load(sum + i) + p + q).Store(sum + i);
                (Vector.Load(product + i) + p * (Vector.Load(a + i) - m) + q * (Vector.Load(b + i) - m)).Store(product + i);
            }
            for (; i < columns; i++)
            {
                sum[i] = sum[i] + g[i] + h[i];
                product[i] = product[i] + g[i] * (a[i] - mean[i]) + h[i] * (b[i] - mean[i]);
            }
        }
        if (r == rows) return;
        T* lastX = x + r * stride, lastDy = dy + r * stride;
        for (int i = 0; i < columns; i++)
        {
            sum[i] += lastDy[i];
            product[i] += lastDy[i] * (lastX[i] - mean[i]);
        }
    }

    private delegate void Chunk(long chunk, long first, long count, long column, int columns);

    private static void ForChunks(long rows, long c, Chunk body)
    {
        long perChunk = ChunkRows(c), chunks = (rows + perChunk - 1) / perChunk, blocks = (c + ColumnBlock - 1) / ColumnBlock;
        Workers.For(chunks * blocks, 1, (start, end) =>
        {
            for (long task = start; task < end; task++)
            {
                (long chunk, long block) = Math.DivRem(task, blocks);
                long first = chunk * perChunk, column = block * ColumnBlock;
                body(chunk, first, Math.Min(perChunk, rows - first), column, (int)Math.Min(ColumnBlock, c - column));
            }
        });
    }

    private static void ForRows(long rows, long c, Action<long, long> body) => Workers.For(rows, Math.Max(1, Workers.Grain / Math.Max(1, c)), body);
}
