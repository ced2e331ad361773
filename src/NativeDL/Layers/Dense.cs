namespace NativeDL.Layers;

/// <summary>A fully connected layer: activation(x·W + b). <c>[…, in] -> […, units]</c></summary>
/// <param name="units">Number of outputs.</param>
/// <param name="activation">Applied to each output; none by default.</param>
/// <param name="useBias">Whether b is added.</param>
/// <param name="kernelInitializer">First values of W; Glorot uniform by default.</param>
/// <param name="biasInitializer">First values of b; zeros by default.</param>
/// <param name="kernelRegularizer">A penalty on W.</param>
/// <param name="name">The layer's name.</param>
public sealed class Dense(int units, Activation? activation = null, bool useBias = true, Initializer? kernelInitializer = null, Initializer? biasInitializer = null, Regularizer? kernelRegularizer = null, string? name = null) : Layer(name), ILayer
{
    private readonly int units = units > 0 ? units : throw Error.Input("Dense", "the number of units must be 1 or more", $"{units}");
    private Parameter? kernel, bias;

    /// <summary>W, <c>[in, units]</c>; null before the first call.</summary>
    public Parameter? Kernel => kernel;

    /// <summary>b, <c>[units]</c>; null before the first call and without bias.</summary>
    public Parameter? Bias => bias;

    /// <inheritdoc/>
    protected override void CreateWeights(Shape input)
    {
        if (input.Rank < 2) throw Error.Shape("Dense", "the input needs a batch axis and features", $"{input}", "[batch, …, in]", "Flatten before, or reshape a vector to [1, n]");
        kernel = AddWeight("kernel", [input[^1], units], kernelInitializer, regularizer: kernelRegularizer);
        if (useBias) bias = AddWeight("bias", [units], biasInitializer ?? "zeros");
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        RequireWidth(x, call, -1, kernel!.Shape[0], "features");
        return Activation.LinearCall(x, kernel, bias?.Value, activation);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("units", units);
        config.Set("activation", activation?.ToString());
        config.Set("useBias", useBias);
        config.Set("kernelRegularizer", kernelRegularizer?.ToString());
    }

    static LayerSpec ILayer.Spec => new("Dense",
        c => new Dense(c.Int("units"), c.Text("activation"), c.Flag("useBias"), kernelRegularizer: c.Text("kernelRegularizer")),
        d => new LayerCase(new Dense(d.Size(9), d.OneOf<Activation?>(null, "tanh", "sigmoid", "gelu"), d.Flag()), d.Tensor([d.Size(5), d.Size(9)])));
}
