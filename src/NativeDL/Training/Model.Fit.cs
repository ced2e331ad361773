namespace NativeDL;

public partial class Model
{
    private FitLoop? loop; // while it trains

    /// <summary>What the last training reported, one row an epoch; null before the first.</summary>
    public History? History { get; private set; }

    /// <summary>Trains on a data set; a pair <c>(x, y)</c> is one.</summary>
    /// <param name="train">Inputs and targets, with sample weights and masks where there are.</param>
    /// <param name="epochs">Passes over the data.</param>
    /// <param name="batchSize">Rows a step.</param>
    /// <param name="validation">Data that is evaluated after each epoch and never trained on.</param>
    /// <param name="validationSplit">Or: the share of <paramref name="train"/>, taken from its end, that is held back for validation.</param>
    /// <param name="shuffle">Whether each epoch sees the rows in a new order.</param>
    /// <param name="callbacks">Called as training goes on.</param>
    /// <param name="random">Where all that is drawn comes from, orders, dropout, augmentation; the model's own source unless named. The first values of
    /// parameters are the layers' own.</param>
    /// <param name="initialEpoch">Epochs that were done before, when training is resumed.</param>
    /// <param name="resume">A folder in which training keeps where it stands; what an interrupted training left there is gone on with, to the bit: see
    /// <see cref="BackupAndRestore"/>.</param>
    /// <param name="state">What layers carry from batch to batch, each epoch begun anew unless it says otherwise; validation carries a state of its
    /// own.</param>
    /// <param name="cancellationToken">Ends training after the step at hand; the model stays consistent and the exception tells where it stood.</param>
    /// <returns>Loss and metrics, one row an epoch.</returns>
    /// <exception cref="InvalidInputException">The model is not compiled, the data set is empty or does not fit the model, or a size makes no
    /// sense.</exception>
    /// <exception cref="NumericException">The loss or a gradient is not finite; the model keeps the parameters of the last good step.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    /// <exception cref="ModelFormatException">The backup is damaged, or another training's.</exception>
    public History Fit(Dataset train, int epochs = 1, int batchSize = 32, Dataset? validation = null, double validationSplit = 0, bool shuffle = true,
        IReadOnlyList<Callback>? callbacks = null, RandomState? random = null, int initialEpoch = 0, string? resume = null, CarriedState? state = null,
            CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        RequireCompiled(nameof(Fit));
        RequireBatchSize(batchSize);
        if (validationSplit is not (>= 0 and < 1))
            throw Error.Input($"{Name}.Fit", "the validation split is a share of the data", $"{validationSplit}", "0 up to, not including, 1");
        using var drawn = RandomState.Use(random ?? OwnRandom);
        if (validationSplit > 0)
        {
            if (validation is not null) throw Error.Input($"{Name}.Fit", "validation data and a validation split exclude each other");
            (train, validation) = train.Split(1 - validationSplit);
        }
        if (train.Count == 0) throw Error.Input($"{Name}.Fit", "the data set is empty", "0 rows", "1 or more");
        if (state is not null && shuffle)
            throw Error.Input($"{Name}.Fit", "a state is carried from each batch to the next, and the rows are shuffled", null, null,
                "pass shuffle: false, with row i of each batch going on where row i of the one before ended");
        if (validation is { Count: 0 } && validationSplit > 0)
            throw Error.Input($"{Name}.Fit", "the validation data is empty", $"a share of {validationSplit} of {train.Count} rows", "1 row or more");
        return Train((shuffle ? train.Shuffle() : train).Batch(batchSize), epochs, validation, callbacks, initialEpoch, resume, state, cancellationToken);
    }

