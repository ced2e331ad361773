namespace NativeDL;

/// <summary>
/// Falls smoothly, initial · rate^(step / decaySteps), or as a staircase that drops every <c>decaySteps</c> steps. As Keras' schedule of that name.
/// </summary>
/// <param name="initialLearningRate">The first rate.</param>
/// <param name="decaySteps">After so many steps the rate is <paramref name="decayRate"/> times what it was.</param>
/// <param name="decayRate">The factor.</param>
/// <param name="staircase">Whether the rate stays between multiples of <paramref name="decaySteps"/>: step decay.</param>
public sealed class ExponentialDecay(double initialLearningRate, long decaySteps, double decayRate, bool staircase = false) : Schedule
{
    /// <summary>The first rate.</summary>
    public double InitialLearningRate { get; } = RateOf(initialLearningRate, "ExponentialDecay", "initialLearningRate");

    /// <summary>After so many steps the rate is <see cref="DecayRate"/> times what it was.</summary>
    public long DecaySteps { get; } = Positive(decaySteps, "ExponentialDecay", "decaySteps");

    /// <summary>The factor.</summary>
    public double DecayRate { get; } = RateOf(decayRate, "ExponentialDecay", "decayRate");

    /// <summary>Whether the rate stays between multiples of <see cref="DecaySteps"/>.</summary>
    public bool Staircase => staircase;

    /// <inheritdoc/>
    public override double At(long step) => InitialLearningRate * Math.Pow(DecayRate, staircase ? step / DecaySteps : (double)step / DecaySteps);
}

/// <summary>
/// Half a cosine down to a share of the highest rate (Loshchilov and Hutter 2017, without restarts), after a linear warm-up
/// if wished, as Keras' schedule of that name. In the first <c>warmupSteps</c> steps the rate grows from the initial one to the
/// target; without a target there is no warm-up and the initial rate is the highest. The <c>decaySteps</c> come after the warm-up.
/// </summary>
/// <param name="initialLearningRate">The first rate.</param>
/// <param name="decaySteps">Steps of the fall.</param>
/// <param name="alpha">The last rate, as a share of the highest.</param>
/// <param name="warmupTarget">The highest rate, to which it grows first.</param>
/// <param name="warmupSteps">Steps in which it grows.</param>
public sealed class CosineDecay(double initialLearningRate, long decaySteps, double alpha = 0, double? warmupTarget = null, long warmupSteps = 0) : Schedule
{
    /// <summary>The first rate.</summary>
    public double InitialLearningRate { get; } = RateOf(initialLearningRate, "CosineDecay", "initialLearningRate");

    /// <summary>Steps of the fall.</summary>
    public long DecaySteps { get; } = Positive(decaySteps, "CosineDecay", "decaySteps");

    /// <summary>The last rate, as a share of the highest.</summary>
    public double Alpha { get; } = RateOf(alpha, "CosineDecay", "alpha");

    /// <summary>The highest rate, to which it grows first, or null.</summary>
    public double? WarmupTarget { get; } = warmupTarget is { } target ? RateOf(target, "CosineDecay", "warmupTarget") : null;

    /// <summary>Steps in which it grows.</summary>
    public long WarmupSteps { get; } = warmupSteps == 0 || (warmupSteps > 0 && warmupTarget is not null) ? warmupSteps
        : throw Error.Input("CosineDecay", "a warm-up needs a target and 0 steps or more",
            $"{warmupSteps} steps, target {warmupTarget?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}");

    /// <inheritdoc/>
    public override double At(long step)
    {
        double highest = WarmupTarget ?? InitialLearningRate;
        return step < WarmupSteps ? InitialLearningRate + (highest - InitialLearningRate) * step / WarmupSteps
            : Cosine(highest, Alpha * highest, Math.Min(1, (double)(step - WarmupSteps) / DecaySteps));
    }
}

/// <summary>A rate for each stretch of steps: <c>values[0]</c> before step <c>boundaries[0]</c>, <c>values[1]</c> from there on …</summary>
/// <remarks>A boundary is the first step of the new rate, as in PyTorch; Keras changes one step later.</remarks>
/// <param name="boundaries">The first step of each new rate, growing.</param>
/// <param name="values">The rates, one more than boundaries.</param>
public sealed class PiecewiseConstantDecay(IReadOnlyList<long> boundaries, IReadOnlyList<double> values) : Schedule
{
    private readonly long[] boundaries = Growing(boundaries, values);
    private readonly double[] values = [.. values.Select(r => RateOf(r, "PiecewiseConstantDecay", "a rate"))];

    /// <summary>The first step of each new rate.</summary>
    public IReadOnlyList<long> Boundaries => boundaries;

    /// <summary>The rates.</summary>
    public IReadOnlyList<double> Values => values;

    /// <inheritdoc/>
    public override double At(long step)
    {
        int i = 0;
        while (i < boundaries.Length && step >= boundaries[i]) i++;
        return values[i];
    }

    private static long[] Growing(IReadOnlyList<long> boundaries, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(boundaries);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != boundaries.Count + 1) throw Error.Input("PiecewiseConstantDecay", "the numbers of boundaries and rates do not fit",
            $"{boundaries.Count} boundaries and {values.Count} rates", "one rate more than boundaries");
        for (int i = 1; i < boundaries.Count; i++)
            if (boundaries[i] <= boundaries[i - 1])
                throw Error.Input("PiecewiseConstantDecay", "the boundaries do not grow", $"{boundaries[i - 1]}, {boundaries[i]}");
        return [.. boundaries];
    }
}
