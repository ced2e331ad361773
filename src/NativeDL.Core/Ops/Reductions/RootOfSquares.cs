using System.Numerics;

namespace NativeDL;

/// <summary>
/// √(Σ (x − shift)² / divisor), for norms and standard deviations. Squares overflow and vanish where their root is still an
/// ordinary number: a group in which they did is summed again, its largest distance scaled to about 1.
/// </summary>
internal static unsafe class RootOfSquares
{
    /// <summary>The root for each group of the axes (normalized, rising); shifts and results are contiguous, one for each group.</summary>
    public static void Run<T>(Tensor x, int[] axes, Tensor shift, double divisor, Tensor y) where T : unmanaged, INumber<T>
    {
        Reduction.RunMapped<SquaredDifference, T>(x, axes, shift, y);
        using var openY = y.Open<T>();
        var py = openY.Pointer;
        // What rounding took from squares below the least normal number is little beside this much.
        var least = T.CreateChecked(typeof(T) == typeof(double) ? 1e-289 : 8e-31);
        var lost = new List<long>();
        for (long g = 0; g < y.ElementCount; g++)
            if (py[g] < least || T.IsPositiveInfinity(py[g])) lost.Add(g);
        Reduction.Divide<T>(y, divisor);
        Reduction.Root<T>(y);
        if (lost.Count == 0) return;
        var (source, _, length, inner) = Reduction.Arrange(x, axes);
        using var openX = source.Open<T>();
        using var openShift = shift.Open<T>();
        foreach (long g in lost)
        {
            (long o, long i) = Math.DivRem(g, inner);
            py[g] = T.CreateTruncating(Of(openX.Pointer + o * length * inner + i, inner, length, openShift.Pointer[g], divisor));
        }
    }

    /// <summary>The root of one group of n elements that lie a stride apart.</summary>
    public static double Of<T>(T* x, long stride, long n, T shift, double divisor) where T : unmanaged, INumber<T>
    {
        double middle = double.CreateChecked(shift), far = 0, sum = 0;
        for (long r = 0; r < n; r++) far = Math.Max(far, Math.Abs(double.CreateChecked(x[r * stride]) - middle));
        double scale = far > 0 && double.IsFinite(far) ? Math.ScaleB(1, Math.Min(1000, -Math.ILogB(far))) : 1;
        for (long r = 0; r < n; r++)
        {
            double d = (double.CreateChecked(x[r * stride]) - middle) * scale;
            sum += d * d;
        }
        return Math.Sqrt(sum / divisor) / scale;
    }
}
