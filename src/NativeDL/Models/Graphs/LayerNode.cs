namespace NativeDL;

/// <summary>A layer called on tensors without data.</summary>
internal sealed class LayerNode : GraphNode
{
    private LayerNode(Layer layer, bool training, Tensors inputs, Tensors promised) : base(inputs)
    {
        Layer = layer;
        Training = training;
        Outputs = promised.Select(y => Tensor.Symbolic(y.Shape, y.DType));
        for (int i = 0; i < Outputs.Count; i++) Outputs[i].BecomeSymbol(this, i);
    }

    /// <summary>The layer.</summary>
    public Layer Layer { get; }

    /// <summary>Whether it trains in every call, as when it was called with <c>training: true</c> on symbols.</summary>
    public bool Training { get; }

    /// <inheritdoc/>
    public override string Name => Layer.Name;

    /// <inheritdoc/>
    public override Tensors Replay(Tensors on, object? context)
    {
        var call = (CallContext)context!;
        return Layer.Call(on, Training ? call.With(training: true) : call);
    }

    /// <summary>
    /// Calls the layer once on placeholders of the same shapes, which makes its parameters and tells the shapes of its results,
    /// and puts it into the graph as one node: what happens inside is its own affair.
    /// </summary>
    public static LayerNode Record(Layer layer, Tensors inputs, CallContext call)
    {
        var placeholders = inputs.Select(x => Tensor.Symbolic(x.Shape, x.DType));
        return new LayerNode(layer, call.Training, inputs, layer.Call(placeholders, call.ForPlaceholders(Symbol.Of(inputs))));
    }
}
