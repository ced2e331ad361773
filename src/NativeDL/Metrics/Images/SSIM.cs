namespace NativeDL.Metrics;

/// <summary>
/// (2·ȳ·ō + c₁)(2·cov + c₂) / ((ȳ² + ō² + c₁)(var y + var o + c₂)) under a window of normal weights, averaged over the places where it fits, channels and
/// pictures:
/// 1 for equal pictures (Wang et al. 2004). c₁ = (k₁·peak)², c₂ = (k₂·peak)². Pictures are <c>[N, H, W, C]</c>, no smaller than the window. (spec 14.7)
/// </summary>
/// <param name="maxVal">The peak: 1 for pictures in 0 to 1, 255 for bytes.</param>
/// <param name="filterSize">The window's height and width.</param>
/// <param name="filterSigma">The deviation of its weights, in pixels.</param>
/// <param name="k1">k₁.</param>
/// <param name="k2">k₂.</param>
[Registered("ssim")]
public sealed class SSIM(double maxVal = 1, int filterSize = 11, double filterSigma = 1.5, double k1 = 0.01, double k2 = 0.03) : RowMetric
{
    /// <summary>The peak.</summary>
    public double MaxVal { get; } = Positive(maxVal, "the peak");

    /// <summary>The window's height and width.</summary>
    public int FilterSize { get; } = (int)Positive(filterSize, "the window's size");

    /// <summary>The deviation of its weights.</summary>
    public double FilterSigma { get; } = Positive(filterSigma, "the deviation");

    /// <summary>k₁.</summary>
    public double K1 { get; } = Positive(k1, "k1");

    /// <summary>k₂.</summary>
    public double K2 { get; } = Positive(k2, "k2");

    private protected override int LeastRank => 4;

    private protected override Tensor Each(Tensor y, Tensor o)
    {
        if (y.Rank != 4 || y.Shape[1] < FilterSize || y.Shape[2] < FilterSize)
            throw Error.Shape(Name, "the pictures are too small for the window", $"{y.Shape}", $"[N, H, W, C] with H and W of {FilterSize} or more");
        var window = Window().To(y.Device);
        int rows = y.Shape[0];
        (y, o) = (Planes(y), Planes(o));
        Tensor my = Smoothed(y), mo = Smoothed(o), same = my * mo, squares = my.Square() + mo.Square();
        var varying = Smoothed(y.Square() + o.Square()) - squares;
        var together = Smoothed(y * o) - same;
        double c1 = Square(K1 * MaxVal), c2 = Square(K2 * MaxVal);
        var ssim = (2 * same + c1) * (2 * together + c2) / ((squares + c1) * (varying + c2));
        return ssim.Reshape(rows, -1).Mean(-1);

        // Down, then across.
        Tensor Smoothed(Tensor x) => x.Conv2D(window).Conv2D(window.Transpose(0, 1));
    }

    // Each channel as a picture of its own.
    private static Tensor Planes(Tensor x) => x.Permute(0, 3, 1, 2).Reshape(-1, x.Shape[1], x.Shape[2], 1);

    // [size, 1, 1, 1]
    private Tensor Window()
    {
        double[] weights = [.. Enumerable.Range(0, FilterSize).Select(i => Math.Exp(-0.5 * Square((i - (FilterSize - 1) / 2.0) / FilterSigma)))];
        double sum = weights.Sum();
        return Tensor.FromArray([.. weights.Select(w => w / sum)], [FilterSize, 1, 1, 1]);
    }

    private static double Square(double x) => x * x;

    private static double Positive(double value, string what) => value > 0 && double.IsFinite(value) ? value
        : throw Error.Input("SSIM", $"{what} is out of range", $"{value}", "above 0");
}
