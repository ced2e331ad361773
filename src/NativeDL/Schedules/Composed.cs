namespace NativeDL;

/// <summary>Grows in a line to the first rate of another schedule, whichever it is, which then begins: a warm-up of anything.</summary>
/// <example><code>
/// new Warmup(new PolynomialDecay(1e-3, 10_000), steps: 500)
/// </code></example>
/// <param name="schedule">What follows.</param>
/// <param name="steps">Steps in which it grows.</param>
/// <param name="startLearningRate">The rate of the first step.</param>
public sealed class Warmup(Schedule schedule, long steps, double startLearningRate = 0) : Schedule
{
    /// <summary>What follows.</summary>
    public Schedule Schedule { get; } = schedule ?? throw new ArgumentNullException(nameof(schedule));

    /// <summary>Steps in which it grows.</summary>
    public long Steps { get; } = Positive(steps, "Warmup", "steps");

    /// <summary>The rate of the first step.</summary>
    public double StartLearningRate { get; } = RateOf(startLearningRate, "Warmup", "startLearningRate");

    /// <inheritdoc/>
    public override double At(long step) => step >= Steps ? Schedule.At(step - Steps)
        : StartLearningRate + (Schedule.At(0) - StartLearningRate) * step / Steps;
}

/// <summary>One schedule after another; each counts its steps from where it begins.</summary>
/// <example><code>
/// new ScheduleSequence([0.1, new CosineDecay(0.1, 900)], boundaries: [100])
/// </code></example>
/// <param name="schedules">The schedules.</param>
/// <param name="boundaries">The first step of each but the first, growing.</param>
public sealed class ScheduleSequence(IReadOnlyList<Schedule> schedules, IReadOnlyList<long> boundaries) : Schedule
{
    private readonly Schedule[] schedules = Checked(schedules, boundaries);
    private readonly long[] boundaries = [.. boundaries];

    /// <summary>The schedules.</summary>
    public IReadOnlyList<Schedule> Schedules => schedules;

    /// <summary>The first step of each but the first.</summary>
    public IReadOnlyList<long> Boundaries => boundaries;

    /// <inheritdoc/>
    public override double At(long step)
    {
        int i = 0;
        while (i < boundaries.Length && step >= boundaries[i]) i++;
        return schedules[i].At(i == 0 ? step : step - boundaries[i - 1]);
    }

    private static Schedule[] Checked(IReadOnlyList<Schedule> schedules, IReadOnlyList<long> boundaries)
    {
        ArgumentNullException.ThrowIfNull(schedules);
        ArgumentNullException.ThrowIfNull(boundaries);
        if (schedules.Any(s => s is null)) throw Error.Input("ScheduleSequence", "a schedule is null");
        if (schedules.Count != boundaries.Count + 1) throw Error.Input("ScheduleSequence", "the numbers of schedules and boundaries do not fit",
            $"{schedules.Count} schedules and {boundaries.Count} boundaries", "one schedule more than boundaries");
        for (int i = 0; i < boundaries.Count; i++)
            if (boundaries[i] <= (i == 0 ? 0 : boundaries[i - 1]))
                throw Error.Input("ScheduleSequence", "the boundaries do not grow from 1 on", $"{string.Join(", ", boundaries)}");
        return [.. schedules];
    }
}
