using System.Collections;
using System.Diagnostics.CodeAnalysis;
using NativeDL.Layers;

namespace NativeDL;

/// <summary>Layers one after another.</summary>
/// <example><code>
/// var model = new Sequential { new Dense(128, activation: "relu"), new Dropout(0.2), new Dense(10) };
/// var body = model[..^1];   // the same layers without the last
/// </code></example>
[SuppressMessage("Design", "CA1010", Justification = "Enumerable for initializers alone: a model is no list, and no query belongs on it.")]
[SuppressMessage("Naming", "CA1710", Justification = "As in Keras.")]
public sealed class Sequential : Model, IEnumerable, ILayer
{
    /// <summary>An empty model with a name of its own, for use inside of another.</summary>
    public Sequential(string name) : base(name) { }

    /// <summary>A model of the given layers; more come by the initializer or by <see cref="Add(Layer)"/>.</summary>
    public Sequential(params Layer[] layers) : base(null)
    {
        ArgumentNullException.ThrowIfNull(layers);
        foreach (var layer in layers) Add(layer);
    }

    /// <summary>How many layers there are.</summary>
    public int Count => Layers.Count;

    /// <summary>The symbol of the model's input, once it is built.</summary>
    /// <exception cref="InvalidInputException">The model is not built.</exception>
    public new Tensor Input => ((Layer)this).Input;

    /// <summary>A layer by its place; <c>model[^1]</c> is the last.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public Layer this[int index] => (uint)index < (uint)Count ? Layers[index]
        : throw Error.Input(Name, "there is no layer at this place", $"{index}", Count == 0 ? "none: the model has no layers" : $"0 to {Count - 1}");

    /// <summary>A model of some of the layers, with the same parameters: <c>model[..^1]</c> calls it.</summary>
    /// <param name="start">The first.</param>
    /// <param name="length">How many.</param>
    /// <exception cref="InvalidInputException">They are not all there.</exception>
    public Sequential Slice(int start, int length)
    {
        if (start < 0 || length < 0 || start > Count - length)
            throw Error.Input($"{Name}.Slice", "the part is not inside of the model", $"{length} layers from {start}", $"inside of 0 to {Count}");
        var part = new Sequential([.. Layers.Skip(start).Take(length)]);
        // The part is known by the whole's own symbols: each layer was called on symbols once.
        if (length > 0 && FindGraph() is { } whole) part.TakeGraph(whole.Part(start, length));
        return part;
    }

    /// <summary>Appends a layer; a model is a layer too.</summary>
    public void Add(Layer layer)
    {
        Track(layer);
        ForgetGraph();
    }

    /// <summary>Appends an activation, by object or by name: <c>new Sequential { new Dense(8), "relu" }</c>.</summary>
    public void Add(Activation activation)
    {
        ArgumentNullException.ThrowIfNull(activation);
        Add(new ActivationLayer(activation));
    }

    /// <inheritdoc/>
    protected override Tensors Forward(Tensors inputs, CallContext call)
    {
        foreach (var layer in Layers) inputs = layer.Call(inputs, call);
        return inputs;
    }

    /// <summary>The mask that the last layer left.</summary>
    protected override Tensor? ComputeMask(Tensors inputs, Tensor output, CallContext call)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.Mask;
    }

    static LayerSpec ILayer.Spec => new("Sequential", d =>
        new LayerCase(new Sequential { new Dense(d.Size(5), "tanh"), new Sequential { new Dense(d.Size(4)) } }, d.Tensor([d.Size(4), d.Size(5)])));

    IEnumerator IEnumerable.GetEnumerator() => Layers.GetEnumerator();
}
