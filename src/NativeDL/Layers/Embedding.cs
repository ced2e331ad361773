namespace NativeDL.Layers;

/// <summary>A learned vector for each of some whole numbers, such as words. <c>[…] of 0 … inputDim − 1 -> […, outputDim]</c></summary>
/// <param name="inputDim">How many different numbers there are.</param>
/// <param name="outputDim">Length of a vector.</param>
/// <param name="embeddingsInitializer">First values; uniform in ±0.05 by default.</param>
/// <param name="embeddingsRegularizer">A penalty on the vectors.</param>
/// <param name="embeddingsConstraint">What the vectors must be after each step.</param>
/// <param name="maskZero">Whether 0 stands for nothing: the mask that travels on is then false where the input is 0.</param>
/// <param name="name">The layer's name.</param>
public sealed class Embedding([Formerly("inputs")] int inputDim, [Formerly("outputs")] int outputDim, Initializer? embeddingsInitializer = null,
    Regularizer? embeddingsRegularizer = null, Constraint? embeddingsConstraint = null, bool maskZero = false, string? name = null) : Layer(name), ILayer
{
    private Parameter? embeddings;

    /// <summary>How many different numbers there are.</summary>
    public int InputDim { get; } = inputDim > 0 ? inputDim : throw Error.Input("Embedding", "inputDim must be 1 or more", $"{inputDim}");

    /// <summary>Length of a vector.</summary>
    public int OutputDim { get; } = outputDim > 0 ? outputDim : throw Error.Input("Embedding", "outputDim must be 1 or more", $"{outputDim}");

    /// <summary>First values.</summary>
    public Initializer EmbeddingsInitializer { get; } = embeddingsInitializer ?? "uniform";

    /// <summary>A penalty on the vectors.</summary>
    public Regularizer? EmbeddingsRegularizer => embeddingsRegularizer;

    /// <summary>What the vectors must be after each step.</summary>
    public Constraint? EmbeddingsConstraint => embeddingsConstraint;

    /// <summary>Whether 0 stands for nothing.</summary>
    public bool MaskZero => maskZero;

    /// <summary>The vectors, <c>[inputDim, outputDim]</c>; null before the first call.</summary>
    public Parameter? Embeddings => embeddings;

    /// <inheritdoc/>
    protected override void CreateWeights(Shape input) =>
        embeddings = AddWeight("embeddings", [InputDim, OutputDim], EmbeddingsInitializer, regularizer: embeddingsRegularizer,
            constraint: embeddingsConstraint);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        ArgumentNullException.ThrowIfNull(x);
        return embeddings!.Value.Gather(x.DType.IsFloating() ? Whole(x, call) : x);
    }

    // Floating-point inputs, which batches of tables are, must be whole numbers all the same; on a device, where nobody waits to look, the vector of one that
    // is not is NaN.
    private Tensor Whole(Tensor x, CallContext call)
    {
        if (x.IsSymbolic) return x.Cast(DType.Int32);
        var now = x.StopGradient();
        var whole = (now.Floor() == now).And(now > -1).And(now < InputDim);
        if (x.Device.IsCpu && x.ElementCount > 0 && whole.Cast(DType.Float32).Min().Item() == 0)
        {
            int first = Array.IndexOf(whole.ToArray<bool>(), false);
            throw Error.Input(GetType().Name, $"input number {first} of the layer '{call.Path!.Inner}' is no number of a vector",
                $"{now.Flatten()[first].Item():R}", $"whole numbers from 0 to {InputDim - 1}");
        }
        return Tensor.Where(whole, now, now.Like(-1)).Cast(DType.Int32);
    }

    /// <inheritdoc/>
    protected override Tensor? ComputeMask(Tensors inputs, Tensor output, CallContext call) =>
        !maskZero ? base.ComputeMask(inputs, output, call) : MaskRules.Both(inputs[0].Mask, inputs[0].StopGradient() != 0);

    /// <summary>The inputs are numbers of vectors, whatever type they have.</summary>
    protected override bool ConvertsInputs => false;

    static LayerSpec ILayer.Spec => new("Embedding", d =>
    {
        int n = d.Size(9);
        return new LayerCase(new Embedding(n, d.Size(9), d.OneOf<Initializer?>(null, "random_normal(0,0.3)"), maskZero: d.Flag()),
            d.Indices([d.Size(5), d.Size(4)], n));
    });
}
