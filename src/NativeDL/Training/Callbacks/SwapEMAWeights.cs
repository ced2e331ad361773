namespace NativeDL;

/// <summary>
/// Gives the parameters, when training has come to its end, the averages that the optimizer keeps of them (<see cref="Optimizer.Ema"/>, or a rule's own):
/// what is saved and used then is the average. In the meantime <see cref="Optimizer.UseAverages"/> puts them there for an evaluation.
/// </summary>
public sealed class SwapEMAWeights : Callback
{
    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        // A training that was cut short goes on with the values themselves.
        if (state.IsFinished) state.Model.Optimizer!.AssignAverages();
    }
}
