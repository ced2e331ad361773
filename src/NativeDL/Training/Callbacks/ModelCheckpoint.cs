namespace NativeDL;

/// <summary>Saves the model after epochs, or after so many steps: after each, or after those that improve a quantity.</summary>
/// <param name="path">
/// The file: <c>.ndl</c>, or with <paramref name="saveWeightsOnly"/> what <see cref="Model.SaveWeights"/> knows. <c>{epoch}</c> and <c>{step}</c> are replaced
/// by their numbers, <c>{val_loss}</c> and the like by what was measured, with four decimals.
/// </param>
/// <param name="monitor">A quantity whose improvement is asked for, or null.</param>
/// <param name="higherIsBetter">Whether the quantity should grow; unless it is said, a metric of the model says so itself, and anything else should
/// fall.</param>
/// <param name="saveWeightsOnly">Whether the parameters alone are written, from which no training goes on.</param>
/// <param name="saveFreq">If above 0, it is saved after so many steps instead of after epochs; nothing can be monitored then.</param>
/// <param name="initialValueThreshold">If given, only what is better than this is saved.</param>
/// <param name="keep">If above 0, only so many files stay: the best of the quantity, of which then each that is among them is saved, or the last.</param>
/// <remarks>
/// <see cref="Model.Resume"/> goes on from such a file, and the <c>Fit</c> that follows with what the callbacks had counted, the best so
/// far among it. It is written once the other callbacks have seen the epoch.
/// </remarks>
public sealed class ModelCheckpoint(string path, string? monitor = null, bool? higherIsBetter = null, bool saveWeightsOnly = false, long saveFreq = 0,
    double? initialValueThreshold = null, int keep = 0) : Callback
{
    private readonly long saveFreq = saveFreq == 0 || saveFreq > 0 && monitor is null ? saveFreq
        : throw Error.Input("ModelCheckpoint", saveFreq < 0 ? "the number of steps is negative" : "what is monitored is known after epochs", $"{saveFreq}",
            "0 for epochs, or more without a monitor");
    private readonly int keep = keep >= 0 ? keep
        : throw Error.Input("ModelCheckpoint", "the number of files is negative", $"{keep}", "0 for all of them, or more");
    private readonly List<(string Path, double Value)> kept = []; // in the order they were written
    private double best = initialValueThreshold ?? double.NaN;
    private int judged; // the epoch
    private bool isDue;

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingState state) => judged = 0;

    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (saveFreq > 0 && state.GlobalStep % saveFreq == 0) Save(state);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        // All of them judge before the first is written, which keeps what the others have found.
        state.Loop?.Judge(state);
        Judge(state);
        if (isDue && saveFreq == 0) Save(state);
    }

    /// <summary>Decides, once an epoch, whether it is to be saved.</summary>
    internal void Judge(TrainingState state)
    {
        if (judged == state.Epoch) return;
        judged = state.Epoch;
        isDue = true;
        if (monitor is null) return;
        double value = state.Logs[monitor];
        bool improves = Better.Than(state.Model, monitor, higherIsBetter, value, best);
        isDue = improves || keep > 0 && IsAmongTheBest(state, value);
        if (improves) best = value;
    }

    /// <inheritdoc/>
    protected internal override void WriteState(SavedState saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        saved.Set("best", best);
        if (keep == 0) return;
        saved.Set("kept", string.Join('\n', kept.Select(k => k.Path)));
        saved.Set("values", kept.Select(k => k.Value));
    }

    /// <inheritdoc/>
    protected internal override void ReadState(SavedState saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        best = saved.Number("best");
        kept.Clear();
        if (keep > 0 && saved.Contains("kept"))
            kept.AddRange(saved.Text("kept").Split('\n', StringSplitOptions.RemoveEmptyEntries).Zip(saved.Numbers("values")));
    }

    // Whether so few were saved, or so bad ones, that this one is kept.
    private bool IsAmongTheBest(TrainingState state, double value) => !double.IsNaN(value)
        && (initialValueThreshold is not { } least || Better.Than(state.Model, monitor!, higherIsBetter, value, least))
        && (kept.Count < keep || Better.Than(state.Model, monitor!, higherIsBetter, value, Worst(state).Value));

    private (string Path, double Value) Worst(TrainingState state) =>
        kept.Aggregate((a, b) => Better.Than(state.Model, monitor!, higherIsBetter, a.Value, b.Value) ? b : a);

    private void Save(TrainingState state)
    {
        string file = path.Replace("{epoch}", $"{state.Epoch}", StringComparison.Ordinal).Replace("{step}", $"{state.GlobalStep}", StringComparison.Ordinal);
        if (file.Contains('{', StringComparison.Ordinal))
            foreach (var (name, value) in state.Logs)
                file = file.Replace($"{{{name}}}", value.ToString("F4", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        if (keep > 0)
        {
            // Before the file is written, which says which of them there are.
            kept.RemoveAll(k => k.Path == file);
            string? gone = null;
            if (kept.Count >= keep)
            {
                var worst = monitor is null ? kept[0] : Worst(state);
                kept.Remove(worst);
                gone = worst.Path;
            }
            kept.Add((file, monitor is null ? double.NaN : state.Logs[monitor]));
            Write(state, file);
            if (gone is not null) File.Delete(gone);
        }
        else Write(state, file);
    }

    private void Write(TrainingState state, string file)
    {
        if (saveWeightsOnly) state.Model.SaveWeights(file);
        else state.Model.SaveCheckpoint(file, state);
    }
}
