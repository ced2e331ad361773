using NativeDL.Formats;

namespace NativeDL;

/// <summary>
/// Keeps where training stands in a folder, after each epoch and wherever it is cut short, and goes on from there when the
/// same training is begun again: the result equals, to the bit, that of a training that was never interrupted. What callbacks
/// and metrics keep, learning rates that callbacks set, the order of the rows and random maps go on too.
/// </summary>
/// <param name="backupDir">The folder; it is made where it is missing. One training at a time may use it: another is refused.</param>
/// <param name="saveFreq">Also after so many steps; 0 for epochs alone.</param>
/// <param name="deleteCheckpoint">Whether the backup is deleted when training has come to its end, so that the next one begins anew.</param>
/// <remarks>
/// <c>model.Fit(…, resume: "folder")</c> is this callback. The model, the data and the callbacks are made as they were; the model need not be built.
/// </remarks>
public sealed class BackupAndRestore(string backupDir, int saveFreq = 0, bool deleteCheckpoint = true) : Callback
{
    private readonly string folder = string.IsNullOrEmpty(backupDir) ? throw Error.Input("BackupAndRestore", "the folder has no name", "''")
        : System.IO.Path.GetFullPath(backupDir);
    private readonly int saveFreq = saveFreq >= 0 ? saveFreq
        : throw Error.Input("BackupAndRestore", "the number of steps is negative", $"{saveFreq}", "0 for epochs alone, or more");

    /// <summary>The backup's file.</summary>
    public string Path => System.IO.Path.Combine(folder, FileName);

    /// <summary>Why the backup of a training that failed could not be written; null where it could.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The name of the file in its folder.</summary>
    internal string FileName { get; init; } = "backup.ndl";

    /// <summary>Whether a backup that is there already is given up.</summary>
    internal bool BeginsAnew { get; init; }

    /// <summary>Whether the folder is held already, by whoever trains.</summary>
    internal bool IsHeld { get; init; }

    private FolderLock? held;

    /// <summary>What else is written of the run.</summary>
    internal Func<string>? Run { get; init; }

    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (saveFreq > 0 && state.GlobalStep % saveFreq == 0) Save(state);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state) => Save(state);

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingState state)
    {
        // A folder that cannot be written, or a full disk, shows here and not when there is something to lose.
        if (BeginsAnew || !File.Exists(Path)) Save(state);
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.IsFinished)
        {
            if (deleteCheckpoint) File.Delete(Path);
            return;
        }
        try
        {
            Save(state);
        }
        catch (Exception e) when (state.Failure is not (null or OperationCanceledException))
        {
            Failure = e; // what ended training is thrown on, whether or not there is still room for a backup
        }
    }

    /// <summary>Puts model, optimizer and random state where the backup has them.</summary>
    /// <returns>Where training stood; null without a backup.</returns>
    internal TrainingRecord? Restore(Model model, Batches batches)
    {
        if (!IsHeld) held ??= FolderLock.Take($"{model.Name}.Fit", folder);
        if (BeginsAnew || !File.Exists(Path)) return null;
        using var file = NdlFile.Open(Path);
        var record = TrainingRecord.Read(file, Path)
            ?? throw new ModelFormatException("Backup", Path, null, "the file is not the backup of a training", null, null,
                "models that were saved by other means are gone on with by Model.Resume");
        if (!model.HasValues)
        {
            // Any batch tells the shapes; what it draws is put back with the rest.
            using var scope = TensorScope.Begin();
            model.CallWith(batches.First().To(model.Device), new CallContext(), "Fit");
        }
        model.ResumeFrom(file, Path);
        return record;
    }

    /// <summary>Gives the folder free.</summary>
    internal void Release()
    {
        held?.Dispose();
        held = null;
    }

    private void Save(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Directory.CreateDirectory(folder);
        // Before the first step a model may have no values yet: nothing is lost, and to ask for them would draw random numbers out of turn.
        if (!state.Model.HasValues) return;
        var reached = state.Loop!.Reached();
        state.Model.SaveRun(Path, reached.Epoch, Run?.Invoke(), reached, mayLackLayers: true);
    }
}
