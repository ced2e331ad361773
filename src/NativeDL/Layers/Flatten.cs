namespace NativeDL.Layers;

/// <summary>Every row as one vector. <c>[N, a, b, …] -> [N, a·b·…]</c></summary>
/// <param name="name">The layer's name.</param>
public sealed class Flatten(string? name = null) : Layer(name), ILayer
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call) => x.Rank == 1 ? x.ExpandDims(1) : x.Flatten(1);

    static LayerSpec ILayer.Spec => new("Flatten", _ => new Flatten(), d => new LayerCase(new Flatten(), d.Tensor(d.Shape(1, 4)))) { PlainGradient = true };
}

/// <summary>Every row in another shape. <c>[N, …] -> [N, target…]</c></summary>
/// <param name="target">Shape of a row; one dimension may be −1.</param>
/// <param name="name">The layer's name.</param>
public sealed class Reshape(int[] target, string? name = null) : Layer(name), ILayer
{
    /// <summary>A row of the given shape.</summary>
    /// <param name="target">Shape of a row; one dimension may be −1.</param>
    public Reshape(params ReadOnlySpan<int> target) : this(target.ToArray(), null) { }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call) => x.Reshape((ReadOnlySpan<int>)[x.Shape[0], .. target]);

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("target", target);

    static LayerSpec ILayer.Spec => new("Reshape", c => new Reshape(c.Ints("target"), null), d =>
    {
        int a = d.Size(7), b = d.Size(7);
        return new LayerCase(new Reshape(b, -1), d.Tensor([d.Size(5), a, b]));
    })
    { PlainGradient = true };
}
