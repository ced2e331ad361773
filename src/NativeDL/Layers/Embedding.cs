namespace NativeDL.Layers;

/// <summary>A learned vector for each of some whole numbers, such as words. <c>[…] of 0 … inputs − 1 -> […, outputs]</c></summary>
/// <param name="inputs">How many different numbers there are.</param>
/// <param name="outputs">Length of a vector.</param>
/// <param name="initializer">First values; uniform in ±0.05 by default.</param>
/// <param name="name">The layer's name.</param>
public sealed class Embedding(int inputs, int outputs, Initializer? initializer = null, string? name = null) : Layer(name), ILayer
{
    private readonly int inputs = inputs > 0 && outputs > 0 ? inputs : throw Error.Input("Embedding", "sizes must be 1 or more", $"{inputs} inputs, {outputs} outputs");
    private Parameter? table;

    /// <inheritdoc/>
    protected override void CreateWeights(Shape input) => table = AddWeight("embeddings", [inputs, outputs], initializer ?? "uniform");

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call) => table!.Value.Gather(x.DType.IsFloating() ? x.Cast(DType.Int32) : x);

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("inputs", inputs);
        config.Set("outputs", outputs);
    }

    static LayerSpec ILayer.Spec => new("Embedding", c => new Embedding(c.Int("inputs"), c.Int("outputs")), d =>
    {
        int n = d.Size(9);
        return new LayerCase(new Embedding(n, d.Size(9)), d.Indices([d.Size(5), d.Size(4)], n));
    })
    { PlainGradient = true };
}
