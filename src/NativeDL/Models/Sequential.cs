using System.Collections;
using NativeDL.Layers;

namespace NativeDL;

/// <summary>Layers one after another.</summary>
/// <example><code>
/// var model = new Sequential { new Dense(128, activation: "relu"), new Dropout(0.2f), new Dense(10) };
/// </code></example>
public sealed class Sequential : Model, IEnumerable<Layer>, ILayer
{
    /// <summary>An empty model with a name of its own, for use inside of another.</summary>
    public Sequential(string name) : base(name) { }

    /// <summary>A model of the given layers; more come by the initializer or by <see cref="Add"/>.</summary>
    public Sequential(params IEnumerable<Layer> layers) : base(null)
    {
        ArgumentNullException.ThrowIfNull(layers);
        foreach (var layer in layers) Add(layer);
    }

    /// <summary>Appends a layer; a model is a layer too.</summary>
    public void Add(Layer layer) => Track(layer);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        foreach (var layer in Layers) x = layer.Call(x, call);
        return x;
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Set("layers", Layers);
    }

    static LayerSpec ILayer.Spec => new("Sequential", c => new Sequential(c.LayersOf("layers")),
        d => new LayerCase(new Sequential { new Dense(d.Size(5), "tanh"), new Sequential { new Dense(d.Size(4)) } }, d.Tensor([d.Size(4), d.Size(5)])));

    /// <summary>The layers in order.</summary>
    public IEnumerator<Layer> GetEnumerator() => Layers.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
