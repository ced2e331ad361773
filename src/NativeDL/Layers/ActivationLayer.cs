namespace NativeDL.Layers;

/// <summary>An activation as a layer of its own. <c>[…] -> […]</c></summary>
/// <param name="activation">The activation, by object or by Keras name.</param>
/// <param name="name">The layer's name.</param>
public sealed class ActivationLayer(Activation activation, string? name = null) : Layer(name), ILayer
{
    private protected override string KerasName => activation.Name;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call) => activation.Call(x);

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("activation", activation.ToString());

    static LayerSpec ILayer.Spec => new("ActivationLayer", c => new ActivationLayer(c.Text("activation") ?? "linear"),
        d => new LayerCase(new ActivationLayer(d.OneOf<Activation>("tanh", "sigmoid", "softmax", "gelu", "elu")), d.Tensor([d.Size(5), 1 + d.Size(9)], Domain.Real.Away(0))));
}

/// <summary>max(0, x) as a layer. <c>[…] -> […]</c></summary>
/// <param name="name">The layer's name.</param>
public sealed class ReLU(string? name = null) : Layer(name), ILayer
{
    private protected override string KerasName => "re_lu";

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call) => x.Relu();

    static LayerSpec ILayer.Spec => new("ReLU", _ => new ReLU(), d => new LayerCase(new ReLU(), d.Tensor([d.Size(5), d.Size(9)], Domain.Real.Away(0)))) { PlainGradient = true };
}

/// <summary>x where x > 0, else slope·x, as a layer. <c>[…] -> […]</c></summary>
/// <param name="slope">The slope below 0.</param>
/// <param name="name">The layer's name.</param>
public sealed class LeakyReLU(double slope = 0.3, string? name = null) : Layer(name), ILayer
{
    private protected override string KerasName => "leaky_re_lu";

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call) => x.LeakyRelu(slope);

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("slope", slope);

    static LayerSpec ILayer.Spec => new("LeakyReLU", c => new LeakyReLU(c.Number("slope")), d => new LayerCase(new LeakyReLU(0.2), d.Tensor([d.Size(5), d.Size(9)], Domain.Real.Away(0)))) { PlainGradient = true };
}

/// <summary>x where x > 0, else a·x with a slope per feature that is learned. <c>[…, n] -> […, n]</c> (He et al. 2015)</summary>
/// <param name="slopeInitializer">First slopes; zeros by default, as Keras.</param>
/// <param name="name">The layer's name.</param>
public sealed class PReLU(Initializer? slopeInitializer = null, string? name = null) : Layer(name), ILayer
{
    private protected override string KerasName => "p_re_lu";

    private Parameter? slope;

    /// <inheritdoc/>
    protected override void CreateWeights(Shape input) => slope = AddWeight("alpha", [input[^1]], slopeInitializer ?? "zeros");

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        RequireWidth(x, call, -1, slope!.Shape[0], "features");
        return x.PRelu(slope);
    }

    static LayerSpec ILayer.Spec => new("PReLU", _ => new PReLU(), d => new LayerCase(new PReLU("ones"), d.Tensor([d.Size(5), d.Size(9)], Domain.Real.Away(0)))) { PlainGradient = true };
}

/// <summary>Each row of the last axis as probabilities. <c>[…, n] -> […, n]</c></summary>
/// <param name="name">The layer's name.</param>
public sealed class Softmax(string? name = null) : Layer(name), ILayer
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call) => x.Softmax();

    static LayerSpec ILayer.Spec => new("Softmax", _ => new Softmax(), d => new LayerCase(new Softmax(), d.Tensor([d.Size(5), 1 + d.Size(9)])));
}
