using System.Globalization;

namespace NativeDL;

/// <summary>A learning rate for each step. A number converts to the schedule that is always this number.</summary>
/// <example><code>
/// new Adam(1e-3f);
/// new SGD(new CosineDecay(0.1, totalSteps: 10_000, warmUpSteps: 500), momentum: 0.9);
/// </code></example>
public abstract class Schedule
{
    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">The step's number, counted from 0.</param>
    public abstract double At(long step);

    /// <summary>Always this number.</summary>
    public static implicit operator Schedule(double rate) => new ConstantRate(rate);

    /// <summary>Always this number, taken as the decimal it is written as: 1e-3f is 0.001 and not 0.0010000000474974513.</summary>
    public static implicit operator Schedule(float rate) => new ConstantRate(double.Parse(rate.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    /// <summary>Refuses a rate that is negative or not finite.</summary>
    private protected static double Rate(double value, string schedule, string setting) =>
        double.IsFinite(value) && value >= 0 ? value : throw Error.Input(schedule, $"{setting} is not a learning rate", $"{value}", "0 or more");

    /// <summary>Refuses a number of steps below 1.</summary>
    private protected static long Positive(long value, string schedule, string setting) =>
        value >= 1 ? value : throw Error.Input(schedule, $"{setting} is out of range", $"{value}", "1 or more");

    /// <summary>Half a cosine from <paramref name="from"/> (part 0) to <paramref name="to"/> (part 1).</summary>
    private protected static double Cosine(double from, double to, double part) => to + (from - to) * (1 + Math.Cos(Math.PI * part)) / 2;
}

/// <summary>The same rate in every step.</summary>
/// <param name="rate">The rate.</param>
public sealed class ConstantRate(double rate) : Schedule
{
    private readonly double rate = Rate(rate, "ConstantRate", "the rate");

    /// <inheritdoc/>
    public override double At(long step) => rate;

    /// <inheritdoc/>
    public override string ToString() => rate.ToString(CultureInfo.InvariantCulture);
}
