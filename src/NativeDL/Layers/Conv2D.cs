namespace NativeDL.Layers;

/// <summary>
/// A 2-D convolution: activation(x ⋆ K + b), a correlation as in Keras and PyTorch. <c>[N, H, W, C] -> [N, H′, W′, filters]</c>
/// (spec 3.6–3.11)
/// </summary>
/// <param name="filters">Number of output channels.</param>
/// <param name="kernelSize">Height and width of the window.</param>
/// <param name="strides">Steps of the window; 1 by default.</param>
/// <param name="padding"><c>valid</c>, <c>same</c> or numbers of rows and columns.</param>
/// <param name="dilationRate">Distances of the window's points; 1 by default.</param>
/// <param name="groups">Number of groups of channels that are convolved apart.</param>
/// <param name="activation">Applied to each output; none by default.</param>
/// <param name="useBias">Whether a bias is added; leave it out before batch normalization.</param>
/// <param name="kernelInitializer">First values of K; Glorot uniform by default.</param>
/// <param name="biasInitializer">First values of b; zeros by default.</param>
/// <param name="kernelRegularizer">A penalty on K.</param>
/// <param name="biasRegularizer">A penalty on b.</param>
/// <param name="kernelConstraint">What K must be after each step.</param>
/// <param name="biasConstraint">What b must be after each step.</param>
/// <param name="name">The layer's name.</param>
/// <example><code>
/// new Conv2D(32, 3, activation: "relu");
/// new Conv2D(64, (3, 5), strides: 2, padding: "same", useBias: false);
/// </code></example>
public sealed class Conv2D(int filters, Size2D kernelSize, Size2D strides = default, Padding padding = default,
    [Formerly("dilation")] Size2D dilationRate = default, int groups = 1,
    Activation? activation = null, bool useBias = true, Initializer? kernelInitializer = null, Initializer? biasInitializer = null,
        Regularizer? kernelRegularizer = null,
    Regularizer? biasRegularizer = null, Constraint? kernelConstraint = null, Constraint? biasConstraint = null, string? name = null) : Layer(name), ILayer
{
    private Parameter? kernel, bias;

    /// <summary>Number of output channels.</summary>
    public int Filters { get; } = filters > 0 ? filters : throw Error.Input("Conv2D", "the number of filters must be 1 or more", $"{filters}");

    /// <summary>Height and width of the window.</summary>
    public Size2D KernelSize { get; } = Windows.Checked("Conv2D", "the window", kernelSize, default);

    /// <summary>Steps of the window.</summary>
    public Size2D Strides { get; } = Windows.Checked("Conv2D", "the stride", strides, 1);

    /// <summary>How the window meets the border.</summary>
    public Padding Padding => padding;

    /// <summary>Distances of the window's points.</summary>
    public Size2D DilationRate { get; } = Windows.Checked("Conv2D", "the dilation", dilationRate, 1);

    /// <summary>Number of groups of channels that are convolved apart.</summary>
    public int Groups { get; } = groups > 0 ? groups : throw Error.Input("Conv2D", "the number of groups must be 1 or more", $"{groups}");

    /// <summary>Applied to each output, or null.</summary>
    public Activation? Activation => activation;

    /// <summary>Whether a bias is added.</summary>
    public bool UseBias => useBias;

    /// <summary>First values of K.</summary>
    public Initializer KernelInitializer { get; } = kernelInitializer ?? "glorot_uniform";

    /// <summary>First values of b.</summary>
    public Initializer BiasInitializer { get; } = biasInitializer ?? "zeros";

    /// <summary>A penalty on K.</summary>
    public Regularizer? KernelRegularizer => kernelRegularizer;

    /// <summary>A penalty on b.</summary>
    public Regularizer? BiasRegularizer => biasRegularizer;

    /// <summary>What K must be after each step.</summary>
    public Constraint? KernelConstraint => kernelConstraint;

    /// <summary>What b must be after each step.</summary>
    public Constraint? BiasConstraint => biasConstraint;

    /// <summary>K, <c>[KH, KW, C / groups, filters]</c>; null before the first call.</summary>
    public Parameter? Kernel => kernel;

    /// <summary>b, <c>[filters]</c>; null before the first call and without bias.</summary>
    public Parameter? Bias => bias;

    /// <inheritdoc/>
    protected override void CreateWeights(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Windows.RequireImages(input, "Conv2D");
        if (input[3] % Groups != 0 || Filters % Groups != 0)
            throw Error.Shape("Conv2D", "channels and filters must divide into the groups", $"{input[3]} channels, {Filters} filters, {Groups} groups");
        kernel = AddWeight("kernel", [KernelSize.Height, KernelSize.Width, input[3] / Groups, Filters], KernelInitializer, regularizer: kernelRegularizer,
            constraint: kernelConstraint);
        if (useBias) bias = AddWeight("bias", [Filters], BiasInitializer, regularizer: biasRegularizer, constraint: biasConstraint);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        ArgumentNullException.ThrowIfNull(x);
        Windows.RequireImages(x.Shape, "Conv2D");
        RequireWidth(x, call, 3, kernel!.Shape[2] * Groups, "channels");
        var fused = activation?.Fused;
        var y = x.Conv2D(kernel, bias?.Value, Strides, padding, DilationRate, Groups, fused);
        return fused is null && activation is not null ? activation.Call(y) : y;
    }

    static LayerSpec ILayer.Spec => new("Conv2D", d => new LayerCase(
        new Conv2D(d.Int(1, 3), d.Int(1, 3), d.Int(1, 2), d.OneOf(Padding.Valid, Padding.Same, new Padding(1, 0, 0, 1)),
            activation: d.OneOf<Activation?>(null, "tanh"), useBias: d.Flag(),
            kernelInitializer: d.OneOf<Initializer?>(null, "variance_scaling(1,fan_avg,uniform)"), kernelRegularizer: d.OneOf<Regularizer?>(null, "l2(0.01)")),
        d.Tensor([d.Int(1, 2), d.Int(3, 5), d.Int(3, 5), d.Int(1, 3)])));
}

/// <summary>What layers with windows share.</summary>
internal static class Windows
{
    /// <summary>A size of 1 or more both ways; <paramref name="otherwise"/> where none is given.</summary>
    public static Size2D Checked(string layer, string what, Size2D size, Size2D otherwise)
    {
        size = size.Or(otherwise);
        return size is { Height: >= 1, Width: >= 1 } ? size
            : throw Error.Input(layer, size.IsGiven ? $"{what} must be 1 or more both ways" : $"{what} has no size", size.IsGiven ? $"{size}" : "default",
                "a number for both, or height and width: 3 or (3, 5)");
    }

    public static void RequireImages(Shape input, string layer)
    {
        if (input.Rank != 4) throw Error.Shape(layer, "the input must be images", $"{input}", "[N, height, width, channels]",
            "images are channels-last: one image is given its batch axis by ExpandDims(0), gray ones their channel axis by ExpandDims(-1)");
    }
}
