using System.Globalization;

namespace NativeDL;

/// <summary>
/// A learning rate for each step. A number converts to the schedule that is always this number; schedules are multiplied by
/// numbers and added.
/// </summary>
/// <remarks>A schedule never changes. One of one's own derives from this class and is marked with <see cref="RegisteredAttribute"/>.</remarks>
/// <example><code>
/// new Adam(1e-3);
/// new SGD(new CosineDecay(0, decaySteps: 9_500, warmupTarget: 0.1, warmupSteps: 500), momentum: 0.9);
/// optimizer.LearningRate *= 0.5;
/// </code></example>
[Family]
public abstract class Schedule
{
    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">The step's number, counted from 0.</param>
    public abstract double At(long step);

    /// <summary>Always this number.</summary>
    public static implicit operator Schedule(double rate) => new ConstantRate(rate);

    /// <summary>Always this number, taken as the decimal it is written as: 1e-3f is 0.001 and not 0.0010000000474974513.</summary>
    public static implicit operator Schedule(float rate) =>
        new ConstantRate(double.Parse(rate.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    /// <summary>Every rate times a number.</summary>
    public static Schedule operator *(Schedule schedule, double factor)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return schedule is ConstantRate constant ? constant.Rate * factor : new ScaledSchedule(schedule, factor);
    }

    /// <summary>Every rate times a number.</summary>
    public static Schedule operator *(double factor, Schedule schedule) => schedule * factor;

    /// <summary>The sum of the rates of each step.</summary>
    public static Schedule operator +(Schedule left, Schedule right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return left is ConstantRate a && right is ConstantRate b ? a.Rate + b.Rate : new ScheduleSum(left, right);
    }

    /// <summary>The constructor call.</summary>
    public override string ToString() => Describe.Call(this);

    /// <summary>Refuses a rate that is negative or not finite.</summary>
    private protected static double RateOf(double value, string schedule, string setting) =>
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
    /// <summary>The rate.</summary>
    public double Rate { get; } = RateOf(rate, "ConstantRate", "the rate");

    /// <inheritdoc/>
    public override double At(long step) => Rate;

    /// <inheritdoc/>
    public override string ToString() => Rate.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Every rate of a schedule times a number.</summary>
/// <param name="schedule">The schedule.</param>
/// <param name="factor">The number, 0 or more.</param>
public sealed class ScaledSchedule(Schedule schedule, double factor) : Schedule
{
    /// <summary>The schedule.</summary>
    public Schedule Schedule { get; } = schedule ?? throw new ArgumentNullException(nameof(schedule));

    /// <summary>The number.</summary>
    public double Factor { get; } = RateOf(factor, "ScaledSchedule", "the factor");

    /// <inheritdoc/>
    public override double At(long step) => Schedule.At(step) * Factor;
}

/// <summary>The sum of two schedules.</summary>
/// <param name="left">One.</param>
/// <param name="right">The other.</param>
public sealed class ScheduleSum(Schedule left, Schedule right) : Schedule
{
    /// <summary>One.</summary>
    public Schedule Left { get; } = left ?? throw new ArgumentNullException(nameof(left));

    /// <summary>The other.</summary>
    public Schedule Right { get; } = right ?? throw new ArgumentNullException(nameof(right));

    /// <inheritdoc/>
    public override double At(long step) => Left.At(step) + Right.At(step);
}
