using System.Numerics;

namespace NativeDL;

/// <summary>Sums of squares in float64 throughout: squares of large float32 numbers would overflow.</summary>
internal static unsafe class SquareSum
{
    /// <summary>The sum over some elements of a contiguous tensor in main memory.</summary>
    public static double Of(Tensor x, long start, long count)
    {
        double sum = x.DType switch
        {
            DType.Float64 => Of((double*)x.Address + start, count),
            DType.Float32 => Of((float*)x.Address + start, count),
            var half => Of(half == DType.BFloat16, (ushort*)x.Address + start, count),
        };
        GC.KeepAlive(x);
        return sum;
    }

    private static double Of(double* x, long n)
    {
        var sum = Vector<double>.Zero;
        long i = 0;
        for (; i <= n - Vector<double>.Count; i += Vector<double>.Count)
        {
            var v = Vector.Load(x + i);
            sum += v * v;
        }
        double rest = Vector.Sum(sum);
        for (; i < n; i++) rest += x[i] * x[i];
        return rest;
    }

    private static double Of(bool brain, ushort* x, long n)
    {
        const int Block = 1024;
        float* wide = stackalloc float[Block];
        double sum = 0;
        for (long i = 0; i < n; i += Block)
        {
            int count = (int)Math.Min(Block, n - i);
            HalfPrecision.Widen(brain, x + i, wide, count);
            sum += Of(wide, count);
        }
        return sum;
    }

    private static double Of(float* x, long n)
    {
        Vector<double> low = Vector<double>.Zero, high = Vector<double>.Zero;
        long i = 0;
        for (; i <= n - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(Vector.Load(x + i), out var a, out var b);
            low += a * a;
            high += b * b;
        }
        double rest = Vector.Sum(low + high);
        for (; i < n; i++) rest += (double)x[i] * x[i];
        return rest;
    }
}
