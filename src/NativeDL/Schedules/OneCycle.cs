namespace NativeDL;

/// <summary>
/// Up and down once (Smith and Topin 2018), by half cosines as PyTorch's OneCycleLR: from max/startDivisor up to max,
/// reached at step warmUpShare·totalSteps − 1, then down to max/(startDivisor·endDivisor), reached at step
/// totalSteps − 1 and kept.
/// </summary>
/// <param name="max">The highest rate.</param>
/// <param name="totalSteps">Steps of the whole training.</param>
/// <param name="warmUpShare">The share of the steps in which the rate grows.</param>
/// <param name="startDivisor">The first rate is max divided by this.</param>
/// <param name="endDivisor">The last rate is the first divided by this.</param>
public sealed class OneCycle(double max, long totalSteps, double warmUpShare = 0.3, double startDivisor = 25, double endDivisor = 1e4) : Schedule
{
    private readonly double max = Rate(max, "OneCycle", "max");
    private readonly double first = max / Divisor(startDivisor, nameof(startDivisor));
    private readonly double last = max / startDivisor / Divisor(endDivisor, nameof(endDivisor));
    private readonly double top = Share(warmUpShare) * Positive(totalSteps, "OneCycle", "totalSteps") - 1;
    private readonly double end = totalSteps - 1;

    /// <inheritdoc/>
    public override double At(long step) =>
        step < top ? Cosine(first, max, step / top)
        : step >= end ? last
        : Cosine(max, last, (step - Math.Max(top, 0)) / (end - Math.Max(top, 0)));

    private static double Share(double share) => share is >= 0 and < 1 ? share : throw Error.Input("OneCycle", "warmUpShare is out of range", $"{share}", "0 up to, not including, 1");

    private static double Divisor(double divisor, string setting) => divisor > 0 ? divisor : throw Error.Input("OneCycle", $"{setting} is out of range", $"{divisor}", "above 0");
}
