namespace NativeDL;

/// <summary>Some examples of a data set, stacked along the first axis.</summary>
/// <param name="X">The features <c>[B, …]</c>; of several inputs the first.</param>
/// <param name="Y">The labels <c>[B, …]</c>.</param>
public readonly record struct Batch(Tensor X, Tensor Y)
{
    private readonly IReadOnlyList<Tensor>? inputs;

    /// <summary>A batch for a model with several inputs.</summary>
    public Batch(IReadOnlyList<Tensor> inputs, Tensor y) : this(First(inputs), y) => this.inputs = inputs;

    /// <summary>All inputs: <see cref="X"/> alone unless the data set has several.</summary>
    public IReadOnlyList<Tensor> Inputs => inputs ?? [X];

    /// <summary>Number of examples.</summary>
    public int Count => X.Shape[0];

    private static Tensor First(IReadOnlyList<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return inputs.Count > 0 ? inputs[0] : throw Error.Input("Batch(inputs)", "a batch needs an input", "none", "one or more");
    }
}
