namespace NativeDL.Recipes;

/// <summary>Knows at any time where training stands, so that a stopped run can be written down.</summary>
internal sealed class RunKeeper(RandomState order) : Callback
{
    private TrainingState? state;

    /// <summary>The epoch under way, counted from 1; 0 before the first.</summary>
    public int Epoch => state?.Epoch ?? 0;

    /// <summary>What was done of it.</summary>
    public EpochProgress Done => state?.Done ?? new EpochProgress();

    /// <summary>The source of the rows' order as the epoch began.</summary>
    public RandomSnapshot OrderAtEpoch { get; private set; } = order.State;

    /// <summary>The epochs that this process finished.</summary>
    public List<IReadOnlyList<KeyValuePair<string, double>>> Rows { get; } = [];

    public override void OnEpochBegin(TrainingState state) => (this.state, OrderAtEpoch) = (state, order.State);

    public override void OnEpochEnd(TrainingState state) => Rows.Add([.. state.Logs]);
}
