namespace NativeDL;

/// <summary>Whether a quantity is better when it is small or when it is large.</summary>
internal static class Better
{
    /// <summary>Accuracies and the like grow, losses and errors fall.</summary>
    public static bool Than(string quantity, double value, double best) =>
        double.IsNaN(best) || (quantity.Contains("acc", StringComparison.OrdinalIgnoreCase) || quantity.Contains("auc", StringComparison.OrdinalIgnoreCase) ? value > best : value < best);
}

/// <summary>Ends training when a quantity has not improved for some epochs.</summary>
/// <param name="monitor">The quantity: a log such as <c>val_loss</c>.</param>
/// <param name="patience">Epochs without improvement that are borne.</param>
/// <param name="restoreBest">Whether the parameters of the best epoch come back at the end.</param>
public sealed class EarlyStopping(string monitor = "val_loss", int patience = 3, bool restoreBest = true) : Callback
{
    private double best = double.NaN;
    private int waited;
    private List<Tensor>? weights;

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingState state) => (best, waited, weights) = (double.NaN, 0, null);

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        double value = state.Log(monitor);
        if (Better.Than(monitor, value, best))
        {
            (best, waited) = (value, 0);
            if (restoreBest) using (TensorScope.Suspend()) weights = [.. state.Model.Parameters.Select(p => p.Value.Clone())];
        }
        else if (++waited > patience) state.Stop($"{monitor} did not improve on {best:G6} for {waited} epochs");
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (weights is null) return;
        var parameters = state.Model.Parameters;
        for (int i = 0; i < parameters.Count; i++) parameters[i].Assign(weights[i]);
    }
}

/// <summary>Saves the model after epochs: after each, or after those that improve a quantity.</summary>
/// <param name="path">The <c>.ndl</c> file; <c>{epoch}</c> is replaced by the epoch's number.</param>
/// <param name="monitor">A quantity whose improvement is asked for, or null.</param>
public sealed class ModelCheckpoint(string path, string? monitor = null) : Callback
{
    private double best = double.NaN;

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (monitor is not null)
        {
            double value = state.Log(monitor);
            if (!Better.Than(monitor, value, best)) return;
            best = value;
        }
        state.Model.Save(path.Replace("{epoch}", $"{state.Epoch}", StringComparison.Ordinal));
    }
}
