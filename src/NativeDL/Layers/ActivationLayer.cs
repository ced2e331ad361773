namespace NativeDL.Layers;

/// <summary>An activation as a layer of its own. <c>[…] -> […]</c></summary>
/// <param name="activation">The activation, by object or by Keras name.</param>
/// <param name="name">The layer's name.</param>
[Registered("ActivationLayer", "Activation")]
public sealed class ActivationLayer(Activation activation, string? name = null) : Layer(name), ILayer
{
    /// <summary>The activation.</summary>
    public Activation Activation { get; } = activation ?? throw new ArgumentNullException(nameof(activation));

    private protected override string KerasName => Activation.Name;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call) => Activation.Call(x);

    static LayerSpec ILayer.Spec => new("ActivationLayer", d => new LayerCase(
        new ActivationLayer(d.OneOf<Activation>("tanh", "sigmoid", "softmax", "gelu(true)", "elu(0.7)")),
            d.Tensor([d.Size(5), 1 + d.Size(9)], Domain.Real.Away(0))));
}

/// <summary>
/// max(0, x), or in general: <c>maxValue</c> from there on, x from the threshold on, below it slope·(x − threshold), as a layer. <c>[…] -> […]</c>
/// </summary>
/// <param name="maxValue">Where it ends to grow; nowhere by default.</param>
/// <param name="negativeSlope">The slope below the threshold.</param>
/// <param name="threshold">From here on x passes.</param>
/// <param name="name">The layer's name.</param>
public sealed class ReLU(double? maxValue = null, double negativeSlope = 0, double threshold = 0, string? name = null) : Layer(name), ILayer
{
    /// <summary>Where it ends to grow; null: nowhere.</summary>
    public double? MaxValue { get; } = maxValue is null or >= 0 ? maxValue : throw Error.Input("ReLU", "maxValue is negative", $"{maxValue}");

    /// <summary>The slope below the threshold.</summary>
    public double NegativeSlope { get; } = negativeSlope >= 0 ? negativeSlope : throw Error.Input("ReLU", "the slope is negative", $"{negativeSlope}");

    /// <summary>From here on x passes.</summary>
    public double Threshold { get; } = threshold >= 0 ? threshold : throw Error.Input("ReLU", "the threshold is negative", $"{threshold}");

    private protected override string KerasName => "re_lu";

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        var y = Threshold != 0 ? Tensor.Where(x < Threshold, (x - Threshold) * NegativeSlope, x) : NegativeSlope != 0 ? x.LeakyRelu(NegativeSlope) : x.Relu();
        return MaxValue is { } most ? y.Clip(double.NegativeInfinity, most) : y;
    }

    static LayerSpec ILayer.Spec => new("ReLU", d => new LayerCase(
        new ReLU(d.OneOf<double?>(null, 4), d.OneOf(0, 0.25), d.OneOf(0, 0.5)), d.Tensor([d.Size(5), d.Size(9)], Domain.Real.Away(0).Away(0.5))));
}

/// <summary>x where x > 0, else slope·x, as a layer. <c>[…] -> […]</c></summary>
/// <param name="negativeSlope">The slope below 0: 0.3, as Keras' layer has it; its activation has 0.2 and its operation 0.01 by default.</param>
/// <param name="name">The layer's name.</param>
public sealed class LeakyReLU([Formerly("slope")] double negativeSlope = 0.3, string? name = null) : Layer(name), ILayer
{
    /// <summary>The slope below 0.</summary>
    public double NegativeSlope => negativeSlope;

    private protected override string KerasName => "leaky_re_lu";

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call) => x.LeakyRelu(negativeSlope);

    static LayerSpec ILayer.Spec =>
        new("LeakyReLU", d => new LayerCase(new LeakyReLU(d.OneOf(0.2, 0.3)), d.Tensor([d.Size(5), d.Size(9)], Domain.Real.Away(0))));
}

/// <summary>x where x > 0, else a·x with a slope per feature that is learned. <c>[…, n] -> […, n]</c> (He et al. 2015)</summary>
/// <param name="alphaInitializer">First slopes; zeros by default.</param>
/// <param name="alphaRegularizer">A penalty on the slopes.</param>
/// <param name="alphaConstraint">What the slopes must be after each step.</param>
/// <param name="name">The layer's name.</param>
public sealed class PReLU(Initializer? alphaInitializer = null, Regularizer? alphaRegularizer = null, Constraint? alphaConstraint = null, string? name = null)
    : Layer(name), ILayer
{
    private Parameter? alpha;

    /// <summary>First slopes.</summary>
    public Initializer AlphaInitializer { get; } = alphaInitializer ?? "zeros";

    /// <summary>A penalty on the slopes.</summary>
    public Regularizer? AlphaRegularizer => alphaRegularizer;

    /// <summary>What the slopes must be after each step.</summary>
    public Constraint? AlphaConstraint => alphaConstraint;

    /// <summary>The slopes, <c>[n]</c>; null before the first call.</summary>
    public Parameter? Alpha => alpha;

    private protected override string KerasName => "p_re_lu";

    /// <inheritdoc/>
    protected override void CreateWeights(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        alpha = AddWeight("alpha", [input[^1]], AlphaInitializer, regularizer: alphaRegularizer, constraint: alphaConstraint);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        RequireWidth(x, call, -1, alpha!.Shape[0], "features");
        return x.PRelu(alpha);
    }

    static LayerSpec ILayer.Spec => new("PReLU", d =>
        new LayerCase(new PReLU("ones", alphaConstraint: d.OneOf<Constraint?>(null, "non_neg")), d.Tensor([d.Size(5), d.Size(9)], Domain.Real.Away(0))));
}

/// <summary>Probabilities along an axis. <c>[…] -> […]</c></summary>
/// <param name="axis">The axis; the last by default.</param>
/// <param name="name">The layer's name.</param>
public sealed class Softmax(int axis = -1, string? name = null) : Layer(name), ILayer
{
    /// <summary>The axis.</summary>
    public int Axis => axis;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call) => x.SoftmaxOfLogits(axis);

    static LayerSpec ILayer.Spec => new("Softmax", d => new LayerCase(new Softmax(d.OneOf(-1, 1)), d.Tensor([d.Size(5), 1 + d.Size(9)])));
}
