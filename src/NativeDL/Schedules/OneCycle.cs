namespace NativeDL;

/// <summary>
/// Up and down once (Smith and Topin 2018), by half cosines as PyTorch's OneCycleLR: from max/startDivisor up to max,
/// reached at step warmupShare·totalSteps − 1, then down to max/(startDivisor·endDivisor), reached at step
/// totalSteps − 1 and kept.
/// </summary>
/// <param name="maxLearningRate">The highest rate.</param>
/// <param name="totalSteps">Steps of the whole training.</param>
/// <param name="warmupShare">The share of the steps in which the rate grows.</param>
/// <param name="startDivisor">The first rate is the highest divided by this.</param>
/// <param name="endDivisor">The last rate is the first divided by this.</param>
public sealed class OneCycle(double maxLearningRate, long totalSteps, double warmupShare = 0.3, double startDivisor = 25, double endDivisor = 1e4) : Schedule
{
    /// <summary>The highest rate.</summary>
    public double MaxLearningRate { get; } = RateOf(maxLearningRate, "OneCycle", "maxLearningRate");

    /// <summary>Steps of the whole training.</summary>
    public long TotalSteps { get; } = Positive(totalSteps, "OneCycle", "totalSteps");

    /// <summary>The share of the steps in which the rate grows.</summary>
    public double WarmupShare { get; } = warmupShare is >= 0 and < 1 ? warmupShare
        : throw Error.Input("OneCycle", "warmupShare is out of range", $"{warmupShare}", "0 up to, not including, 1");

    /// <summary>The first rate is the highest divided by this.</summary>
    public double StartDivisor { get; } = Divisor(startDivisor, nameof(startDivisor));

    /// <summary>The last rate is the first divided by this.</summary>
    public double EndDivisor { get; } = Divisor(endDivisor, nameof(endDivisor));

    /// <inheritdoc/>
    public override double At(long step)
    {
        double first = MaxLearningRate / StartDivisor, last = first / EndDivisor, top = WarmupShare * TotalSteps - 1, end = TotalSteps - 1;
        return step < top ? Cosine(first, MaxLearningRate, step / top)
            : step >= end ? last
            : Cosine(MaxLearningRate, last, (step - Math.Max(top, 0)) / (end - Math.Max(top, 0)));
    }

    private static double Divisor(double divisor, string setting) =>
        divisor > 0 ? divisor : throw Error.Input("OneCycle", $"{setting} is out of range", $"{divisor}", "above 0");
}
