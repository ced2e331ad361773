namespace NativeDL;

/// <summary>Makes the learning rate smaller when a quantity has not improved for some epochs; a schedule goes on, with every rate smaller.</summary>
/// <param name="monitor">The quantity: a log such as <c>val_loss</c>.</param>
/// <param name="factor">What the rate is multiplied with, below 1.</param>
/// <param name="patience">After so many epochs in a row without improvement, as in Keras.</param>
/// <param name="minDelta">How much better than the best counts as an improvement.</param>
/// <param name="cooldown">For so many epochs after that nothing is counted.</param>
/// <param name="minLr">The rate is never made smaller than this.</param>
/// <param name="higherIsBetter">Whether the quantity should grow; unless it is said, a metric of the model says so itself, and anything else should
/// fall.</param>
public sealed class ReduceLROnPlateau(string monitor = "val_loss", double factor = 0.1, int patience = 10, double minDelta = 1e-4, int cooldown = 0,
    double minLr = 0, bool? higherIsBetter = null) : Callback
{
    private readonly double factor = factor is >= 0 and < 1 ? factor
        : throw Error.Input("ReduceLROnPlateau", "the factor makes the rate no smaller", $"{factor}", "0 up to, not including, 1");
    private readonly int patience = patience >= 0 ? patience
        : throw Error.Input("ReduceLROnPlateau", "the patience is negative", $"{patience}", "0 or more epochs");
    private readonly double minDelta = minDelta >= 0 ? minDelta : throw Error.Input("ReduceLROnPlateau", "minDelta is negative", $"{minDelta}", "0 or more");
    private readonly int cooldown = cooldown >= 0 ? cooldown
        : throw Error.Input("ReduceLROnPlateau", "the cooldown is negative", $"{cooldown}", "0 or more epochs");
    private readonly double minLr = minLr >= 0 ? minLr : throw Error.Input("ReduceLROnPlateau", "the least rate is negative", $"{minLr}", "0 or more");
    private double best = double.NaN;
    private int waited, cooling;

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingState state) => (best, waited, cooling) = (double.NaN, 0, 0);

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (cooling > 0) (cooling, waited) = (cooling - 1, 0);
        double value = state.Logs[monitor];
        if (Better.Than(state.Model, monitor, higherIsBetter, value, best, minDelta)) (best, waited) = (value, 0);
        else if (cooling == 0 && ++waited >= patience)
        {
            var optimizer = state.Model.Optimizer!;
            double rate = optimizer.CurrentRate;
            if (rate > minLr) optimizer.LearningRate *= Math.Max(factor, minLr / rate);
            (waited, cooling) = (0, cooldown);
        }
    }

    /// <inheritdoc/>
    protected internal override void WriteState(SavedState saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        saved.Set("best", best);
        saved.Set("waited", waited);
        saved.Set("cooling", cooling);
    }

    /// <inheritdoc/>
    protected internal override void ReadState(SavedState saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        (best, waited, cooling) = (saved.Number("best"), (int)saved.Number("waited"), (int)saved.Number("cooling"));
    }
}
