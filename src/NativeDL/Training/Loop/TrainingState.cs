namespace NativeDL;

/// <summary>Where training stands.</summary>
/// <remarks>On a device the numbers are still on their way: asking for <see cref="Logs"/> or <see cref="BatchLoss"/> waits for them, once for all.</remarks>
public sealed class TrainingState
{
    private readonly Func<Logs>? read;
    private readonly Func<double>? readLoss;
    private Logs? logs = Logs.None;
    private double? batchLoss = double.NaN;

    internal TrainingState(Model model, int epochs, int stepsPerEpoch, History history, Func<Logs> read, Func<double> readLoss)
    {
        Model = model;
        Epochs = epochs;
        StepsPerEpoch = stepsPerEpoch;
        History = history;
        (this.read, this.readLoss) = (read, readLoss);
    }

    private TrainingState(TrainingState of)
    {
        (Model, Epochs, StepsPerEpoch, History) = (of.Model, of.Epochs, of.StepsPerEpoch, of.History);
        (Epoch, Step, Rows, LearningRate, StopReason, IsFinished) = (of.Epoch, of.Step, of.Rows, of.LearningRate, of.StopReason, of.IsFinished);
        (logs, batchLoss) = (of.Logs, of.BatchLoss);
    }

    /// <summary>The model being trained.</summary>
    public Model Model { get; }

    /// <summary>The epoch, counted from 1.</summary>
    public int Epoch { get; internal set; }

    /// <summary>How many epochs were asked for.</summary>
    public int Epochs { get; }

    /// <summary>Steps done in this epoch.</summary>
    public int Step { get; internal set; }

    /// <summary>Rows seen in this epoch.</summary>
    public long Rows { get; internal set; }

    /// <summary>Steps in an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Steps done since the first epoch.</summary>
    public long GlobalStep => (long)Math.Max(0, Epoch - 1) * StepsPerEpoch + Step;

    /// <summary>The learning rate of the step at hand: before it the one it will be taken with, after it the one it was.</summary>
    public double LearningRate { get; internal set; } = double.NaN;

    /// <summary>The loss of the last batch before its step, penalties and added losses included; NaN before the first.</summary>
    public double BatchLoss => batchLoss ??= readLoss!();

    /// <summary>Loss and metrics: averages of this epoch so far, and at its end the validation's.</summary>
    public Logs Logs
    {
        get => logs ??= read!();
        internal set => logs = value;
    }

    /// <summary>The epochs finished.</summary>
    public History History { get; }

    /// <summary>Set, with a reason, to end training after this step.</summary>
    public string? StopReason { get; private set; }

    /// <summary>Ends training after this step.</summary>
    /// <param name="reason">Kept in the history.</param>
    public void Stop(string reason) => StopReason ??= reason;

    /// <summary>Whether training came to its end, by itself or by <see cref="Stop"/>; false before, and after a cancellation or an error.</summary>
    public bool IsFinished { get; internal set; }

    /// <summary>What ended training before its time; null while it goes on, and where it was not cut short.</summary>
    internal Exception? Failure { get; set; }

    /// <summary>The training itself, for backups.</summary>
    internal FitLoop? Loop { get; init; }

    /// <summary>A step was done: what was measured is asked for anew.</summary>
    internal void Advance() => (logs, batchLoss) = (null, null);

    /// <summary>The state as it is now, read, and never changing again: for another thread.</summary>
    internal TrainingState Snapshot() => new(this);
}
