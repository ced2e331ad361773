namespace NativeDL;

/// <summary>One training from its first epoch to its last: passes, steps, callbacks, and where it stands at any time.</summary>
internal sealed class FitLoop
{
    // Steps after which a device is asked whether all was well, though nobody wants to know anything else.
    private const int MostUnread = 64;

    private readonly Model model;
    private readonly Optimizer optimizer;
    private readonly Objective objective;
    private readonly Batches batches;
    private readonly int epochs;
    private readonly Dataset? validation;
    private readonly CarriedState? carried;
    private readonly IReadOnlyList<Callback> callbacks;
    private readonly CancellationToken cancellationToken;
    private readonly TrainingState state;
    private readonly TrainingStep step;
    private readonly RunningSum batchLoss = new("batch_loss", []);
    private readonly RandomState[] sources; // what random numbers come from: the default of this training, orders, maps
    private readonly Schedule compiledRate;
    private readonly List<Memory> memories = []; // the host's side of steps that nobody has looked at
    private RandomSnapshot[] atBegin = [];
    private readonly TrainingRecord? resumed; // by the model, from a checkpoint
    private TrainingRecord? record;
    private int epochsDone;
    private bool begun;

    public FitLoop(Model model, Batches batches, int epochs, Dataset? validation, IReadOnlyList<Callback> callbacks, int initialEpoch, CarriedState? carried,
        CancellationToken cancellationToken)
    {
        this.model = model;
        (optimizer, objective) = model.RequireCompiled("Fit");
        (this.batches, this.epochs, this.validation, this.carried, this.cancellationToken) = (batches, epochs, validation, carried, cancellationToken);
        // Those that write files come last: they keep what the others have made of the step.
        this.callbacks = [.. callbacks.OrderBy(c => c is BackupAndRestore ? 2 : c is ModelCheckpoint ? 1 : 0)];
        compiledRate = optimizer.LearningRate;
        step = new TrainingStep(model, "Fit", carried);
        sources = [.. new[] { RandomState.Default }.Concat(batches.Sources).Concat(validation?.Sources ?? []).Distinct()];
        record = callbacks.OfType<BackupAndRestore>().Select(b => b.Restore(model, batches)).FirstOrDefault(r => r is not null);
        epochsDone = record?.Epoch ?? initialEpoch;
        resumed = record is null ? model.TakeResumed(initialEpoch) : null;
        var history = new History { EpochsBefore = epochsDone - (record?.History.Count ?? 0) };
        foreach (var row in record?.History ?? []) history.Add(row);
        state = new TrainingState(model, epochs, batches.Count, history, ReadLogs, ReadLoss) { Epoch = epochsDone, Loop = this };
        if (record is not null) GoOn(record);
    }

    public History History => state.History;

    public History Run()
    {
        foreach (var callback in callbacks) callback.OnTrainBegin(state);
        record?.ReadCallbacks(callbacks, all: true);
        resumed?.ReadCallbacks(callbacks, all: false);
        try
        {
            while (epochsDone < epochs && state.StopReason is null)
            {
                var logs = TrainEpoch();
                if (validation is not null)
                    logs = new Logs([.. logs, .. Validate(validation).Select(l => KeyValuePair.Create($"val_{l.Key}", l.Value))]);
                state.Logs = logs;
                state.History.Add(logs);
                (epochsDone, begun) = (state.Epoch, false);
                foreach (var callback in callbacks) callback.OnEpochEnd(state);
            }
            state.IsFinished = true;
        }
        catch (NumericException failure) when (callbacks.Any(c => c is TerminateOnNaN))
        {
            state.Stop(failure.Message);
            state.IsFinished = true;
        }
        catch (Exception failure)
        {
            state.Failure = failure;
            throw;
        }
        finally
        {
            state.History.StopReason = state.StopReason;
            End(0);
        }
        return state.History;
    }

    /// <summary>Has all checkpoints decide on the epoch.</summary>
    public void Judge(TrainingState at)
    {
        foreach (var checkpoint in callbacks.OfType<ModelCheckpoint>()) checkpoint.Judge(at);
    }

    /// <summary>Keeps the epoch's sums, and gives what puts them back.</summary>
    public Action KeepSums()
    {
        Look();
        var sums = objective.WriteSums();
        var metrics = WriteMetrics();
        return () =>
        {
            foreach (var sum in objective.Sums) sum.Reset();
            objective.ReadSums(sums);
            ReadMetrics(metrics);
        };
    }

    /// <summary>Where training stands: with the model, its optimizer and the random state all that an exact resumption needs.</summary>
    public TrainingRecord Reached()
    {
        Look();
        RandomSnapshot[] now = [.. sources.Select(s => s.State)];
        return new TrainingRecord
        {
            Epoch = epochsDone, Begun = begun, Step = begun ? state.Step : 0, Rows = begun ? state.Rows : 0,
            AtBegin = begun ? atBegin : now, Now = now,
            Sums = begun ? objective.WriteSums() : [], Metrics = begun ? WriteMetrics() : [],
            Callbacks = TrainingRecord.WriteCallbacks(callbacks),
            Rate = ReferenceEquals(optimizer.LearningRate, compiledRate) ? null : TrainingRecord.Write(optimizer.LearningRate),
            History = state.History.Rows(),
        };
    }

