namespace NativeDL.Metrics;

/// <summary>
/// 10·log₁₀(peak² / mean squared error) of each picture in decibels, averaged over pictures; a picture that is met exactly has infinitely many.
/// <c>[N, H, W, C]</c>, or any other shape of two axes or more. (spec 14.6)
/// </summary>
/// <param name="maxVal">The peak: 1 for pictures in 0 to 1, 255 for bytes.</param>
[Registered("psnr")]
public sealed class PSNR(double maxVal = 1) : RowMetric
{
    /// <summary>The peak.</summary>
    public double MaxVal { get; } = maxVal > 0 && double.IsFinite(maxVal) ? maxVal
        : throw Error.Input("PSNR", "the peak is out of range", $"{maxVal}", "above 0");

    private protected override Tensor Each(Tensor y, Tensor o) =>
        ((y - o).Square().Reshape(y.Shape[0], -1).Mean(-1) / (MaxVal * MaxVal)).Log() * (-10 / Math.Log(10));
}
