namespace NativeDL;

public partial class Model
{
    /// <summary>The model's result for each row, computed in batches, in inference mode. Safe to call from several threads.</summary>
    /// <param name="x">Rows <c>[N, …]</c> on any device.</param>
    /// <param name="batchSize">Rows a batch; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns><c>[N, …]</c>, on the device of <paramref name="x"/>.</returns>
    /// <exception cref="InvalidInputException">The model has several outputs: hand its input over as <c>Tensors</c>.</exception>
    public Tensor Predict(Tensor x, int batchSize = 256, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(x);
        return OnlyOutput(Predict((Tensors)x, batchSize, cancellationToken), nameof(Predict));
    }

    /// <summary>The model's results for each row of several inputs, computed in batches, in inference mode. Safe to call from several threads.</summary>
    /// <param name="inputs">Inputs, each <c>[N, …]</c>, in order or by the model's names.</param>
    /// <param name="batchSize">Rows a batch; the results do not depend on it.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>Each <c>[N, …]</c>, on the device of the first input.</returns>
    public Tensors Predict(Tensors inputs, int batchSize = 256, CancellationToken cancellationToken = default)
    {
        RequireBatchSize(batchSize);
        if (inputs.Count == 0) throw Error.Input($"{Name}.Predict", "there is no input", "none", "one or more");
        foreach (var x in inputs)
            if (x.Rank == 0 || x.Shape[0] != inputs[0].Shape[0]) throw Error.Shape($"{Name}.Predict", x.Rank == 0 ? "the input needs a batch axis" : "the inputs differ in their number of rows", x.Rank == 0 ? $"{x.Shape}" : $"{inputs}", "[N, …]");
        int rows = inputs[0].Shape[0];
        return Predict(Parts(), inputs[0].Device, cancellationToken);

        IEnumerable<Batch> Parts()
        {
            for (int start = 0; start == 0 || start < rows; start += batchSize)
                yield return rows <= batchSize ? new Batch(inputs) : new Batch(inputs.Select(x => x.Narrow(0, start, Math.Min(batchSize, rows - start))));
        }
    }

    /// <summary>The model's result for each row of a data set, in its order, in inference mode; the labels are not looked at.</summary>
    /// <inheritdoc cref="Predict(Tensor, int, CancellationToken)"/>
    /// <param name="data">Features.</param>
    /// <param name="batchSize">Rows a batch; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns><c>[N, …]</c> in main memory.</returns>
    public Tensor Predict(Dataset data, int batchSize = 256, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        RequireBatchSize(batchSize);
        return OnlyOutput(Predict(data.Batch(batchSize), Device.Cpu, cancellationToken), nameof(Predict));
    }

    /// <summary>The model's result for one batch, in inference mode.</summary>
    /// <param name="x">Rows <c>[N, …]</c> on any device.</param>
    /// <returns><c>[N, …]</c>, on the model's device.</returns>
    public Tensor PredictOnBatch(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return OnlyOutput(PredictOnBatch((Tensors)x), nameof(PredictOnBatch));
    }

    /// <summary>The model's results for one batch of several inputs, in inference mode.</summary>
    /// <param name="inputs">Inputs, each <c>[N, …]</c>, in order or by the model's names.</param>
    /// <returns>Each <c>[N, …]</c>, on the model's device.</returns>
    public Tensors PredictOnBatch(Tensors inputs) => PredictOn(new Batch(inputs));

    private Tensors Predict(IEnumerable<Batch> batches, Device target, CancellationToken cancellationToken)
    {
        var parts = new List<Tensors>();
        foreach (var batch in batches)
        {
            if (parts.Count > 0) cancellationToken.ThrowIfCancellationRequested();
            parts.Add(PredictOn(batch));
        }
        if (parts.Count == 1) return parts[0].Select(y => y.To(target));
        var joined = Enumerable.Range(0, parts[0].Count).Select(i => Tensor.Concat([.. parts.Select(p => p[i])]).To(target));
        return Tensors.Of([.. joined]).WithNames(parts[0].Names);
    }

    private Tensors PredictOn(Batch batch)
    {
        using var step = TensorScope.Begin();
        return CallWith(batch.To(Device), new CallContext(), nameof(Predict)).Select(step.Keep);
    }

    private Tensor OnlyOutput(Tensors outputs, string method) => outputs.Count == 1 ? outputs[0]
        : throw Error.Input($"{Name}.{method}", "the model has several outputs", $"{outputs}", "one", $"hand the input over as Tensors, then it gives Tensors: model.{method}([x])");
}