    private Logs TrainEpoch()
    {
        (state.Epoch, state.Step, state.Rows) = (epochsDone + 1, 0, 0);
        objective.Reset();
        if (carried is { KeepsOverEpochs: false }) carried.Reset();
        var goingOn = record is { Begun: true } ? record : null;
        record = null;
        if (goingOn is not null)
        {
            (state.Step, state.Rows) = (goingOn.Step, goingOn.Rows);
            objective.ReadSums(goingOn.Sums);
            ReadMetrics(goingOn.Metrics);
        }
        foreach (var callback in callbacks) callback.OnEpochBegin(state);
        if (goingOn is not null) SetSources(goingOn.AtBegin);
        atBegin = [.. sources.Select(s => s.State)];
        using var pass = PassFrom(state.Step);
        if (goingOn is not null) SetSources(goingOn.Now);
        begun = true;
        while (state.StopReason is null)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                Look();
                throw new OperationCanceledException(Error.Message($"{model.Name}.Fit",
                    $"training was cancelled in epoch {state.Epoch} after step {state.Step} of {state.StepsPerEpoch}", null, null, null), cancellationToken);
            }
            using var scope = TensorScope.Begin();
            if (!pass.MoveNext()) break;
            TakeStep(pass.Current);
        }
        return ReadLogs();
    }

    // Where a state is carried, row i of each batch goes on where row i of the one before ended: the batches are of the training's size.
    private Logs Validate(Dataset data) => carried is null
        ? model.Evaluate(data, Math.Max(batches.Size, 256), cancellationToken: cancellationToken)
        : model.Evaluate(data, batches.Size, new CarriedState(), cancellationToken);

    private void TakeStep(Batch batch)
    {
        state.LearningRate = optimizer.CurrentRate;
        foreach (var callback in callbacks) callback.OnBatchBegin(state);
        state.LearningRate = optimizer.CurrentRate;
        var before = new Memory(state.Step, state.Rows, optimizer.Steps, RandomState.Default.State);
        var result = step.Run(batch, Place, looks: false);
        if (result.IsGood is not null) memories.Add(before);
        objective.Count(result.Measured, result.Loss, result.Rows, result.IsGood);
        batchLoss.Put(result.Loss);
        state.Step++;
        state.Rows += result.Rows;
        state.Advance();
        if (step.Unread >= MostUnread) Look();
        foreach (var callback in callbacks) callback.OnBatchEnd(state);
    }

    // The batches of the pass that begins now, without the first.
    private IEnumerator<Batch> PassFrom(int first)
    {
        var pass = batches.GetEnumerator();
        try
        {
            for (int i = 0; i < first; i++)
            {
                using var passedOver = TensorScope.Begin();
                pass.MoveNext();
            }
            return pass;
        }
        catch
        {
            pass.Dispose();
            throw;
        }
    }

    private Logs ReadLogs()
    {
        Look();
        return objective.Logs(state.Rows);
    }

    private double ReadLoss()
    {
        Look();
        return batchLoss.Value;
    }

    // Reads all that a device knows, at once; a step that was not good ends training, as if it had been seen at once.
    private void Look()
    {
        if (step.Unread == 0) return;
        RunningSum.Read([step.Good, batchLoss, .. objective.Sums, .. objective.Metrics.SelectMany(m => m.Sums)]);
        long asked = step.Unread, good = step.Look();
        var bad = good < asked ? memories[(int)good] : null;
        memories.Clear();
        if (bad is null) return;

        (state.Step, state.Rows) = (bad.Step, bad.Rows);
        optimizer.Rewind(bad.OptimizerSteps);
        state.Advance();
        // The pass is gone over again up to the batch in question, which tells where it went wrong.
        RandomSnapshot[] now = [.. sources.Select(s => s.State)];
        SetSources(atBegin);
        using var scope = TensorScope.Begin();
        using var pass = PassFrom(bad.Step);
        SetSources(now);
        RandomState.Default.State = bad.Random;
        if (pass.MoveNext()) new TrainingStep(model, "Fit", carried).Run(pass.Current, Place, looks: true);
        throw Error.Numeric($"{model.Name}.Fit",
            $"the loss or a gradient was not finite{Place}, and was when the step was done again; the parameters of the last good step are kept");
    }

    private string Place => $" at epoch {state.Epoch}, step {state.Step + 1}";

    private void GoOn(TrainingRecord from)
    {
        if (from.Now.Count != sources.Length)
            throw new ModelFormatException("Backup", from.File, null, "the data draws from another number of random states than that of the backup",
                $"{sources.Length}", $"{from.Now.Count}");
        if (from.Step > batches.Count)
            throw new ModelFormatException("Backup", from.File, null, "more steps were done than an epoch has", $"{from.Step}", $"at most {batches.Count}");
        SetSources(from.Now);
        if (from.Rate is { } rate) optimizer.LearningRate = TrainingRecord.ReadRate(rate, from.File);
    }

    private void SetSources(IReadOnlyList<RandomSnapshot> snapshots)
    {
        for (int i = 0; i < sources.Length; i++) sources[i].State = snapshots[i];
    }

    private List<SavedState> WriteMetrics() => [.. objective.Metrics.Select(m =>
    {
        var saved = new SavedState($"the metric '{m.Name}'");
        m.WriteState(saved);
        return saved;
    })];

    private void ReadMetrics(IReadOnlyList<SavedState> saved)
    {
        foreach (var (metric, kept) in objective.Metrics.Zip(saved))
            if (!kept.IsEmpty) metric.ReadState(kept);
    }

    // Each callback is told of the end, also when another one fails there.
    private void End(int next)
    {
        if (next == callbacks.Count) return;
        try
        {
            callbacks[next].OnTrainEnd(state);
        }
        finally
        {
            End(next + 1);
        }
    }

    /// <summary>What the host knew before a step.</summary>
    private sealed record Memory(int Step, long Rows, long OptimizerSteps, RandomSnapshot Random);
}
