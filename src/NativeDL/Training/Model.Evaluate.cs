namespace NativeDL;

public partial class Model
{
    /// <summary>Loss, penalties included, and metrics over a whole data set, in inference mode. The metrics are the model's: not to be called from several threads at once.</summary>
    /// <param name="data">Features and labels.</param>
    /// <param name="batchSize">Rows a batch; the result does not depend on it but for rounding.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>Names and values, <c>loss</c> first: <c>model.Evaluate(test)["accuracy"]</c>.</returns>
    /// <exception cref="InvalidInputException">The model is not compiled, or the data set is empty.</exception>
    public Logs Evaluate(Dataset data, int batchSize = 256, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        RequireCompiled(nameof(Evaluate));
        RequireBatchSize(batchSize);
        if (data.Count == 0) throw Error.Input($"{Name}.Evaluate", "the data set is empty", "0 rows", "1 or more");
        double sum = 0;
        long rows = 0;
        foreach (var metric in metrics) metric.Reset();
        using var batch = data.Batch(batchSize).GetEnumerator();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            using var step = TensorScope.Begin();
            if (!batch.MoveNext()) break;
            var (x, y) = (OnlyInput(batch.Current, nameof(Evaluate)), batch.Current.Y);
            var prediction = Call(x);
            sum += loss!.Call(y, prediction).Item() * x.Shape[0];
            rows += x.Shape[0];
            foreach (var metric in metrics) metric.Update(y, prediction);
        }
        using var last = TensorScope.Begin();
        return LogsOf(sum / rows + (Penalty()?.Item() ?? 0));
    }

    /// <summary>Loss and metrics of features <paramref name="x"/> with labels <paramref name="y"/>.</summary>
    /// <inheritdoc cref="Evaluate(Dataset, int, CancellationToken)"/>
    public Logs Evaluate(Tensor x, Tensor y, int batchSize = 256, CancellationToken cancellation = default) => Evaluate(new Dataset(x, y), batchSize, cancellation);
}
