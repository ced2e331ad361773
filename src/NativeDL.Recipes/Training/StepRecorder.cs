namespace NativeDL.Recipes;

/// <summary>Keeps the loss of steps and the learning rate they were taken with, for the report's curves.</summary>
internal sealed class StepRecorder : Callback
{
    // Reading a loss from a device waits for it: there a sample will do.
    private const int OnDevice = 20;

    /// <summary>Where each step ended, in epochs: 1.5 is the midst of the second.</summary>
    public List<double> Places { get; } = [];

    /// <summary>The loss of each step's rows.</summary>
    public List<double> Losses { get; } = [];

    /// <summary>The learning rate of each step.</summary>
    public List<double> Rates { get; } = [];

    public override void OnBatchEnd(TrainingState state)
    {
        if (!state.Model.Device.IsCpu && state.Step % OnDevice != 0 && state.Step != state.StepsPerEpoch) return;
        Losses.Add(state.BatchLoss);
        Rates.Add(state.LearningRate);
        Places.Add(state.Epoch - 1 + (double)state.Step / state.StepsPerEpoch);
    }
}
