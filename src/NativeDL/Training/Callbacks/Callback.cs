namespace NativeDL;

/// <summary>Called by <c>Fit</c> as training goes on; override what is of interest.</summary>
/// <example><code>
/// sealed class RateFinder(double low, double high, int steps) : Callback
/// {
///     public List&lt;(double Rate, double Loss)&gt; Curve { get; } = [];
///     public override void OnBatchBegin(TrainingState state) => state.Model.Optimizer!.LearningRate = low * Math.Pow(high / low, (double)state.GlobalStep /
/// steps);
///     public override void OnBatchEnd(TrainingState state) { Curve.Add((state.LearningRate, state.BatchLoss)); if (state.GlobalStep >= steps)
/// state.Stop("done"); }
/// }
/// </code></example>
public abstract class Callback
{
    /// <summary>Before the first epoch.</summary>
    public virtual void OnTrainBegin(TrainingState state) { }

    /// <summary>Before each epoch; of an epoch that is gone on with, before the steps that are left.</summary>
    public virtual void OnEpochBegin(TrainingState state) { }

    /// <summary>Before each step: a learning rate that is set here is the step's.</summary>
    public virtual void OnBatchBegin(TrainingState state) { }

    /// <summary>
    /// After each step; <see cref="TrainingState.BatchLoss"/> is the step's, <see cref="TrainingState.Logs"/> holds the epoch's averages so far.
    /// </summary>
    public virtual void OnBatchEnd(TrainingState state) { }

    /// <summary>After each epoch, validation included.</summary>
    public virtual void OnEpochEnd(TrainingState state) { }

    /// <summary>After the last epoch, also when training was stopped, cancelled or failed: see <see cref="TrainingState.IsFinished"/>.</summary>
    public virtual void OnTrainEnd(TrainingState state) { }

    /// <summary>Writes what the callback must know to go on in another process: counters, the best so far.</summary>
    /// <param name="saved">Where to; nothing is written by default.</param>
    protected internal virtual void WriteState(SavedState saved) { }

    /// <summary>Takes what <see cref="WriteState"/> wrote; called after <see cref="OnTrainBegin"/> of a training that is gone on with.</summary>
    /// <param name="saved">Where from.</param>
    protected internal virtual void ReadState(SavedState saved) { }

    /// <summary>A callback that reports where training stands, read and never changing: now and then, and after each epoch.</summary>
    /// <param name="progress">Whom to; a <see cref="Progress{T}"/> made on a window's thread is called there.</param>
    /// <param name="seconds">The least time between two reports within an epoch.</param>
    public static Callback Progress(IProgress<TrainingState> progress, double seconds = 0.1)
    {
        ArgumentNullException.ThrowIfNull(progress);
        if (!(seconds >= 0)) throw Error.Input("Callback.Progress", "the time between reports is negative", $"{seconds}", "0 seconds or more");
        return new ProgressReports(progress, seconds);
    }
}

/// <summary>Hands the state on.</summary>
internal sealed class ProgressReports(IProgress<TrainingState> progress, double seconds) : Callback
{
    private long last;

    public override void OnBatchEnd(TrainingState state)
    {
        if (last == 0 || System.Diagnostics.Stopwatch.GetElapsedTime(last).TotalSeconds >= seconds) Report(state);
    }

    public override void OnEpochEnd(TrainingState state) => Report(state);

    private void Report(TrainingState state)
    {
        progress.Report(state.Snapshot());
        last = System.Diagnostics.Stopwatch.GetTimestamp();
    }
}
