namespace NativeDL;

/// <summary>A call in a model's graph: a layer or an operation, what it is given and what it gives.</summary>
/// <example><code>
/// foreach (var call in model.Graph)
///     Console.WriteLine($"{call.Name}: {call.Operation} {string.Join(", ", call.Inputs)} -> {string.Join(", ", call.Outputs)}");
/// </code></example>
public sealed class GraphCall
{
    internal GraphCall(string name, Layer? layer, Op? operation, IReadOnlyList<GraphValue> inputs, IReadOnlyList<GraphValue> outputs) =>
        (Name, Layer, Operation, Inputs, Outputs) = (name, layer, operation, inputs, outputs);

    /// <summary>Differs from every other call's: the layer's name in the model, the operation's numbered, an input's own.</summary>
    public string Name { get; }

    /// <summary>The layer, where it is one.</summary>
    public Layer? Layer { get; }

    /// <summary>The operation, where it is one.</summary>
    public Op? Operation { get; }

    /// <summary>Whether the call stands for an input of the model: it is given nothing.</summary>
    public bool IsInput => Layer is null && Operation is null;

    /// <summary>What it is called on, in order.</summary>
    public IReadOnlyList<GraphValue> Inputs { get; }

    /// <summary>What it gives, in order.</summary>
    public IReadOnlyList<GraphValue> Outputs { get; }

    /// <summary>The kind of thing called: the layer's class, the operation's name, <c>Input</c>.</summary>
    public string Kind => Layer?.GetType().Name ?? Operation?.Name ?? "Input";

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Kind})";
}
