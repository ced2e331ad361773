namespace NativeDL.Layers;

/// <summary>
/// A 2-D convolution: activation(x ⋆ K + b), a correlation as in Keras and PyTorch. <c>[N, H, W, C] -> [N, H′, W′, filters]</c>
/// (spec 3.6–3.11)
/// </summary>
public sealed class Conv2D : Layer, ILayer
{
    private readonly int filters, groups;
    private readonly (int Height, int Width) kernelSize, strides, dilation;
    private readonly Padding padding;
    private readonly Activation? activation;
    private readonly bool useBias;
    private readonly Initializer? kernelInitializer, biasInitializer;
    private readonly Regularizer? kernelRegularizer;
    private Parameter? kernel, bias;

    /// <summary>A convolution with a square window and the same stride both ways.</summary>
    /// <param name="filters">Number of output channels.</param>
    /// <param name="kernelSize">Height and width of the window.</param>
    /// <param name="strides">Step of the window.</param>
    /// <param name="padding"><c>valid</c>, <c>same</c> or numbers of rows and columns.</param>
    /// <param name="activation">Applied to each output; none by default.</param>
    /// <param name="useBias">Whether a bias is added; leave it out before batch normalization.</param>
    /// <param name="dilation">Distance of the window's points.</param>
    /// <param name="groups">Number of groups of channels that are convolved apart.</param>
    /// <param name="kernelInitializer">First values of K; Glorot uniform by default.</param>
    /// <param name="biasInitializer">First values of b; zeros by default.</param>
    /// <param name="kernelRegularizer">A penalty on K.</param>
    /// <param name="name">The layer's name.</param>
    public Conv2D(int filters, int kernelSize, int strides = 1, Padding padding = default, Activation? activation = null, bool useBias = true, int dilation = 1, int groups = 1,
        Initializer? kernelInitializer = null, Initializer? biasInitializer = null, Regularizer? kernelRegularizer = null, string? name = null)
        : this(filters, (kernelSize, kernelSize), (strides, strides), padding, activation, useBias, (dilation, dilation), groups, kernelInitializer, biasInitializer, kernelRegularizer, name)
    {
    }

    /// <summary>A convolution with sizes for height and width.</summary>
    /// <inheritdoc cref="Conv2D(int, int, int, Padding, Activation, bool, int, int, Initializer, Initializer, Regularizer, string)"/>
    public Conv2D(int filters, (int Height, int Width) kernelSize, (int Height, int Width)? strides = null, Padding padding = default, Activation? activation = null, bool useBias = true,
        (int Height, int Width)? dilation = null, int groups = 1, Initializer? kernelInitializer = null, Initializer? biasInitializer = null, Regularizer? kernelRegularizer = null, string? name = null) : base(name)
    {
        if (filters < 1 || kernelSize.Height < 1 || kernelSize.Width < 1 || groups < 1)
            throw Error.Input("Conv2D", "filters, window and groups must be 1 or more", $"{filters} filters, window {kernelSize}, {groups} groups");
        this.filters = filters;
        this.kernelSize = kernelSize;
        this.strides = strides ?? (1, 1);
        this.padding = padding;
        this.activation = activation;
        this.useBias = useBias;
        this.dilation = dilation ?? (1, 1);
        this.groups = groups;
        this.kernelInitializer = kernelInitializer;
        this.biasInitializer = biasInitializer;
        this.kernelRegularizer = kernelRegularizer;
    }

    /// <summary>K, <c>[KH, KW, C / groups, filters]</c>; null before the first call.</summary>
    public Parameter? Kernel => kernel;

    /// <summary>b, <c>[filters]</c>; null before the first call and without bias.</summary>
    public Parameter? Bias => bias;

    /// <inheritdoc/>
    protected override void CreateWeights(Shape input)
    {
        RequireImages(input, "Conv2D");
        if (input[3] % groups != 0 || filters % groups != 0)
            throw Error.Shape("Conv2D", "channels and filters must divide into the groups", $"{input[3]} channels, {filters} filters, {groups} groups");
        kernel = AddWeight("kernel", [kernelSize.Height, kernelSize.Width, input[3] / groups, filters], kernelInitializer, regularizer: kernelRegularizer);
        if (useBias) bias = AddWeight("bias", [filters], biasInitializer ?? "zeros");
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        RequireImages(x.Shape, "Conv2D");
        RequireWidth(x, call, 3, kernel!.Shape[2] * groups, "channels");
        var fused = activation?.Fused;
        var y = x.Conv2D(kernel, bias?.Value, strides, padding, dilation, groups, fused);
        return fused is null && activation is not null ? activation.Call(y) : y;
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("filters", filters);
        config.Set("kernelSize", [kernelSize.Height, kernelSize.Width]);
        config.Set("strides", [strides.Height, strides.Width]);
        config.Set("padding", Windows.Write(padding));
        config.Set("activation", activation?.ToString());
        config.Set("useBias", useBias);
        config.Set("dilation", [dilation.Height, dilation.Width]);
        config.Set("groups", groups);
        config.Set("kernelRegularizer", kernelRegularizer?.ToString());
    }

    internal static void RequireImages(Shape input, string layer)
    {
        if (input.Rank != 4) throw Error.Shape(layer, "the input must be images", $"{input}", "[N, height, width, channels]", "images are channels-last; add the channel axis with ExpandDims(-1)");
    }

    static LayerSpec ILayer.Spec => new("Conv2D", c => new Conv2D(c.Int("filters"), Windows.Pair(c, "kernelSize"), Windows.Pair(c, "strides"), Windows.Read(c.Ints("padding")), c.Text("activation"),
            c.Flag("useBias"), Windows.Pair(c, "dilation"), c.Int("groups"), kernelRegularizer: c.Text("kernelRegularizer")),
        d => new LayerCase(new Conv2D(d.Int(1, 3), d.Int(1, 3), d.Int(1, 2), d.OneOf(Padding.Valid, Padding.Same, new Padding(1, 0, 0, 1)), d.OneOf<Activation?>(null, "tanh"), d.Flag()), d.Tensor([d.Int(1, 2), d.Int(3, 5), d.Int(3, 5), d.Int(1, 3)])));
}

/// <summary>Sizes and paddings of windows in model files.</summary>
internal static class Windows
{
    public static (int Height, int Width) Pair(LayerConfig config, string name) =>
        config.Ints(name) is [var height, var width] ? (height, width) : throw new ModelFormatException("Model", "model.json", null, $"the layer's '{name}' is not a height and a width");

    // 'same' depends on the image and has no numbers of its own.
    public static int[] Write(Padding padding) => padding == Padding.Same ? [] : [padding.Top, padding.Bottom, padding.Left, padding.Right];

    public static Padding Read(int[] numbers) => numbers switch
    {
        [] => Padding.Same,
        [>= 0 and var top, >= 0 and var bottom, >= 0 and var left, >= 0 and var right] => new Padding(top, bottom, left, right),
        _ => throw new ModelFormatException("Model", "model.json", null, "the layer's 'padding' is not four numbers of 0 or more, nor none for 'same'"),
    };
}
