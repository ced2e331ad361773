namespace NativeDL;

/// <summary>Some examples of a data set, stacked along the first axis: what a step of training sees.</summary>
/// <example><code>
/// foreach (var (x, y) in train.Batch(32)) …                  // one input, one target
/// foreach (var (x, y, weight) in train.Batch(32)) …          // and how much each example counts, or null
/// foreach (var batch in train.Batch(32)) model.Call(batch.Inputs, training: true); // several inputs
/// </code></example>
public readonly record struct Batch
{
    /// <summary>A batch.</summary>
    /// <param name="inputs">What the model is given, each <c>[B, …]</c>: one tensor, several in order, or named.</param>
    /// <param name="targets">What is right, each <c>[B, …]</c>: one for each of the model's outputs, or none.</param>
    /// <param name="sampleWeights">How much each example counts, <c>[B]</c>, or each position, <c>[B, T]</c>: one tensor for all outputs, one for each, or
    /// none.</param>
    /// <param name="masks">Which steps of the inputs count, Bool <c>[B, T]</c>: one for each input, or none.</param>
    public Batch(Tensors inputs, Tensors targets = default, Tensors sampleWeights = default, Tensors masks = default) =>
        (Inputs, Targets, SampleWeights, Masks) = (inputs.There("Batch(inputs)"), targets.There("Batch(targets)"),
            sampleWeights.There("Batch(sampleWeights)"), masks.There("Batch(masks)"));

    /// <summary>What the model is given, each <c>[B, …]</c>.</summary>
    public Tensors Inputs { get; init; }

    /// <summary>What is right, each <c>[B, …]</c>; none where a model brings its own loss.</summary>
    public Tensors Targets { get; init; }

    /// <summary>How much each example counts, <c>[B]</c> or <c>[B, T]</c>: none, one for all outputs, or one for each.</summary>
    public Tensors SampleWeights { get; init; }

    /// <summary>Which steps of the inputs count, Bool <c>[B, T]</c>: none, or one for each input.</summary>
    public Tensors Masks { get; init; }

    /// <summary>The only input <c>[B, …]</c>.</summary>
    /// <exception cref="InvalidInputException">There are several; they are in <see cref="Inputs"/>.</exception>
    public Tensor X { get => Only(Inputs, nameof(X), nameof(Inputs)); init => Inputs = value; }

    /// <summary>The only target <c>[B, …]</c>.</summary>
    /// <exception cref="InvalidInputException">There are several or none; they are in <see cref="Targets"/>.</exception>
    public Tensor Y { get => Only(Targets, nameof(Y), nameof(Targets)); init => Targets = value; }

    /// <summary>Number of examples.</summary>
    public int Count => Inputs.Count > 0 ? Inputs[0].Shape[0] : 0;

    /// <summary>The only input and the only target.</summary>
    public void Deconstruct(out Tensor x, out Tensor y) => (x, y) = (X, Y);

    /// <summary>The only input, the only target, and how much each example counts; null where all count alike.</summary>
    public void Deconstruct(out Tensor x, out Tensor y, out Tensor? sampleWeight) =>
        (x, y, sampleWeight) = (X, Y, SampleWeights.Count == 0 ? null : Only(SampleWeights, "Deconstruct", nameof(SampleWeights)));

    /// <summary>The same batch on a device; what is there already is not copied.</summary>
    public Batch To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return Select(t => t.To(device));
    }

    /// <summary>Element types and shapes.</summary>
    public override string ToString()
    {
        var parts = new[] { ("inputs", Inputs), ("targets", Targets), ("weights", SampleWeights), ("masks", Masks) };
        return $"Batch({string.Join(", ", parts.Where(p => p.Item2.Count > 0).Select(p => $"{p.Item1} {p.Item2}"))})";
    }

    /// <summary>What a function makes of each tensor.</summary>
    internal Batch Select(Func<Tensor, Tensor> function) =>
        new(Inputs.Select(function), Targets.Select(function), SampleWeights.Select(function), Masks.Select(function));

    private static Tensor Only(Tensors all, string member, string plural) => all.Count == 1 ? all[0]
        : throw Error.Input($"Batch.{member}", $"there are {(all.Count == 0 ? "none" : $"{all.Count}")}", all.Count == 0 ? null : $"{all}", "one",
            $"all of them are in Batch.{plural}");
}
