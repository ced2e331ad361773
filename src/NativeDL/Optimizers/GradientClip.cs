using System.Numerics;

namespace NativeDL;

/// <summary>Norms of gradients and the factors that bring them under a limit.</summary>
internal static unsafe class GradientClip
{
    /// <summary>Sets the factor of each gradient: 1, or limit / norm where the norm is above its limit.</summary>
    public static void Scale(UpdatePlan plan, double? norm, double? globalNorm)
    {
        var scales = plan.Scales;
        Array.Fill(scales, 1.0);
        if (plan.Cuda is { } cuda)
        {
            cuda.Clip(norm, globalNorm);
            return;
        }
        if ((norm ?? globalNorm) is not { } limit) return;

        // Squares are summed piece by piece in float64 and the pieces in their order, whoever computed them.
        var partial = new double[plan.Pieces.Length];
        Workers.Run(plan.Units, unit =>
        {
            for (int i = plan.UnitStarts[unit]; i < plan.UnitStarts[unit + 1]; i++) partial[i] = SumOfSquares(plan, plan.Pieces[i]);
        });
        var sums = new double[scales.Length];
        double all = 0;
        for (int i = 0; i < partial.Length; i++)
        {
            sums[plan.Pieces[i].Tensor] += partial[i];
            all += partial[i];
        }
        for (int t = 0; t < scales.Length; t++)
        {
            double length = Math.Sqrt(norm is null ? all : sums[t]);
            if (length > limit) scales[t] = limit / length;
        }
    }

    private static double SumOfSquares(UpdatePlan plan, UpdatePlan.Piece piece)
    {
        var gradient = plan.Gradients[piece.Tensor]!;
        if (gradient.DType.IsHalf())
        {
            using var open = gradient.Open<ushort>();
            return Sum(gradient.DType == DType.BFloat16, open.Pointer + piece.Start, piece.Count);
        }
        if (gradient.DType == DType.Float64)
        {
            using var open = gradient.Open<double>();
            return Sum(open.Pointer + piece.Start, piece.Count);
        }
        else
        {
            using var open = gradient.Open<float>();
            return Sum(open.Pointer + piece.Start, piece.Count);
        }
    }

    private static double Sum(double* g, long n)
    {
        var sum = Vector<double>.Zero;
        long i = 0;
        for (; i <= n - Vector<double>.Count; i += Vector<double>.Count)
        {
            var x = Vector.Load(g + i);
            sum += x * x;
        }
        double rest = Vector.Sum(sum);
        for (; i < n; i++) rest += g[i] * g[i];
        return rest;
    }

    private static double Sum(bool brain, ushort* g, long n)
    {
        const int Block = 1024;
        float* wide = stackalloc float[Block];
        double sum = 0;
        for (long i = 0; i < n; i += Block)
        {
            int count = (int)Math.Min(Block, n - i);
            HalfPrecision.Widen(brain, g + i, wide, count);
            sum += Sum(wide, count);
        }
        return sum;
    }

    // float64 throughout: squares of large float32 numbers would overflow.
    private static double Sum(float* g, long n)
    {
        Vector<double> low = Vector<double>.Zero, high = Vector<double>.Zero;
        long i = 0;
        for (; i <= n - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(Vector.Load(g + i), out var a, out var b);
            low += a * a;
            high += b * b;
        }
        double rest = Vector.Sum(low + high);
        for (; i < n; i++) rest += (double)g[i] * g[i];
        return rest;
    }
}
