namespace NativeDL;

/// <summary>
/// A layer that trains: it is compiled with an optimizer, a loss and metrics, fitted to data, evaluated, saved.
/// Use <see cref="Sequential"/>, or derive from it, <see cref="Layer.Track{TLayer}"/> the layers in the constructor and write the forward pass.
/// </summary>
/// <example><code>
/// sealed class Autoencoder : Model
/// {
///     private readonly Layer encoder, decoder;
///     public Autoencoder() { encoder = Track(new Dense(16, activation: "relu")); decoder = Track(new Dense(784, activation: "sigmoid")); }
///     protected override Tensor Forward(Tensor x, CallContext call) => decoder.Call(encoder.Call(x, call), call);
/// }
/// </code></example>
public partial class Model : Layer
{
    private Optimizer? optimizer;
    private Loss? loss;
    private IReadOnlyList<Metric> metrics = [];

    /// <summary>A model.</summary>
    /// <param name="name">Its name inside of another model.</param>
    protected Model(string? name = null) : base(name) { }

    /// <summary>The optimizer, once compiled.</summary>
    public Optimizer? Optimizer => optimizer;

    /// <summary>The loss, once compiled.</summary>
    public Loss? Loss => loss;

    /// <summary>The metrics, once compiled.</summary>
    public IReadOnlyList<Metric> Metrics => metrics;

    /// <summary>Says how to train: by object or by Keras name, such as <c>model.Compile("adam", "mse", ["mae"])</c>.</summary>
    /// <param name="withOptimizer">Changes the parameters.</param>
    /// <param name="withLoss">What is made small.</param>
    /// <param name="withMetrics">What else is reported; <c>accuracy</c> fits itself to the loss.</param>
    /// <param name="replace">Whether an earlier compilation, and with it the optimizer's state, may be dropped.</param>
    /// <exception cref="InvalidInputException">The model is compiled already, or a name is unknown; the error lists the known ones.</exception>
    public void Compile(Optimizer withOptimizer, Loss withLoss, IReadOnlyList<Metric>? withMetrics = null, bool replace = false)
    {
        ArgumentNullException.ThrowIfNull(withOptimizer);
        ArgumentNullException.ThrowIfNull(withLoss);
        if (optimizer is not null && !replace)
            throw Error.Input($"{Name}.Compile", "the model is compiled already, and compiling anew would drop the optimizer's state", null, null, "pass replace: true to do so");
        if (withMetrics?.GroupBy(m => m.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw Error.Input($"{Name}.Compile", $"the metric '{twice.Key}' is asked for twice");
        optimizer = withOptimizer;
        loss = withLoss;
        metrics = withMetrics ?? [];
        foreach (var metric in metrics) metric.Beside(loss);
    }

    /// <summary>The model's result for each row, computed in batches, in inference mode. Safe to call from several threads.</summary>
    /// <param name="x">Rows <c>[N, …]</c>.</param>
    /// <param name="batchSize">Rows a batch; the result does not depend on it.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns><c>[N, …]</c></returns>
    public Tensor Predict(Tensor x, int batchSize = 256, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireBatchSize(batchSize);
        if (x.Rank == 0) throw Error.Shape($"{Name}.Predict", "the input needs a batch axis", $"{x.Shape}", "[N, …]");
        int rows = x.Shape[0];
        if (rows <= batchSize) return PredictBatch(x);
        var parts = new List<Tensor>();
        for (int start = 0; start < rows; start += batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            parts.Add(PredictBatch(x.Narrow(0, start, Math.Min(batchSize, rows - start))));
        }
        return Tensor.Concat(parts);

        Tensor PredictBatch(Tensor batch)
        {
            using var step = TensorScope.Begin();
            return step.Keep(Call(batch));
        }
    }

    /// <summary>The model's result for each row of a data set, in its order, in inference mode; the labels are not looked at.</summary>
    /// <inheritdoc cref="Predict(Tensor, int, CancellationToken)"/>
    /// <param name="data">Features.</param>
    /// <param name="batchSize">Rows a batch; the result does not depend on it.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public Tensor Predict(Dataset data, int batchSize = 256, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        RequireBatchSize(batchSize);
        var parts = new List<Tensor>();
        foreach (var batch in data.Batch(batchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var step = TensorScope.Begin();
            parts.Add(step.Keep(Call(OnlyInput(batch, nameof(Predict)))));
        }
        return Tensor.Concat(parts);
    }

    private (Optimizer, Loss) RequireCompiled(string method) =>
        optimizer is not null && loss is not null ? (optimizer, loss)
        : throw Error.Input($"{Name}.{method}", "the model is not compiled", null, null, "call Compile(optimizer, loss) first");

    private void RequireBatchSize(int batchSize)
    {
        if (batchSize < 1) throw Error.Input(Name, "a batch needs at least one row", $"batchSize {batchSize}", "1 or more");
    }
}
