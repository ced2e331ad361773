using System.Diagnostics;

namespace NativeDL.Recipes;

/// <summary>Knows at any time where training stands, and writes it down: after each epoch, and wherever training is stopped.</summary>
/// <param name="model">What is trained.</param>
/// <param name="begun">The run as it was begun or gone on with.</param>
/// <param name="order">The source of the rows' order.</param>
/// <param name="path">The checkpoint's file.</param>
internal sealed class RunKeeper(Model model, RunRecord begun, RandomState order, string path) : Callback
{
    private readonly List<IReadOnlyList<KeyValuePair<string, double>>> rows = [];
    private EpochProgress done = begun.Begun;
    private RandomSnapshot orderAtEpoch = order.State;

    /// <summary>Runs while training does.</summary>
    public Stopwatch Clock { get; } = new();

    /// <summary>The run as it stands.</summary>
    public RunRecord Reached => begun with
    {
        Epoch = begun.Epoch + rows.Count, Begun = done, Order = orderAtEpoch,
        Seconds = begun.Seconds + Clock.Elapsed.TotalSeconds, History = [.. begun.History, .. rows],
    };

    /// <summary>Writes the checkpoint.</summary>
    public RunRecord Keep()
    {
        var reached = Reached;
        model.SaveRun(path, reached.Epoch, reached.ToJson());
        return reached;
    }

    public override void OnEpochBegin(TrainingState state) => done = state.Done;

    public override void OnEpochEnd(TrainingState state)
    {
        rows.Add([.. state.Logs]);
        (done, orderAtEpoch) = (new EpochProgress(), order.State);
        Keep();
    }
}
