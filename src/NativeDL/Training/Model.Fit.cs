namespace NativeDL;

public partial class Model
{
    /// <summary>Trains on a data set.</summary>
    /// <param name="train">Features and labels.</param>
    /// <param name="epochs">Passes over the data.</param>
    /// <param name="batchSize">Rows a step.</param>
    /// <param name="validation">Data that is evaluated after each epoch and never trained on.</param>
    /// <param name="validationSplit">Or: the share of <paramref name="train"/>, taken from its end, that is held back for validation.</param>
    /// <param name="shuffle">Whether each epoch sees the rows in a new order.</param>
    /// <param name="callbacks">Called as training goes on.</param>
    /// <param name="random">Gives the orders; <see cref="RandomState.Default"/> unless named.</param>
    /// <param name="initialEpoch">Epochs that were done before, when training is resumed.</param>
    /// <param name="cancellation">Ends training after the step at hand; the model stays consistent and the exception tells where it stood.</param>
    /// <returns>Loss and metrics, one row an epoch.</returns>
    /// <exception cref="InvalidInputException">The model is not compiled, the data set is empty, or a size makes no sense.</exception>
    /// <exception cref="NumericException">The loss or a gradient is not finite; the model keeps the parameters of the last good step.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public History Fit(Dataset train, int epochs = 1, int batchSize = 32, Dataset? validation = null, double validationSplit = 0, bool shuffle = true,
        IReadOnlyList<Callback>? callbacks = null, RandomState? random = null, int initialEpoch = 0, CancellationToken cancellation = default) =>
        Fit(train, epochs, batchSize, validation, validationSplit, shuffle, callbacks, random, initialEpoch, null, cancellation);

    /// <summary>As above; <paramref name="begun"/> says what was done of the first epoch when training was stopped in its midst.</summary>
    internal History Fit(Dataset train, int epochs, int batchSize, Dataset? validation, double validationSplit, bool shuffle,
        IReadOnlyList<Callback>? callbacks, RandomState? random, int initialEpoch, EpochProgress? begun, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(train);
        RequireCompiled(nameof(Fit));
        RequireBatchSize(batchSize);
        if (epochs < 0) throw Error.Input($"{Name}.Fit", "the number of epochs is negative", $"{epochs}", "0 or more");
        if (initialEpoch < 0) throw Error.Input($"{Name}.Fit", "the number of epochs done before is negative", $"{initialEpoch}", "0 or more");
        if (validationSplit is not (>= 0 and < 1)) throw Error.Input($"{Name}.Fit", "the validation split is a share of the data", $"{validationSplit}", "0 up to, not including, 1");
        if (validationSplit > 0)
        {
            if (validation is not null) throw Error.Input($"{Name}.Fit", "validation data and a validation split exclude each other");
            (train, validation) = train.Split(1 - validationSplit);
        }
        if (train.Count == 0) throw Error.Input($"{Name}.Fit", "the data set is empty", "0 rows", "1 or more");
        if (validation is { Count: 0 })
            throw Error.Input($"{Name}.Fit", "the validation data is empty", validationSplit > 0 ? $"a share of {validationSplit} of {train.Count} rows" : "0 rows", "1 row or more");

        var history = new History { EpochsBefore = initialEpoch };
        var state = new TrainingState(this, epochs, (train.Count - 1) / batchSize + 1, history) { Epoch = initialEpoch };
        var source = shuffle ? train.Shuffle(random ?? RandomState.Default) : train;
        callbacks ??= [];
        foreach (var callback in callbacks) callback.OnTrainBegin(state);
        try
        {
            for (int epoch = initialEpoch + 1; epoch <= epochs && state.StopReason is null; epoch++)
            {
                state.Epoch = epoch;
                state.Done = epoch == initialEpoch + 1 && begun is not null ? begun : new EpochProgress();
                foreach (var callback in callbacks) callback.OnEpochBegin(state);
                var logs = TrainEpoch(source.Batch(batchSize), state, callbacks, cancellation);
                if (validation is not null)
                    logs = new Logs([.. logs, .. Evaluate(validation, batchSize: Math.Max(batchSize, 256), cancellation: cancellation).Select(l => KeyValuePair.Create($"val_{l.Key}", l.Value))]);
                state.Logs = logs;
                history.Add(logs);
                foreach (var callback in callbacks) callback.OnEpochEnd(state);
            }
            state.IsFinished = true;
        }
        finally
        {
            history.StopReason = state.StopReason;
            End(0);
        }
        return history;

        // Each callback is told of the end, also when another one fails there.
        void End(int next)
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
    }

    /// <summary>Trains on features <paramref name="x"/> <c>[N, …]</c> and labels <paramref name="y"/> <c>[N]</c> or <c>[N, …]</c>.</summary>
    /// <inheritdoc cref="Fit(Dataset, int, int, Dataset, double, bool, IReadOnlyList{Callback}, RandomState, int, CancellationToken)"/>
    public History Fit(Tensor x, Tensor y, int epochs = 1, int batchSize = 32, Dataset? validation = null, double validationSplit = 0, bool shuffle = true,
        IReadOnlyList<Callback>? callbacks = null, RandomState? random = null, int initialEpoch = 0, CancellationToken cancellation = default) =>
        Fit(new Dataset(x, y), epochs, batchSize, validation, validationSplit, shuffle, callbacks, random, initialEpoch, cancellation);

    /// <summary>One step of training on one batch.</summary>
    /// <returns>The batch's loss before the step, penalties included.</returns>
    /// <exception cref="NumericException">The loss or a gradient is not finite; nothing was changed.</exception>
    public double TrainOnBatch(Tensor x, Tensor y)
    {
        RequireCompiled(nameof(TrainOnBatch));
        using var step = TensorScope.Begin();
        return Step(new Batch(x, y), nameof(TrainOnBatch), "").Loss;
    }

    private Logs TrainEpoch(Batches batches, TrainingState state, IReadOnlyList<Callback> callbacks, CancellationToken cancellation)
    {
        var done = state.Done;
        done.Restore(metrics);
        using var batch = batches.GetEnumerator();
        for (int i = 0; i < done.Step; i++)
        {
            using var passedOver = TensorScope.Begin();
            batch.MoveNext();
        }
        while (state.StopReason is null)
        {
            if (cancellation.IsCancellationRequested)
                throw new OperationCanceledException(Error.Message($"{Name}.Fit", $"training was cancelled in epoch {state.Epoch} after step {state.Step} of {state.StepsPerEpoch}", null, null, null), cancellation);
            using var step = TensorScope.Begin();
            if (!batch.MoveNext()) break;
            var (value, prediction) = Step(batch.Current, nameof(Fit), $" at epoch {state.Epoch}, step {state.Step + 1}");
            done.Recall(metrics);
            foreach (var metric in metrics) metric.Update(batch.Current.Y, prediction);
            done.Add(value, batch.Current.X.Shape[0], metrics);
            state.Logs = LogsOf(done.MeanLoss);
            foreach (var callback in callbacks) callback.OnBatchEnd(state);
        }
        done.Recall(metrics);
        return LogsOf(done.MeanLoss);
    }

    private (double Loss, Tensor Prediction) Step(Batch batch, string method, string place)
    {
        var call = CallContext.ForStep();
        using var tape = new GradientTape();
        var prediction = Call(OnlyInput(batch, method), call);
        var total = loss!.Call(batch.Y, prediction);
        foreach (var added in call.Losses) total += added;
        if (Penalty() is { } penalty) total += penalty;
        double value = total.Item();
        if (!double.IsFinite(value)) throw Diagnose(method, $"the loss is {value}{place}", batch);

        var parameters = NamedParameters;
        if (parameters.Count == 0) throw Error.Input($"{Name}.{method}", "the model has no parameters, so there is nothing to train", null, null, "layers that a model of one's own holds are its own only by Track, in its constructor");
        var trained = parameters.Where(p => p.Value.Trainable).ToList();
        if (trained.Count > 0)
        {
            var gradients = tape.Gradient(total, trained.Select(p => p.Value));
            if (FiniteCheck.FirstBadOf(gradients) is >= 0 and var bad)
                throw Diagnose(method, $"the gradient of {trained[bad].Key} is not finite at {FiniteCheck.At(gradients[bad].Shape, FiniteCheck.FirstBad(gradients[bad]))}{place}", batch);
            optimizer!.Apply([.. trained.Select(p => p.Value)], gradients);
        }
        call.Run.Commit();
        return (value, prediction);
    }

    private Tensor OnlyInput(Batch batch, string method) => batch.Inputs.Count == 1 ? batch.X
        : throw Error.Input($"{Name}.{method}", "the data set has several inputs and a model takes one", $"{batch.Inputs.Count} inputs", null, "put them together by Map, for instance with Tensor.Concat along the last axis");

    // Where the first NaN or infinity stands: in the data, in a parameter, or in what a layer made of them.
    private NumericException Diagnose(string method, string what, Batch batch)
    {
        string? origin = Bad("the features", batch.X) ?? Bad("the labels", batch.Y) ?? NamedParameters.Select(p => Bad($"parameter {p.Key}", p.Value)).FirstOrDefault(b => b is not null);
        if (origin is null)
        {
            // Looking must change nothing: what dropout draws is put back, and what layers note is dropped with the step.
            var random = RandomState.Default.State;
            var probe = CallContext.ForDiagnosis(training: true);
            Call(batch.X, probe);
            RandomState.Default.State = random;
            origin = probe.Run.FirstNonFinite is { } path ? $"it first appears in the output of layer '{path}'" : "the layers' outputs are finite; it appears in the loss or its gradient";
        }
        return Error.Numeric($"{Name}.{method}", $"{what}; {origin}", null, null, "the parameters of the last good step are kept; a smaller learning rate or clipped gradients help against divergence");

        static string? Bad(string name, Tensor x) => x.DType.IsFloating() && FiniteCheck.FirstBad(x) is >= 0 and var at ? $"{name} of shape {x.Shape} are not finite at {FiniteCheck.At(x.Shape, at)}" : null;
    }

    private Logs LogsOf(double meanLoss) => new([KeyValuePair.Create("loss", meanLoss), .. metrics.Select(m => KeyValuePair.Create(m.Name, m.Result))]);
}
