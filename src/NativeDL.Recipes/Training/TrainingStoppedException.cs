namespace NativeDL.Recipes;

/// <summary>Training was stopped from outside; what was reached so far is in a checkpoint.</summary>
public sealed class TrainingStoppedException : OperationCanceledException
{
    internal TrainingStoppedException(string checkpoint, int epoch, int step, CancellationToken token)
        : base($"Train(stopped): training was stopped in epoch {epoch} after step {step}; the checkpoint is {checkpoint}.", token)
    {
        Checkpoint = checkpoint;
        (Epoch, Step) = (epoch, step);
    }

    /// <summary>The checkpoint's path.</summary>
    public string Checkpoint { get; }

    /// <summary>The epoch that was under way, counted from 1.</summary>
    public int Epoch { get; }

    /// <summary>Steps done in it.</summary>
    public int Step { get; }
}
