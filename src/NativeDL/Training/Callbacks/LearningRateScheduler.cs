namespace NativeDL;

/// <summary>Sets the learning rate before each epoch, by a function of the epoch and of the rate that holds.</summary>
/// <remarks>A <see cref="Schedule"/> is set for each step, and files keep it.</remarks>
/// <example><code>
/// new LearningRateScheduler((epoch, rate) => epoch &lt;= 10 ? rate : rate * 0.9)
/// </code></example>
/// <param name="schedule">Of the epoch, counted from 1 as everywhere here, and the rate the new rate.</param>
public sealed class LearningRateScheduler(Func<int, double, double> schedule) : Callback
{
    private readonly Func<int, double, double> schedule = schedule ?? throw new ArgumentNullException(nameof(schedule));

    /// <inheritdoc/>
    public override void OnEpochBegin(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        // Of an epoch that is gone on with the rate was set when it began.
        if (state.Step > 0) return;
        var optimizer = state.Model.Optimizer!;
        optimizer.LearningRate = schedule(state.Epoch, optimizer.CurrentRate);
    }
}
