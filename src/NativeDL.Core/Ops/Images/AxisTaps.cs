namespace NativeDL;

/// <summary>
/// What each result along an axis is made of: a few elements of the operand and their weights. Places are worked out in whole numbers where they are
/// fractions, so that no rounding chooses another element.
/// </summary>
internal sealed class AxisTaps
{
    private readonly int[] places;      // [results, taps]; where a result has fewer its last stands again, with weight 0
    private readonly double[] weights;
    private readonly int results, taps, size;

    private AxisTaps(int size, List<(int Place, double Weight)>[] all)
    {
        (this.size, results, taps) = (size, all.Length, all.Max(a => a.Count));
        (places, weights) = (new int[results * taps], new double[results * taps]);
        for (int i = 0; i < results; i++)
            for (int t = 0; t < taps; t++)
                (places[i * taps + t], weights[i * taps + t]) = t < all[i].Count ? all[i][t] : (all[i][^1].Place, 0);
    }

    private bool IsIdentity => taps == 1 && results == size && places.Select((p, i) => p == i).All(p => p);

    /// <summary>Windows as even as can be: from ⌊i·n/m⌋ to ⌈(i + 1)·n/m⌉, each element with the same weight.</summary>
    public static AxisTaps Even(int n, int m) => Of(n, m, i =>
    {
        int first = (int)((long)i * n / m), end = (int)(((i + 1L) * n + m - 1) / m);
        return [.. Enumerable.Range(first, end - first).Select(p => (p, 1.0 / (end - first)))];
    });

    /// <summary>The stretch of each result on the operand, each element by its share of it.</summary>
    public static AxisTaps Area(int n, int m) => Of(n, m, i =>
    {
        // In units of 1/m of an element: the result from i·n to (i + 1)·n, element p from p·m to (p + 1)·m.
        long start = (long)i * n, end = start + n;
        var own = new List<(int, double)>();
        for (long p = start / m; p * m < end; p++) own.Add(((int)p, (double)(Math.Min(end, (p + 1) * m) - Math.Max(start, p * m)) / n));
        return own;
    });

    /// <summary>The element nearest to each result's middle; with corners aligned the nearest to where it lies between them. Of two the later.</summary>
    public static AxisTaps Nearest(int n, int m, bool alignCorners) => Of(n, m, i =>
    {
        long place = !alignCorners ? (2L * i + 1) * n / (2L * m) : m == 1 ? 0 : (2L * i * (n - 1) + m - 1) / (2L * (m - 1));
        return [((int)Math.Min(place, n - 1), 1)];
    });

    /// <summary>The two elements around each result, by their distances; beyond the borders the last stands.</summary>
    public static AxisTaps Linear(int n, int m, bool alignCorners) => Of(n, m, i =>
    {
        double at = Math.Clamp(Place(i, n, m, alignCorners), 0, n - 1);
        int first = (int)Math.Min(at, n - 1);
        double part = at - first;
        return part == 0 ? [(first, 1)] : [(first, 1 - part), (first + 1, part)];
    });

    /// <summary>The four elements around each result, by cubic convolution with a = −0.75 (Keys 1981); beyond the borders the last stands.</summary>
    public static AxisTaps Cubic(int n, int m, bool alignCorners) => Of(n, m, i =>
    {
        const double a = -0.75;
        double at = Place(i, n, m, alignCorners), floor = Math.Floor(at), part = at - floor;
        var own = new List<(int, double)>();
        for (int k = -1; k <= 2; k++)
        {
            double d = Math.Abs(part - k);
            double weight = d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
            if (weight != 0) own.Add(((int)Math.Clamp(floor + k, 0, n - 1), weight));
        }
        return own;
    });

    /// <summary>The weighted sums along an axis.</summary>
    public Tensor Sum(Tensor x, int axis)
    {
        if (IsIdentity) return x;
        if (taps == 1) return x.Gather(Places([results], x.Device), axis);
        int[] shape = new int[x.Rank - axis + 1];
        Array.Fill(shape, 1);
        (shape[0], shape[1]) = (results, taps);
        var factors = Tensor.FromSpan<double>(weights, shape, x.Device).Cast(x.DType);
        return (Looked(x, axis) * factors).Sum(axis + 1);
    }

    /// <summary>The greatest along an axis, whatever the weights.</summary>
    public Tensor Max(Tensor x, int axis) => IsIdentity ? x : Looked(x, axis).Max(axis + 1);

    private static AxisTaps Of(int size, int results, Func<int, List<(int, double)>> own) => new(size, [.. Enumerable.Range(0, results).Select(own)]);

    // Where the middle of result i lies among the middles of n elements; with corners aligned the first and last lie on each other.
    private static double Place(int i, int n, int m, bool alignCorners) =>
        !alignCorners ? ((2L * i + 1) * n - m) / (2.0 * m) : m == 1 ? 0 : (double)((long)i * (n - 1)) / (m - 1);

    private Tensor Looked(Tensor x, int axis) => x.Gather(Places([results, taps], x.Device), axis);

    private Tensor Places(Shape shape, Device device) => Tensor.FromSpan<int>(places, shape, device);
}
