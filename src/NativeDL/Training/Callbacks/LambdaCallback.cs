namespace NativeDL;

/// <summary>Functions that are called as training goes on, each with where it stands.</summary>
/// <example><code>
/// new LambdaCallback(onEpochEnd: state => Console.WriteLine($"{state.Epoch}: {state.Logs:F4}"))
/// </code></example>
/// <param name="onEpochBegin">Before each epoch.</param>
/// <param name="onEpochEnd">After each epoch, validation included.</param>
/// <param name="onTrainBegin">Before the first epoch.</param>
/// <param name="onTrainEnd">After the last epoch.</param>
/// <param name="onBatchBegin">Before each step.</param>
/// <param name="onBatchEnd">After each step.</param>
public sealed class LambdaCallback(Action<TrainingState>? onEpochBegin = null, Action<TrainingState>? onEpochEnd = null,
    Action<TrainingState>? onTrainBegin = null, Action<TrainingState>? onTrainEnd = null, Action<TrainingState>? onBatchBegin = null,
    Action<TrainingState>? onBatchEnd = null) : Callback
{
    /// <inheritdoc/>
    public override void OnEpochBegin(TrainingState state) => onEpochBegin?.Invoke(state);

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state) => onEpochEnd?.Invoke(state);

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingState state) => onTrainBegin?.Invoke(state);

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingState state) => onTrainEnd?.Invoke(state);

    /// <inheritdoc/>
    public override void OnBatchBegin(TrainingState state) => onBatchBegin?.Invoke(state);

    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingState state) => onBatchEnd?.Invoke(state);
}
