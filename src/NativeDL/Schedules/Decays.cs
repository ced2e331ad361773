namespace NativeDL;

/// <summary>Drops at regular steps: initial · factor^⌊step / dropEvery⌋.</summary>
/// <param name="initial">The first rate.</param>
/// <param name="dropEvery">Steps between drops.</param>
/// <param name="factor">What a drop multiplies with.</param>
public sealed class StepDecay(double initial, long dropEvery, double factor = 0.1) : Schedule
{
    private readonly double initial = Rate(initial, "StepDecay", "initial"), factor = Rate(factor, "StepDecay", "factor");
    private readonly long dropEvery = Positive(dropEvery, "StepDecay", "dropEvery");

    /// <inheritdoc/>
    public override double At(long step) => initial * Math.Pow(factor, step / dropEvery);
}

/// <summary>Falls smoothly: initial · factor^(step / decaySteps), as Keras' schedule of that name.</summary>
/// <param name="initial">The first rate.</param>
/// <param name="decaySteps">After so many steps the rate is <paramref name="factor"/> times what it was.</param>
/// <param name="factor">The factor.</param>
public sealed class ExponentialDecay(double initial, long decaySteps, double factor) : Schedule
{
    private readonly double initial = Rate(initial, "ExponentialDecay", "initial"), factor = Rate(factor, "ExponentialDecay", "factor");
    private readonly long decaySteps = Positive(decaySteps, "ExponentialDecay", "decaySteps");

    /// <inheritdoc/>
    public override double At(long step) => initial * Math.Pow(factor, (double)step / decaySteps);
}

/// <summary>
/// Half a cosine from the first rate to the last, after a linear warm-up (Loshchilov and Hutter 2017, without restarts):
/// initial·(step + 1)/warmUpSteps while step &lt; warmUpSteps, then
/// final + (initial − final)·(1 + cos(π·(step − warmUpSteps)/(totalSteps − warmUpSteps)))/2, then final for ever.
/// </summary>
/// <param name="initial">The highest rate.</param>
/// <param name="totalSteps">When <paramref name="final"/> is reached, warm-up included.</param>
/// <param name="warmUpSteps">Steps in which the rate grows.</param>
/// <param name="final">The last rate.</param>
public sealed class CosineDecay(double initial, long totalSteps, long warmUpSteps = 0, double final = 0) : Schedule
{
    private readonly double initial = Rate(initial, "CosineDecay", "initial"), final = Rate(final, "CosineDecay", "final");
    private readonly long totalSteps = Positive(totalSteps, "CosineDecay", "totalSteps");
    private readonly long warmUpSteps = warmUpSteps >= 0 && warmUpSteps < totalSteps ? warmUpSteps
        : throw Error.Input("CosineDecay", "the warm-up does not fit into the steps", $"{warmUpSteps} of {totalSteps} steps", "0 or more, and fewer than totalSteps");

    /// <inheritdoc/>
    public override double At(long step) =>
        step < warmUpSteps ? initial * (step + 1) / warmUpSteps
        : step >= totalSteps ? final
        : Cosine(initial, final, (double)(step - warmUpSteps) / (totalSteps - warmUpSteps));
}

/// <summary>A rate for each stretch of steps: <c>rates[0]</c> before step <c>boundaries[0]</c>, <c>rates[1]</c> from there on …</summary>
/// <remarks>A boundary is the first step of the new rate, as in PyTorch; Keras changes one step later.</remarks>
/// <param name="boundaries">The first step of each new rate, growing.</param>
/// <param name="rates">One more than boundaries.</param>
public sealed class PiecewiseConstant(IReadOnlyList<long> boundaries, IReadOnlyList<double> rates) : Schedule
{
    private readonly long[] boundaries = Growing(boundaries, rates);
    private readonly double[] rates = [.. rates.Select(r => Rate(r, "PiecewiseConstant", "a rate"))];

    /// <inheritdoc/>
    public override double At(long step)
    {
        int i = 0;
        while (i < boundaries.Length && step >= boundaries[i]) i++;
        return rates[i];
    }

    private static long[] Growing(IReadOnlyList<long> boundaries, IReadOnlyList<double> rates)
    {
        ArgumentNullException.ThrowIfNull(boundaries);
        ArgumentNullException.ThrowIfNull(rates);
        if (rates.Count != boundaries.Count + 1) throw Error.Input("PiecewiseConstant", "the numbers of boundaries and rates do not fit", $"{boundaries.Count} boundaries and {rates.Count} rates", "one rate more than boundaries");
        for (int i = 1; i < boundaries.Count; i++)
            if (boundaries[i] <= boundaries[i - 1]) throw Error.Input("PiecewiseConstant", "the boundaries do not grow", $"{boundaries[i - 1]}, {boundaries[i]}");
        return [.. boundaries];
    }
}
