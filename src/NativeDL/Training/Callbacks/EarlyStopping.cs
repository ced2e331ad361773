namespace NativeDL;

/// <summary>Ends training when a quantity has not improved for some epochs.</summary>
/// <param name="monitor">The quantity: a log such as <c>val_loss</c>.</param>
/// <param name="minDelta">How much better than the best counts as an improvement.</param>
/// <param name="patience">Training ends after so many epochs in a row without improvement, as in Keras.</param>
/// <param name="higherIsBetter">Whether the quantity should grow; unless it is said, a metric of the model says so itself, and anything else should
/// fall.</param>
/// <param name="baseline">If given, an epoch that is no better than this counts as one without improvement.</param>
/// <param name="restoreBestWeights">Whether the parameters of the best epoch come back at the end; not after a cancellation or an error.</param>
/// <param name="startFromEpoch">So many epochs come before the first that is judged.</param>
public sealed class EarlyStopping(string monitor = "val_loss", double minDelta = 0, int patience = 3, bool? higherIsBetter = null,
    double? baseline = null, bool restoreBestWeights = true, int startFromEpoch = 0) : Callback
{
    private readonly int patience = patience >= 0 ? patience
        : throw Error.Input("EarlyStopping", "the patience is negative", $"{patience}", "0 or more epochs");
    private readonly double minDelta = minDelta >= 0 ? minDelta : throw Error.Input("EarlyStopping", "minDelta is negative", $"{minDelta}", "0 or more");
    private readonly int startFromEpoch = startFromEpoch >= 0 ? startFromEpoch
        : throw Error.Input("EarlyStopping", "startFromEpoch is negative", $"{startFromEpoch}", "0 or more epochs");
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
        if (state.Epoch <= startFromEpoch) return;
        bool improves = Better.Than(state.Model, monitor, higherIsBetter, value, best, minDelta);
        if (improves)
        {
            best = value;
            if (restoreBestWeights) using (TensorScope.Suspend()) weights = [.. state.Model.Parameters.Select(p => p.Value.Clone())];
        }
        if (improves && (baseline is not { } least || Better.Than(state.Model, monitor, higherIsBetter, value, least, minDelta))) waited = 0;
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
