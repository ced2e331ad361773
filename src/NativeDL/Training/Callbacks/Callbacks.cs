namespace NativeDL;

/// <summary>Whether a quantity is better when it is small or when it is large.</summary>
internal static class Better
{
    /// <summary>Unless it is said, a metric of the model knows, and everything else should fall.</summary>
    public static bool Than(Model model, string quantity, bool? higherIsBetter, double value, double best, double minDelta = 0)
    {
        // What is no number is never an improvement; before the first number anything is.
        if (double.IsNaN(value)) return false;
        if (double.IsNaN(best)) return true;
        quantity = MeasuredNames.Find(quantity, name => model.Metrics.Any(m => name == m.Name || name.EndsWith($"_{m.Name}", StringComparison.Ordinal)));
        bool higher = higherIsBetter ?? (model.Metrics.FirstOrDefault(m => m.Name == quantity)
            ?? model.Metrics.FirstOrDefault(m => quantity.EndsWith($"_{m.Name}", StringComparison.Ordinal)))?.HigherIsBetter ?? false;
        return higher ? value > best + minDelta : value < best - minDelta;
    }
}

/// <summary>Ends training when a quantity has not improved for some epochs.</summary>
/// <param name="monitor">The quantity: a log such as <c>val_loss</c>.</param>
/// <param name="minDelta">How much better than the best counts as an improvement.</param>
/// <param name="patience">Training ends after so many epochs in a row without improvement, as in Keras.</param>
/// <param name="higherIsBetter">Whether the quantity should grow; unless it is said, a metric of the model says so itself, and anything else should
/// fall.</param>
/// <param name="restoreBestWeights">Whether the parameters of the best epoch come back at the end; not after a cancellation or an error.</param>
public sealed class EarlyStopping(string monitor = "val_loss", double minDelta = 0, int patience = 3, bool? higherIsBetter = null,
    bool restoreBestWeights = true) : Callback
{
    private readonly int patience = patience >= 0 ? patience
        : throw Error.Input("EarlyStopping", "the patience is negative", $"{patience}", "0 or more epochs");
    private readonly double minDelta = minDelta >= 0 ? minDelta : throw Error.Input("EarlyStopping", "minDelta is negative", $"{minDelta}", "0 or more");
    private double best = double.NaN;
    private int waited;
    private List<Tensor>? weights;

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingState state) => (best, waited, weights) = (double.NaN, 0, null);

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        double value = state.Logs[monitor];
        if (Better.Than(state.Model, monitor, higherIsBetter, value, best, minDelta))
        {
            (best, waited) = (value, 0);
            if (restoreBestWeights) using (TensorScope.Suspend()) weights = [.. state.Model.Parameters.Select(p => p.Value.Clone())];
        }
        else if (++waited >= patience)
            state.Stop(double.IsNaN(best) ? $"{monitor} was not a number for {waited} epochs" : $"{monitor} did not improve on {best:G6} for {waited} epochs");
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        // Of a run that was cut short nothing is changed: it may be gone on with where it stands.
        if (weights is null || !state.IsFinished) return;
        var parameters = state.Model.Parameters;
        for (int i = 0; i < parameters.Count; i++) parameters[i].Assign(weights[i]);
    }

    /// <inheritdoc/>
    protected internal override void WriteState(SavedState saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        saved.Set("best", best);
        saved.Set("waited", waited);
        for (int i = 0; i < (weights?.Count ?? 0); i++) saved.Set($"{i}", weights![i]);
    }

    /// <inheritdoc/>
    protected internal override void ReadState(SavedState saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        (best, waited) = (saved.Number("best"), (int)saved.Number("waited"));
        var kept = new List<Tensor>();
        while (saved.Contains($"{kept.Count}")) kept.Add(saved.Tensor($"{kept.Count}"));
        weights = kept.Count > 0 ? kept : null;
    }
}

/// <summary>Saves the model after epochs: after each, or after those that improve a quantity.</summary>
/// <param name="path">The <c>.ndl</c> file; <c>{epoch}</c> is replaced by the epoch's number.</param>
/// <param name="monitor">A quantity whose improvement is asked for, or null.</param>
/// <param name="higherIsBetter">Whether the quantity should grow; unless it is said, a metric of the model says so itself, and anything else should
/// fall.</param>
/// <remarks>
/// <see cref="Model.Resume"/> goes on from such a file, and the <c>Fit</c> that follows with what the callbacks had counted, the best so
/// far among it. It is written once the other callbacks have seen the epoch.
/// </remarks>
public sealed class ModelCheckpoint(string path, string? monitor = null, bool? higherIsBetter = null) : Callback
{
    private double best = double.NaN;
    private int judged; // the epoch
    private bool isDue;

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingState state) => judged = 0;

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        // All of them judge before the first is written, which keeps what the others have found.
        state.Loop?.Judge(state);
        Judge(state);
        if (isDue) state.Model.SaveCheckpoint(path.Replace("{epoch}", $"{state.Epoch}", StringComparison.Ordinal), state);
    }

    /// <summary>Decides, once an epoch, whether it is to be saved.</summary>
    internal void Judge(TrainingState state)
    {
        if (judged == state.Epoch) return;
        judged = state.Epoch;
        isDue = true;
        if (monitor is null) return;
        double value = state.Logs[monitor];
        isDue = Better.Than(state.Model, monitor, higherIsBetter, value, best);
        if (isDue) best = value;
    }

    /// <inheritdoc/>
    protected internal override void WriteState(SavedState saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        saved.Set("best", best);
    }

    /// <inheritdoc/>
    protected internal override void ReadState(SavedState saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        best = saved.Number("best");
    }
}
