namespace NativeDL;

public abstract partial class Layer
{
    private readonly List<LayerNode> uses = [];

    /// <summary>The symbol that the layer was called on, where it was called on symbols once.</summary>
    /// <remarks>Of a variable of type Model write <c>model.Inputs[0]</c>: <c>Model.Input(28, 28, 1)</c> makes a new symbol.</remarks>
    /// <exception cref="InvalidInputException">The layer was not called on symbols, was called several times, or takes several.</exception>
    public Tensor Input => Inputs.Single($"{Name}.Input");

    /// <summary>The symbol that the layer gave, where it was called on symbols once; a model's own output. From it on another model may begin or end.</summary>
    /// <inheritdoc cref="Input" path="/exception"/>
    public Tensor Output => Outputs.Single($"{Name}.Output");

    /// <summary>The symbols that the layer was called on, where it was called on symbols once; a model's own inputs.</summary>
    /// <exception cref="InvalidInputException">The layer was not called on symbols, or several times.</exception>
    public Tensors Inputs => Symbols(nameof(Inputs)).Inputs;

    /// <summary>The symbols that the layer gave, where it was called on symbols once; a model's own outputs.</summary>
    /// <exception cref="InvalidInputException">The layer was not called on symbols, or several times.</exception>
    public Tensors Outputs => Symbols(nameof(Outputs)).Outputs;

    private protected virtual (Tensors Inputs, Tensors Outputs) Symbols(string member)
    {
        lock (uses)
            return uses.Count == 1 ? (uses[0].Inputs, uses[0].Outputs)
                : throw Error.Input($"{Name}.{member}", uses.Count == 0 ? "the layer was not called on symbols"
                    : "the layer was called on symbols more than once, so that there is more than one answer",
                    $"{uses.Count} calls", "one",
                        uses.Count == 0 ? "call it on Model.Input(…), or ask for the Input of the model first" : "keep the symbols that Call gave");
    }

    private Tensors Record(Tensors inputs, CallContext call)
    {
        var node = LayerNode.Record(this, inputs, call);
        lock (uses) uses.Add(node);
        return node.Outputs;
    }
}
