namespace NativeDL;

public partial class Model
{
    private Optimizer? optimizer;
    private Objective? objective;
    private bool isCompiledAsSaved; // by Load, which nobody asked for who compiles anew

    /// <summary>The optimizer, once compiled.</summary>
    public Optimizer? Optimizer => optimizer;

    /// <summary>The loss, once compiled; of several the first.</summary>
    public Loss? Loss => objective?.Losses is { Count: > 0 } all ? all[0] : null;

    /// <summary>The losses in the order they were given, once compiled.</summary>
    public IReadOnlyList<Loss> Losses => objective?.Losses ?? [];

    /// <summary>The metrics of all outputs, once compiled.</summary>
    public IReadOnlyList<Metric> Metrics => objective?.Metrics ?? [];

    /// <summary>Says how to train: by object or by Keras name, such as <c>model.Compile("adam", "mse", ["mae"])</c>.</summary>
    /// <param name="optimizer">Changes the parameters.</param>
    /// <param name="loss">What is made small, of each output where there are several; none where layers bring the loss by
    /// <see cref="CallContext.AddLoss"/>.</param>
    /// <param name="metrics">What else is reported of the only output; <c>accuracy</c> fits itself to the loss.</param>
    /// <param name="lossWeights">What the loss of each output is multiplied with; 1 unless named.</param>
    /// <param name="replace">Whether an earlier compilation, and with it the optimizer's state, may be dropped.</param>
    /// <remarks>
    /// Optimizer and metrics serve one model. A model that <see cref="Load(string, bool)"/> has compiled as it was saved may be compiled anew.
    /// </remarks>
    /// <exception cref="InvalidInputException">The model is compiled already, the optimizer or a metric is another model's, or a name is unknown; the error
    /// lists the known ones.</exception>
    public void Compile(Optimizer optimizer, Loss? loss = null, IReadOnlyList<Metric>? metrics = null, PerOutput<double>? lossWeights = null,
        bool replace = false) =>
        Compile(optimizer, new Objective(loss, metrics, lossWeights), replace);

    /// <summary>Says how to train a model of several outputs: a loss for each, in order or by the outputs' names.</summary>
    /// <param name="optimizer">Changes the parameters.</param>
    /// <param name="loss">What is made small of each output; an output may have none.</param>
    /// <param name="metrics">What else is reported of each output.</param>
    /// <param name="lossWeights">What each output's loss is multiplied with; 1 unless named.</param>
    /// <param name="replace">Whether an earlier compilation, and with it the optimizer's state, may be dropped.</param>
    /// <exception cref="InvalidInputException">The model is compiled already, or optimizer or a metric serve another model. Whether the names are outputs shows
    /// with the first batch.</exception>
    /// <example><code>
    /// model.Compile("adam", loss: ["mse", "binary_crossentropy"], lossWeights: [1, 0.3]);
    /// model.Compile("adam", loss: new PerOutput&lt;Loss> { ["sold"] = "binary_crossentropy" }, metrics: new() { ["sold"] = ["accuracy"] });
    /// </code></example>
    public void Compile(Optimizer optimizer, PerOutput<Loss> loss, PerOutput<IReadOnlyList<Metric>>? metrics = null, PerOutput<double>? lossWeights = null,
        bool replace = false)
    {
        ArgumentNullException.ThrowIfNull(loss);
        Compile(optimizer, new Objective(loss, metrics, lossWeights), replace);
    }

    /// <summary>The names of the outputs of a model made of symbols: given, or those of the layers that make them; null of another model.</summary>
    internal string[]? OutputNames => graph is null ? null : outputNames ??= [.. Graph.Outputs.Select(y => y.Key)];

    private string[]? outputNames;

    private void Compile(Optimizer with, Objective goal, bool replace)
    {
        ArgumentNullException.ThrowIfNull(with, "optimizer");
        if (optimizer is not null && !replace && !isCompiledAsSaved)
            throw Error.Input($"{Name}.Compile", "the model is compiled already, and compiling anew would drop the optimizer's state", null, null,
                "pass replace: true to do so");
        if (goal.MetricsByOutput.SelectMany(list => list.GroupBy(m => m.Name)).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw Error.Input($"{Name}.Compile", $"the metric '{twice.Key}' is asked for twice");
        if (goal.Metrics.GroupBy(m => m, ReferenceEqualityComparer.Instance).FirstOrDefault(g => g.Count() > 1) is { } shared)
            throw Error.Input($"{Name}.Compile", $"one metric object '{shared.Key}' counts for two outputs", null, "an object for each output");
        RequireOwn(with, with.Owner, with.Name);
        foreach (var metric in goal.Metrics) RequireOwn(metric, metric.Owner, metric.Name);
        Own(null);
        (optimizer, objective, isCompiledAsSaved) = (with, goal, false);
        Own(this);
    }

    // What counts as training goes on would count for two models at once.
    private void RequireOwn(object thing, Model? owner, string name)
    {
        if (owner is not null && owner != this)
            throw Error.Input($"{Name}.Compile", $"'{name}' is compiled into another model, and would count for both",
                $"the {thing.GetType().Name} of '{owner.Name}'", null, "make a new one for each model, or pass its name");
    }

    private void Own(Model? owner)
    {
        if (optimizer is not null) optimizer.Owner = owner;
        foreach (var metric in Metrics) metric.Owner = owner;
    }

    internal (Optimizer Optimizer, Objective Objective) RequireCompiled(string method) =>
        optimizer is not null && objective is not null ? (optimizer, objective)
        : throw Error.Input($"{Name}.{method}", "the model is not compiled", null, null, "call Compile(optimizer, loss) first");
}