    /// <summary>Trains on features <paramref name="x"/> with labels <paramref name="y"/>.</summary>
    /// <inheritdoc cref="Fit(Dataset, int, int, Dataset, double, bool, IReadOnlyList{Callback}, RandomState, int, string, CarriedState, CancellationToken)"/>
    /// <param name="x">Features <c>[N, …]</c>.</param>
    /// <param name="y">Labels <c>[N]</c> or <c>[N, …]</c>.</param>
    /// <param name="epochs">Passes over the data.</param>
    /// <param name="batchSize">Rows a step.</param>
    /// <param name="validation">Data that is evaluated after each epoch and never trained on.</param>
    /// <param name="validationSplit">Or: the share of the rows, taken from their end, that is held back for validation.</param>
    /// <param name="shuffle">Whether each epoch sees the rows in a new order.</param>
    /// <param name="sampleWeight">How much each row counts, <c>[N]</c>, or each position, <c>[N, T]</c>; all alike by default.</param>
    /// <param name="callbacks">Called as training goes on.</param>
    /// <param name="random">Where all that is drawn comes from, orders, dropout, augmentation; the model's own source unless named. The first values of
    /// parameters are the layers' own.</param>
    /// <param name="initialEpoch">Epochs that were done before, when training is resumed.</param>
    /// <param name="resume">A folder in which training keeps where it stands, and from which it goes on.</param>
    /// <param name="state">What layers carry from batch to batch, each epoch begun anew unless it says otherwise; validation carries a state of its
    /// own.</param>
    /// <param name="cancellationToken">Ends training after the step at hand.</param>
    public History Fit(Tensor x, Tensor y, int epochs = 1, int batchSize = 32, Dataset? validation = null, double validationSplit = 0, bool shuffle = true,
        Tensor? sampleWeight = null,
        IReadOnlyList<Callback>? callbacks = null, RandomState? random = null, int initialEpoch = 0, string? resume = null, CarriedState? state = null,
            CancellationToken cancellationToken = default) =>
        Fit(Paired(x, y, sampleWeight), epochs, batchSize, validation, validationSplit, shuffle, callbacks, random, initialEpoch, resume, state,
            cancellationToken);

    /// <summary>Trains on several inputs with several targets: <c>model.Fit([image, meta], price)</c>.</summary>
    /// <inheritdoc cref="Fit(Dataset, int, int, Dataset, double, bool, IReadOnlyList{Callback}, RandomState, int, string, CarriedState, CancellationToken)"/>
    /// <param name="inputs">Inputs, each <c>[N, …]</c>, in order or by the model's names.</param>
    /// <param name="targets">A target <c>[N, …]</c> for each output that has a loss; where there are none, <c>Fit(new Dataset(inputs))</c>.</param>
    /// <param name="epochs">Passes over the data.</param>
    /// <param name="batchSize">Rows a step.</param>
    /// <param name="validation">Data that is evaluated after each epoch and never trained on.</param>
    /// <param name="validationSplit">Or: the share of the rows, taken from their end, that is held back for validation.</param>
    /// <param name="shuffle">Whether each epoch sees the rows in a new order.</param>
    /// <param name="sampleWeight">How much each row counts: one <c>[N]</c> for all outputs, or one for each.</param>
    /// <param name="callbacks">Called as training goes on.</param>
    /// <param name="random">Where all that is drawn comes from, orders, dropout, augmentation; the model's own source unless named. The first values of
    /// parameters are the layers' own.</param>
    /// <param name="initialEpoch">Epochs that were done before, when training is resumed.</param>
    /// <param name="resume">A folder in which training keeps where it stands, and from which it goes on.</param>
    /// <param name="state">What layers carry from batch to batch, each epoch begun anew unless it says otherwise; validation carries a state of its
    /// own.</param>
    /// <param name="cancellationToken">Ends training after the step at hand.</param>
    public History Fit(Tensors inputs, Tensors targets, int epochs = 1, int batchSize = 32, Dataset? validation = null, double validationSplit = 0,
        bool shuffle = true, Tensors sampleWeight = default,
        IReadOnlyList<Callback>? callbacks = null, RandomState? random = null, int initialEpoch = 0, string? resume = null, CarriedState? state = null,
            CancellationToken cancellationToken = default) =>
        Fit(new Dataset(inputs, targets, sampleWeight), epochs, batchSize, validation, validationSplit, shuffle, callbacks, random, initialEpoch, resume,
            state, cancellationToken);

