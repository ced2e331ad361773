using System.Diagnostics;
using System.Globalization;

namespace NativeDL;

/// <summary>
/// Writes where training stands: a bar that fills with each epoch, with steps, steps a second, the time that is left, loss and metrics so far, and a line for
/// each epoch that is done.
/// </summary>
/// <example><code>
/// model.Fit(train, epochs: 5, batchSize: 64, callbacks: [new ProgressBar(Console.Out)]);
/// </code></example>
/// <param name="writer">Where to, such as <c>Console.Out</c>.</param>
/// <param name="seconds">The least time between two lines within an epoch; each reads what a device has measured.</param>
/// <param name="width">How many characters the bar has.</param>
public sealed class ProgressBar(TextWriter writer, double seconds = 0.2, int width = 30) : Callback
{
    private readonly TextWriter writer = writer ?? throw new ArgumentNullException(nameof(writer));
    private readonly double seconds = seconds >= 0 ? seconds
        : throw Error.Input("ProgressBar", "the time between lines is negative", $"{seconds}", "0 seconds or more");
    private readonly int width = width >= 1 ? width : throw Error.Input("ProgressBar", "the bar has no room", $"{width}", "1 character or more");
    private long began, last;
    private int first, longest;

    /// <inheritdoc/>
    public override void OnEpochBegin(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        (began, last, first, longest) = (Stopwatch.GetTimestamp(), 0, state.Step, 0);
    }

    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (last != 0 && Stopwatch.GetElapsedTime(last).TotalSeconds < seconds) return;
        last = Stopwatch.GetTimestamp();
        double rate = (state.Step - first) / Math.Max(1e-9, Stopwatch.GetElapsedTime(began).TotalSeconds);
        var left = TimeSpan.FromSeconds(Math.Min((state.StepsPerEpoch - state.Step) / rate, 1e6));
        Write(state, $"{Format(rate)} steps/s, {Time(left)} left");
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Write(state, Time(Stopwatch.GetElapsedTime(began)));
        writer.WriteLine();
    }

    // Over the line before, which it blots out.
    private void Write(TrainingState state, string pace)
    {
        int full = (int)((long)width * state.Step / Math.Max(1, state.StepsPerEpoch));
        string logs = string.Join(", ", state.Logs.Select(l => $"{l.Key} {Format(l.Value)}"));
        string line = $"epoch {state.Epoch}/{state.Epochs} [{new string('=', full)}{new string('.', width - full)}] {state.Step}/{state.StepsPerEpoch} {pace}: {logs}";
        longest = Math.Max(longest, line.Length);
        writer.Write('\r');
        writer.Write(line.PadRight(longest));
        writer.Flush();
    }

    private static string Format(double number) => number.ToString("G4", CultureInfo.InvariantCulture);

    private static string Time(TimeSpan time) => time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
