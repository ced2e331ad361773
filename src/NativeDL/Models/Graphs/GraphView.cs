namespace NativeDL;

/// <summary>A call in a model's graph: a layer or an operation, what it is given and what it gives.</summary>
/// <example><code>
/// foreach (var call in model.Graph)
///     Console.WriteLine($"{call.Name}: {string.Join(", ", call.Inputs)} -> {string.Join(", ", call.Outputs)}");
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

/// <summary>A tensor between calls. One object stands for it wherever it is given or taken.</summary>
public sealed class GraphValue
{
    internal GraphValue(string name, Tensor symbol, string from) => (Name, Shape, DType, From, Data) = (name, symbol.Shape, symbol.DType, from, symbol.IsSymbolic ? null : symbol);

    /// <summary>Differs from every other value's: the name of the call that makes it, and of several results a number.</summary>
    public string Name { get; }

    /// <summary>The name of the call that makes it; empty for a constant.</summary>
    public string From { get; }

    /// <summary>The dimensions; the batch is <see cref="Shape.None"/>.</summary>
    public Shape Shape { get; }

    /// <summary>The element type.</summary>
    public DType DType { get; }

    /// <summary>The numbers of a constant; null for what is computed.</summary>
    public Tensor? Data { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Shape}";
}

/// <summary>Makes the public view of a graph.</summary>
internal static class GraphView
{
    public static IReadOnlyList<GraphCall> Of(ModelGraph graph, Func<Layer, string> nameOf)
    {
        var values = new Dictionary<Tensor, GraphValue>(ReferenceEqualityComparer.Instance);
        var taken = graph.Layers.Select(nameOf).ToHashSet();
        var first = new HashSet<Layer>();
        var calls = new List<GraphCall>();
        for (int i = 0; i < graph.Inputs.Count; i++)
        {
            string name = Free(graph.Inputs.Names?[i] ?? graph.Inputs[i].Symbol!.Name ?? "input");
            calls.Add(new GraphCall(name, null, null, [], [Value(graph.Inputs[i], name, name)]));
        }
        foreach (var node in graph.Nodes)
        {
            var layer = (node as LayerNode)?.Layer;
            string name = layer is null ? Free(node.Name) : first.Add(layer) ? nameOf(layer) : Free(nameOf(layer));
            GraphValue[] inputs = [.. node.Inputs.Select(x => values.TryGetValue(x, out var known) ? known : Value(x, Free("constant"), ""))];
            GraphValue[] outputs = [.. node.Outputs.Select((y, i) => values.TryGetValue(y, out var known) ? known : Value(y, node.Outputs.Count == 1 ? name : $"{name}:{i}", name))];
            calls.Add(new GraphCall(name, layer, (node as OpNode)?.Op, inputs, outputs));
        }
        return calls;

        GraphValue Value(Tensor symbol, string name, string from) => values[symbol] = new GraphValue(name, symbol, from);

        string Free(string stem)
        {
            if (taken.Add(stem)) return stem;
            int n = 1;
            while (!taken.Add($"{stem}_{n}")) n++;
            return $"{stem}_{n}";
        }
    }
}
