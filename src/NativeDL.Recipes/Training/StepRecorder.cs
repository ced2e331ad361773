namespace NativeDL.Recipes;

/// <summary>Keeps the loss of every step and the learning rate it was taken with, for the report's curves.</summary>
internal sealed class StepRecorder : Callback
{
    private double sumBefore;
    private long rowsBefore;

    /// <summary>Where each step ended, in epochs: 1.5 is the midst of the second.</summary>
    public List<double> Places { get; } = [];

    /// <summary>The mean loss of each step's rows.</summary>
    public List<double> Losses { get; } = [];

    /// <summary>The learning rate of each step.</summary>
    public List<double> Rates { get; } = [];

    // After a resumption the epoch is under way already.
    public override void OnEpochBegin(TrainingState state) => (sumBefore, rowsBefore) = (state.Done.LossSum, state.Done.Rows);

    public override void OnBatchEnd(TrainingState state)
    {
        var done = state.Done;
        Losses.Add((done.LossSum - sumBefore) / (done.Rows - rowsBefore));
        (sumBefore, rowsBefore) = (done.LossSum, done.Rows);
        var optimizer = state.Model.Optimizer!;
        Rates.Add(optimizer.LearningRate.At(optimizer.Steps - 1));
        Places.Add(state.Epoch - 1 + (double)state.Step / state.StepsPerEpoch);
    }
}
