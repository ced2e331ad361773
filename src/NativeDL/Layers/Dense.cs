namespace NativeDL.Layers;

/// <summary>A fully connected layer: activation(x·W + b). <c>[…, in] -> […, units]</c></summary>
/// <param name="units">Number of outputs.</param>
/// <param name="activation">Applied to each output; none by default.</param>
/// <param name="useBias">Whether b is added.</param>
/// <param name="kernelInitializer">First values of W; Glorot uniform by default.</param>
/// <param name="biasInitializer">First values of b; zeros by default.</param>
/// <param name="kernelRegularizer">A penalty on W.</param>
/// <param name="biasRegularizer">A penalty on b.</param>
/// <param name="kernelConstraint">What W must be after each step.</param>
/// <param name="biasConstraint">What b must be after each step.</param>
/// <param name="name">The layer's name.</param>
/// <example><code>
/// new Dense(32, "relu");
/// new Dense(10, kernelRegularizer: "l2(0.001)", name: "head");
/// </code></example>
public sealed class Dense(int units, Activation? activation = null, bool useBias = true, Initializer? kernelInitializer = null,
    Initializer? biasInitializer = null,
    Regularizer? kernelRegularizer = null, Regularizer? biasRegularizer = null, Constraint? kernelConstraint = null, Constraint? biasConstraint = null,
        string? name = null) : Layer(name), ILayer
{
    private Parameter? kernel, bias;

    /// <summary>Number of outputs.</summary>
    public int Units { get; } = units > 0 ? units : throw Error.Input("Dense", "the number of units must be 1 or more", $"{units}");

    /// <summary>Applied to each output, or null.</summary>
    public Activation? Activation => activation;

    /// <summary>Whether b is added.</summary>
    public bool UseBias => useBias;

    /// <summary>First values of W.</summary>
    public Initializer KernelInitializer { get; } = kernelInitializer ?? "glorot_uniform";

    /// <summary>First values of b.</summary>
    public Initializer BiasInitializer { get; } = biasInitializer ?? "zeros";

    /// <summary>A penalty on W.</summary>
    public Regularizer? KernelRegularizer => kernelRegularizer;

    /// <summary>A penalty on b.</summary>
    public Regularizer? BiasRegularizer => biasRegularizer;

    /// <summary>What W must be after each step.</summary>
    public Constraint? KernelConstraint => kernelConstraint;

    /// <summary>What b must be after each step.</summary>
    public Constraint? BiasConstraint => biasConstraint;

    /// <summary>W, <c>[in, units]</c>; null before the first call.</summary>
    public Parameter? Kernel => kernel;

    /// <summary>b, <c>[units]</c>; null before the first call and without bias.</summary>
    public Parameter? Bias => bias;

    /// <inheritdoc/>
    protected override void CreateWeights(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Rank < 2) throw Error.Shape("Dense", "the input needs a batch axis and features", $"{input}", "[batch, …, in]",
            "Flatten before, or reshape a vector to [1, n]");
        kernel = AddWeight("kernel", [input[^1], Units], KernelInitializer, regularizer: kernelRegularizer, constraint: kernelConstraint);
        if (useBias) bias = AddWeight("bias", [Units], BiasInitializer, regularizer: biasRegularizer, constraint: biasConstraint);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        RequireWidth(x, call, -1, kernel!.Shape[0], "features");
        return NativeDL.Activation.LinearCall(x, kernel, bias?.Value, activation);
    }

    static LayerSpec ILayer.Spec => new("Dense", d => new LayerCase(
        new Dense(d.Size(9), d.OneOf<Activation?>(null, "tanh", "sigmoid", "gelu", "elu(0.5)"), d.Flag(),
            d.OneOf<Initializer?>(null, "he_normal", "random_normal(0,0.4)"),
            kernelRegularizer: d.OneOf<Regularizer?>(null, "l2(0.1)", "l1_l2(0.1,0.2)"), biasConstraint: d.OneOf<Constraint?>(null, "max_norm(3,0)")),
        d.Tensor([d.Size(5), d.Size(9)])));
}
