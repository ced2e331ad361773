namespace NativeDL;

/// <summary>
/// Falls along a power, (initial − end)·(1 − step/decaySteps)^power + end, and stays at the end; or, in cycles, begins at the initial rate again
/// each time it comes there, over twice, three times … as many steps. As Keras' schedule of that name.
/// </summary>
/// <param name="initialLearningRate">The first rate.</param>
/// <param name="decaySteps">Steps of the fall.</param>
/// <param name="endLearningRate">The last rate.</param>
/// <param name="power">1 for a line.</param>
/// <param name="cycle">Whether it begins again.</param>
public sealed class PolynomialDecay(double initialLearningRate, long decaySteps, double endLearningRate = 0.0001, double power = 1, bool cycle = false)
    : Schedule
{
    /// <summary>The first rate.</summary>
    public double InitialLearningRate { get; } = RateOf(initialLearningRate, "PolynomialDecay", "initialLearningRate");

    /// <summary>Steps of the fall.</summary>
    public long DecaySteps { get; } = Positive(decaySteps, "PolynomialDecay", "decaySteps");

    /// <summary>The last rate.</summary>
    public double EndLearningRate { get; } = RateOf(endLearningRate, "PolynomialDecay", "endLearningRate");

    /// <summary>1 for a line.</summary>
    public double Power { get; } = power > 0 && double.IsFinite(power) ? power
        : throw Error.Input("PolynomialDecay", "the power is out of range", $"{power}", "above 0");

    /// <summary>Whether it begins again.</summary>
    public bool Cycle => cycle;

    /// <inheritdoc/>
    public override double At(long step)
    {
        long length = cycle ? DecaySteps * Math.Max(1, (step + DecaySteps - 1) / DecaySteps) : DecaySteps;
        double left = 1 - (double)Math.Min(step, length) / length;
        return EndLearningRate + (InitialLearningRate - EndLearningRate) * Math.Pow(left, Power);
    }
}

/// <summary>
/// Falls as 1/t: initial / (1 + decayRate·step/decaySteps), or as a staircase that drops every <c>decaySteps</c> steps. As Keras' schedule of that name.
/// </summary>
/// <param name="initialLearningRate">The first rate.</param>
/// <param name="decaySteps">After so many steps the divisor has grown by <paramref name="decayRate"/>.</param>
/// <param name="decayRate">How fast.</param>
/// <param name="staircase">Whether the rate stays between multiples of <paramref name="decaySteps"/>.</param>
public sealed class InverseTimeDecay(double initialLearningRate, long decaySteps, double decayRate, bool staircase = false) : Schedule
{
    /// <summary>The first rate.</summary>
    public double InitialLearningRate { get; } = RateOf(initialLearningRate, "InverseTimeDecay", "initialLearningRate");

    /// <summary>After so many steps the divisor has grown by <see cref="DecayRate"/>.</summary>
    public long DecaySteps { get; } = Positive(decaySteps, "InverseTimeDecay", "decaySteps");

    /// <summary>How fast.</summary>
    public double DecayRate { get; } = RateOf(decayRate, "InverseTimeDecay", "decayRate");

    /// <summary>Whether the rate stays between multiples of <see cref="DecaySteps"/>.</summary>
    public bool Staircase => staircase;

    /// <inheritdoc/>
    public override double At(long step) => InitialLearningRate / (1 + DecayRate * (staircase ? step / DecaySteps : (double)step / DecaySteps));
}

/// <summary>
/// Half a cosine down to a share of the rate, then up again at once, over <c>tMul</c> times as many steps and from <c>mMul</c> times the rate, and so on
/// (Loshchilov and Hutter 2017). As Keras' schedule of that name.
/// </summary>
/// <param name="initialLearningRate">The first rate.</param>
/// <param name="firstDecaySteps">Steps of the first fall.</param>
/// <param name="tMul">How many times as long each fall is as the one before, 1 or more.</param>
/// <param name="mMul">How many times as high each begins.</param>
/// <param name="alpha">The lowest rate, as a share of the first.</param>
public sealed class CosineDecayRestarts(double initialLearningRate, long firstDecaySteps, double tMul = 2, double mMul = 1, double alpha = 0) : Schedule
{
    /// <summary>The first rate.</summary>
    public double InitialLearningRate { get; } = RateOf(initialLearningRate, "CosineDecayRestarts", "initialLearningRate");

    /// <summary>Steps of the first fall.</summary>
    public long FirstDecaySteps { get; } = Positive(firstDecaySteps, "CosineDecayRestarts", "firstDecaySteps");

    /// <summary>How many times as long each fall is as the one before.</summary>
    public double TMul { get; } = tMul >= 1 && double.IsFinite(tMul) ? tMul
        : throw Error.Input("CosineDecayRestarts", "tMul is out of range", $"{tMul}", "1 or more");

    /// <summary>How many times as high each begins.</summary>
    public double MMul { get; } = RateOf(mMul, "CosineDecayRestarts", "mMul");

    /// <summary>The lowest rate, as a share of the first.</summary>
    public double Alpha { get; } = RateOf(alpha, "CosineDecayRestarts", "alpha");

    /// <inheritdoc/>
    public override double At(long step)
    {
        double length = FirstDecaySteps, into = step, restarts = 0;
        if (TMul == 1) (restarts, into) = (step / FirstDecaySteps, step % FirstDecaySteps);
        else
            for (; into >= length; restarts++)
            {
                into -= length;
                length *= TMul;
            }
        double height = Math.Pow(MMul, restarts) * (1 + Math.Cos(Math.PI * into / length)) / 2;
        return InitialLearningRate * ((1 - Alpha) * height + Alpha);
    }
}
