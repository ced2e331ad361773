namespace NativeDL;

public partial class Model
{
    /// <summary>
    /// Loss, penalties and added losses included, and metrics over a whole data set, in inference mode. The metrics are the model's: not to be called from
    /// several threads at once.
    /// </summary>
    /// <param name="data">Inputs and targets, with sample weights and masks where there are.</param>
    /// <param name="batchSize">Rows a batch; the result does not depend on it but for rounding.</param>
    /// <param name="state">What layers carry from batch to batch; nothing unless given.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>Names and values, <c>loss</c> first: <c>model.Evaluate(test)["accuracy"]</c>.</returns>
    /// <exception cref="InvalidInputException">The model is not compiled, the data set is empty, or its targets are not the model's.</exception>
    public Logs Evaluate(Dataset data, int batchSize = 256, CarriedState? state = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var (_, goal) = RequireCompiled(nameof(Evaluate));
        RequireBatchSize(batchSize);
        if (data.Count == 0) throw Error.Input($"{Name}.Evaluate", "the data set is empty", "0 rows", "1 or more");
        AgreeOnClasses(nameof(Evaluate), data, learns: false);
        // Asked in the midst of training, by a callback, it leaves the training's own sums alone.
        var training = loop?.KeepSums();
        try
        {
            goal.Reset();
            long rows = 0;
            using var batches = data.Batch(batchSize).GetEnumerator();
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var step = TensorScope.Begin();
                if (!batches.MoveNext()) break;
                var batch = batches.Current.To(Device);
                var call = new CallContext(state: state);
                var measured = goal.Measure($"{Name}.Evaluate", CallWith(batch, call, nameof(Evaluate)), batch, call, OutputNames);
                goal.Count(measured, measured.Total, batch.Count);
                rows += batch.Count;
            }
            using var last = TensorScope.Begin();
            return goal.Logs(rows, Penalty()?.Item() ?? 0);
        }
        finally
        {
            training?.Invoke();
        }
    }

    /// <summary>Loss and metrics of features <paramref name="x"/> with labels <paramref name="y"/>.</summary>
    /// <inheritdoc cref="Evaluate(Dataset, int, CarriedState, CancellationToken)"/>
    /// <param name="x">Features <c>[N, …]</c>.</param>
    /// <param name="y">Labels <c>[N, …]</c>.</param>
    /// <param name="batchSize">Rows a batch.</param>
    /// <param name="sampleWeight">How much each row counts, <c>[N]</c>; all alike by default.</param>
    /// <param name="state">What layers carry from batch to batch; nothing unless given.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public Logs Evaluate(Tensor x, Tensor y, int batchSize = 256, Tensor? sampleWeight = null, CarriedState? state = null,
        CancellationToken cancellationToken = default) =>
        Evaluate(Paired(x, y, sampleWeight), batchSize, state, cancellationToken);

    /// <summary>Loss and metrics of several inputs with several targets.</summary>
    /// <inheritdoc cref="Evaluate(Dataset, int, CarriedState, CancellationToken)"/>
    /// <param name="inputs">Inputs, each <c>[N, …]</c>, in order or by the model's names.</param>
    /// <param name="targets">A target <c>[N, …]</c> for each output that has a loss.</param>
    /// <param name="batchSize">Rows a batch.</param>
    /// <param name="sampleWeight">How much each row counts: one <c>[N]</c> for all outputs, or one for each.</param>
    /// <param name="state">What layers carry from batch to batch; nothing unless given.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public Logs Evaluate(Tensors inputs, Tensors targets, int batchSize = 256, Tensors sampleWeight = default, CarriedState? state = null,
        CancellationToken cancellationToken = default) =>
        Evaluate(new Dataset(inputs, targets, sampleWeight), batchSize, state, cancellationToken);

    private static Dataset Paired(Tensor x, Tensor y, Tensor? sampleWeight) =>
        sampleWeight is null ? new Dataset(x, y) : new Dataset((Tensors)x, y, sampleWeight);

    private void RequireBatchSize(int batchSize)
    {
        if (batchSize < 1) throw Error.Input(Name, "a batch needs at least one row", $"batchSize {batchSize}", "1 or more");
    }
}
