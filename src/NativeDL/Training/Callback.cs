namespace NativeDL;

/// <summary>Called by <c>Fit</c> as training goes on; override what is of interest.</summary>
public abstract class Callback
{
    /// <summary>Before the first epoch.</summary>
    public virtual void OnTrainBegin(TrainingState state) { }

    /// <summary>Before each epoch.</summary>
    public virtual void OnEpochBegin(TrainingState state) { }

    /// <summary>After each step; <see cref="TrainingState.Logs"/> holds the epoch's averages so far.</summary>
    public virtual void OnBatchEnd(TrainingState state) { }

    /// <summary>After each epoch, validation included.</summary>
    public virtual void OnEpochEnd(TrainingState state) { }

    /// <summary>After the last epoch, also when training was stopped, cancelled or failed: see <see cref="TrainingState.IsFinished"/>.</summary>
    public virtual void OnTrainEnd(TrainingState state) { }
}

/// <summary>Where training stands.</summary>
public sealed class TrainingState
{
    internal TrainingState(Model model, int epochs, int stepsPerEpoch, History history)
    {
        Model = model;
        Epochs = epochs;
        StepsPerEpoch = stepsPerEpoch;
        History = history;
    }

    /// <summary>The model being trained.</summary>
    public Model Model { get; }

    /// <summary>The epoch, counted from 1.</summary>
    public int Epoch { get; internal set; }

    /// <summary>How many epochs were asked for.</summary>
    public int Epochs { get; }

    /// <summary>Steps done in this epoch.</summary>
    public int Step => Done.Step;

    /// <summary>What was done of this epoch; with it training goes on exactly where it was stopped.</summary>
    internal EpochProgress Done { get; set; } = new();

    /// <summary>Steps in an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Loss and metrics: averages of this epoch so far, and at its end the validation's.</summary>
    public Logs Logs { get; internal set; } = Logs.None;

    /// <summary>The epochs finished.</summary>
    public History History { get; }

    /// <summary>Set, with a reason, to end training after this step.</summary>
    public string? StopReason { get; private set; }

    /// <summary>Ends training after this step.</summary>
    /// <param name="reason">Kept in the history.</param>
    public void Stop(string reason) => StopReason ??= reason;

    /// <summary>Whether training came to its end, by itself or by <see cref="Stop"/>; false before, and after a cancellation or an error.</summary>
    public bool IsFinished { get; internal set; }
}
