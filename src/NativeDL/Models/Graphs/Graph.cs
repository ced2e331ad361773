using System.Collections;

namespace NativeDL;

/// <summary>A model's graph: its calls, each after those whose results it needs, and the values that go in and come out.</summary>
/// <example>What an exporter walks:
/// <code>
/// foreach (var (name, value) in model.Graph.Inputs) Console.WriteLine($"in {name} {value.DType} {value.Shape}");
/// foreach (var call in model.Graph) Console.WriteLine($"{call}: {string.Join(", ", call.Inputs)} -> {string.Join(", ", call.Outputs)}");
/// foreach (var (name, value) in model.Graph.Outputs) Console.WriteLine($"out {name} is {value.Name}");
/// </code></example>
public sealed class Graph : IReadOnlyList<GraphCall>
{
    private readonly List<GraphCall> calls = [];

    internal Graph(ModelGraph graph, Func<Layer, string> nameOf)
    {
        var values = new Dictionary<Tensor, GraphValue>(ReferenceEqualityComparer.Instance);
        var taken = graph.Layers.Select(nameOf).ToHashSet();
        var first = new HashSet<Layer>();
        for (int i = 0; i < graph.Inputs.Count; i++)
        {
            string name = Free(graph.Inputs.Names?[i] ?? graph.Inputs[i].Symbol!.Name ?? "input");
            calls.Add(new GraphCall(name, null, null, [], [Value(graph.Inputs[i], name, name)]));
        }
        foreach (var node in graph.Nodes)
        {
            var layer = (node as LayerNode)?.Layer;
            string name = layer is null ? Free(node.Name) : first.Add(layer) ? nameOf(layer) : Free(nameOf(layer));
            GraphValue[] inputs = [.. node.Inputs.Select(x => Known(x) ?? Value(x, Free("constant"), ""))];
            GraphValue[] outputs = [.. node.Outputs.Select((y, i) => Known(y) ?? Value(y, node.Outputs.Count == 1 ? name : $"{name}:{i}", name))];
            calls.Add(new GraphCall(name, layer, (node as OpNode)?.Op, inputs, outputs));
        }
        Inputs = [.. graph.Inputs.Select((x, i) => KeyValuePair.Create(graph.Inputs.Names?[i] ?? values[x].Name, values[x]))];
        var outputNames = new HashSet<string>(graph.OutputNames ?? []);
        Outputs = [.. graph.Results.Select((y, i) => KeyValuePair.Create(graph.OutputNames?[i] ?? Another(outputNames, values[y].Name), values[y]))];

        GraphValue? Known(Tensor symbol) => values.GetValueOrDefault(symbol);

        GraphValue Value(Tensor symbol, string name, string from) => values[symbol] = new GraphValue(name, symbol, from);

        string Free(string stem) => Another(taken, stem);
    }

    /// <summary>What the model is given, by name: the inputs' names, and what stands for those without.</summary>
    public IReadOnlyList<KeyValuePair<string, GraphValue>> Inputs { get; }

    /// <summary>What the model gives, by name: the names that were given, else those of the layers and operations that make them.</summary>
    public IReadOnlyList<KeyValuePair<string, GraphValue>> Outputs { get; }

    /// <summary>How many calls there are, inputs included.</summary>
    public int Count => calls.Count;

    /// <summary>A call by its place.</summary>
    public GraphCall this[int index] => (uint)index < (uint)Count ? calls[index]
        : throw Error.Input("Graph", "there is no call at this place", $"{index}", $"0 to {Count - 1}");

    /// <summary>The call of that name: <c>model.Graph["relu_1"].Outputs[0].Symbol</c> is where another model may end.</summary>
    /// <exception cref="InvalidInputException">There is none; the error lists the names.</exception>
    public GraphCall this[string name] => calls.Find(c => c.Name == name) ?? throw Error.UnknownName("call", name, [.. calls.Select(c => c.Name)]);

    /// <inheritdoc/>
    public IEnumerator<GraphCall> GetEnumerator() => calls.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string Another(HashSet<string> taken, string stem)
    {
        if (taken.Add(stem)) return stem;
        int n = 1;
        while (!taken.Add($"{stem}_{n}")) n++;
        return $"{stem}_{n}";
    }
}