    /// <summary>Trains on batches as they come, each epoch one pass: with what maps them, and prefetched where they are.</summary>
    /// <inheritdoc cref="Fit(Dataset, int, int, Dataset, double, bool, IReadOnlyList{Callback}, RandomState, int, string, CarriedState, CancellationToken)"/>
    /// <param name="train">The batches: <c>train.Shuffle().Batch(64).Map(Flip, random).Prefetch(2)</c>.</param>
    /// <param name="epochs">Passes.</param>
    /// <param name="validation">Data that is evaluated after each epoch and never trained on.</param>
    /// <param name="callbacks">Called as training goes on.</param>
    /// <param name="initialEpoch">Epochs that were done before, when training is resumed.</param>
    /// <param name="resume">A folder in which training keeps where it stands, and from which it goes on.</param>
    /// <param name="state">What layers carry from batch to batch, each epoch begun anew unless it says otherwise; validation carries a state of its
    /// own.</param>
    /// <param name="cancellationToken">Ends training after the step at hand.</param>
    public History Fit(Batches train, int epochs = 1, Dataset? validation = null, IReadOnlyList<Callback>? callbacks = null, int initialEpoch = 0,
        string? resume = null, CarriedState? state = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        RequireCompiled(nameof(Fit));
        using var drawn = RandomState.Use(OwnRandom);
        return Train(train, epochs, validation, callbacks, initialEpoch, resume, state, cancellationToken);
    }

    private History Train(Batches train, int epochs, Dataset? validation, IReadOnlyList<Callback>? callbacks, int initialEpoch, string? resume,
        CarriedState? state, CancellationToken cancellationToken)
    {
        if (callbacks?.Contains(null!) == true) throw Error.Input($"{Name}.Fit(callbacks)", "a callback is null");
        if (epochs < 0) throw Error.Input($"{Name}.Fit", "the number of epochs is negative", $"{epochs}", "0 or more");
        if (initialEpoch < 0) throw Error.Input($"{Name}.Fit", "the number of epochs done before is negative", $"{initialEpoch}", "0 or more");
        if (train.Count == 0)
            throw Error.Input($"{Name}.Fit", "the data gives no batch", $"{train.Size} rows a batch, and the remainder dropped", "1 batch or more");
        AgreeOnClasses(nameof(Fit), train.Data, learns: true);
        if (validation is not null) AgreeOnClasses(nameof(Fit), validation, learns: false);
        if (validation is { Count: 0 }) throw Error.Input($"{Name}.Fit", "the validation data is empty", "0 rows", "1 row or more");
        if (state is not null && (resume is not null || callbacks?.Any(c => c is BackupAndRestore) == true))
            throw Error.Input($"{Name}.Fit",
                "a backup does not hold the state that is carried from batch to batch, so that a training could not be gone on with exactly", null, null,
                "train without resume, or without state");
        IReadOnlyList<Callback> all = [.. callbacks ?? [], .. resume is null ? (Callback[])[] : [new BackupAndRestore(resume)]];
        var outer = loop;
        try
        {
            loop = new FitLoop(this, train, epochs, validation, all, initialEpoch, state, cancellationToken);
            History = loop.History;
            return loop.Run();
        }
        finally
        {
            loop = outer;
            foreach (var backup in all.OfType<BackupAndRestore>()) backup.Release();
        }
    }

    /// <summary>One step of training on one batch.</summary>
    /// <param name="x">Features <c>[B, …]</c>.</param>
    /// <param name="y">Labels <c>[B, …]</c>.</param>
    /// <param name="sampleWeight">How much each row counts, <c>[B]</c>; all alike by default.</param>
    /// <returns>The batch's loss before the step, penalties included.</returns>
    /// <exception cref="NumericException">The loss or a gradient is not finite; nothing was changed.</exception>
    public double TrainOnBatch(Tensor x, Tensor y, Tensor? sampleWeight = null) =>
        TrainOnBatch(new Batch(x, y, sampleWeight is null ? default : (Tensors)sampleWeight));

    /// <inheritdoc cref="TrainOnBatch(Tensor, Tensor, Tensor)"/>
    /// <param name="batch">Inputs and targets, with sample weights and masks where there are.</param>
    /// <param name="state">What layers carry from batch to batch.</param>
    public double TrainOnBatch(Batch batch, CarriedState? state = null)
    {
        RequireCompiled(nameof(TrainOnBatch));
        using var scope = TensorScope.Begin();
        using var drawn = RandomState.Use(OwnRandom);
        return new TrainingStep(this, nameof(TrainOnBatch), state).Run(batch, "", looks: true).Loss.Item();
    }
}
