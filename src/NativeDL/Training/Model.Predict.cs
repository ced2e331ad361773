namespace NativeDL;

public partial class Model
{
    /// <summary>The model's result for each row, computed in batches, in inference mode. Safe to call from several threads.</summary>
    /// <param name="x">Rows <c>[N, …]</c> on any device.</param>
    /// <param name="batchSize">Rows a batch; the result does not depend on it, but for the last bits where OpenBLAS or a card multiplies.</param>
    /// <param name="mask">Which steps count, Bool <c>[N, T]</c>; those of the input's own <see cref="Tensor.Mask"/> unless given.</param>
    /// <param name="state">What layers carry from batch to batch, as from step to step of a decoder; nothing unless given.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns><c>[N, …]</c>, on the device of <paramref name="x"/>.</returns>
    /// <exception cref="InvalidInputException">The model has several outputs: hand its input over as <c>Tensors</c>.</exception>
    public Tensor Predict(Tensor x, int batchSize = 256, Tensor? mask = null, CarriedState? state = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(x);
        return OnlyOutput(Predict((Tensors)x, batchSize, Masks(mask), state, cancellationToken), nameof(Predict));
    }

    /// <summary>The model's results for each row of several inputs, computed in batches, in inference mode. Safe to call from several threads.</summary>
    /// <param name="inputs">Inputs, each <c>[N, …]</c>, in order or by the model's names.</param>
    /// <param name="batchSize">Rows a batch; the results do not depend on it, but for the last bits where OpenBLAS or a card multiplies.</param>
    /// <param name="masks">Which steps of the inputs count, Bool <c>[N, T]</c>: one for each input, or by the inputs' names. Those of the inputs' own
    /// <see cref="Tensor.Mask"/> unless given.</param>
    /// <param name="state">What layers carry from batch to batch, as from step to step of a decoder; nothing unless given.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>Each <c>[N, …]</c>, on the device of the first input.</returns>
    public Tensors Predict(Tensors inputs, int batchSize = 256, Tensors masks = default, CarriedState? state = null,
        CancellationToken cancellationToken = default)
    {
        RequireBatchSize(batchSize);
        if (inputs.Count == 0) throw Error.Input($"{Name}.Predict", "there is no input", "none", "one or more");
        inputs.There($"{Name}.Predict(inputs)");
        foreach (var mask in masks.There($"{Name}.Predict(masks)"))
            if (mask.Rank == 0 || inputs[0].Rank == 0 || mask.Shape[0] != inputs[0].Shape[0]) throw Error.Shape($"{Name}.Predict",
                "a mask is not of the inputs' rows", $"{masks} for {inputs}", "Bool [N, T], one for each input, or by the inputs' names");
        foreach (var x in inputs)
            if (x.Rank == 0 || x.Shape[0] != inputs[0].Shape[0]) throw Error.Shape($"{Name}.Predict",
                x.Rank == 0 ? "the input needs a batch axis" : "the inputs differ in their number of rows", x.Rank == 0 ? $"{x.Shape}" : $"{inputs}", "[N, …]");
        int rows = inputs[0].Shape[0];
        return Predict(Parts(), inputs[0].Device, state, cancellationToken);

        IEnumerable<Batch> Parts()
        {
            for (int start = 0; start == 0 || start < rows; start += batchSize)
            {
                var part = new Batch(inputs, masks: masks);
                int from = start;
                yield return rows <= batchSize ? part : part.Select(x => x.Narrow(0, from, Math.Min(batchSize, rows - from)));
            }
        }
    }

    /// <summary>The model's result for each row of a data set, in its order, in inference mode; the labels are not looked at.</summary>
    /// <inheritdoc cref="Predict(Tensor, int, Tensor, CarriedState, CancellationToken)"/>
    /// <param name="data">Features.</param>
    /// <param name="batchSize">Rows a batch; the result does not depend on it, but for the last bits where OpenBLAS or a card multiplies.</param>
    /// <param name="state">What layers carry from batch to batch, as from step to step of a decoder; nothing unless given.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns><c>[N, …]</c> in main memory.</returns>
    public Tensor Predict(Dataset data, int batchSize = 256, CarriedState? state = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        RequireBatchSize(batchSize);
        IEnumerable<Batch> batches = data.Count > 0 ? data.Batch(batchSize) : [new Batch(data.Inputs, masks: data.Masks)];
        return OnlyOutput(Predict(batches, Device.Cpu, state, cancellationToken), nameof(Predict));
    }

    /// <summary>The model's result for one batch, in inference mode.</summary>
    /// <param name="x">Rows <c>[N, …]</c> on any device.</param>
    /// <param name="mask">Which steps count, Bool <c>[N, T]</c>; those of the input's own <see cref="Tensor.Mask"/> unless given.</param>
    /// <param name="state">What layers carry from batch to batch, as from step to step of a decoder; nothing unless given.</param>
    /// <returns><c>[N, …]</c>, on the model's device.</returns>
    public Tensor PredictOnBatch(Tensor x, Tensor? mask = null, CarriedState? state = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        return OnlyOutput(PredictOnBatch((Tensors)x, Masks(mask), state), nameof(PredictOnBatch));
    }

    /// <summary>The model's results for one batch of several inputs, in inference mode.</summary>
    /// <param name="inputs">Inputs, each <c>[N, …]</c>, in order or by the model's names.</param>
    /// <param name="masks">Which steps of the inputs count, Bool <c>[N, T]</c>: one for each input, or by the inputs' names. Those of the inputs' own
    /// <see cref="Tensor.Mask"/> unless given.</param>
    /// <param name="state">What layers carry from batch to batch, as from step to step of a decoder; nothing unless given.</param>
    /// <returns>Each <c>[N, …]</c>, on the model's device.</returns>
    public Tensors PredictOnBatch(Tensors inputs, Tensors masks = default, CarriedState? state = null) => PredictOn(new Batch(inputs, masks: masks), state);

    private static Tensors Masks(Tensor? mask) => mask is null ? default : (Tensors)mask;

    private Tensors Predict(IEnumerable<Batch> batches, Device target, CarriedState? state, CancellationToken cancellationToken)
    {
        var parts = new List<Tensors>();
        foreach (var batch in batches)
        {
            if (parts.Count > 0) cancellationToken.ThrowIfCancellationRequested();
            parts.Add(PredictOn(batch, state));
        }
        if (parts.Count == 1) return parts[0].Select(y => y.To(target));
        var joined = Enumerable.Range(0, parts[0].Count).Select(i => Tensor.Concat([.. parts.Select(p => p[i])]).To(target));
        return Tensors.Of([.. joined]).NamedAs(parts[0]);
    }

    private Tensors PredictOn(Batch batch, CarriedState? state)
    {
        using var step = TensorScope.Begin();
        return CallWith(batch.To(Device), new CallContext(state: state), nameof(Predict)).Select(step.Keep);
    }

    private Tensor OnlyOutput(Tensors outputs, string method) => outputs.Count == 1 ? outputs[0]
        : throw Error.Input($"{Name}.{method}", "the model has several outputs", $"{outputs}", "one",
            $"hand the input over as Tensors, then it gives Tensors: model.{method}([x])");
}
