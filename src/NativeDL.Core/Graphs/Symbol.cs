namespace NativeDL;

/// <summary>What a tensor without data has in place of memory: where in a graph it comes from.</summary>
/// <param name="from">The node that makes it; null for an input.</param>
/// <param name="output">Which of the node's results it is.</param>
/// <param name="name">An input's name.</param>
/// <param name="random">Of an input, where the graph's random numbers come from.</param>
internal sealed class Symbol(GraphNode? from, int output, string? name, RandomState? random = null) : Storage(0)
{
    /// <summary>The node that makes it; null for an input.</summary>
    public GraphNode? From => from;

    /// <summary>Which of the node's results it is.</summary>
    public int Output => output;

    /// <summary>An input's name.</summary>
    public string? Name => name;

    /// <summary>Where random numbers of the graph come from: of its first input that says so.</summary>
    public RandomState? Random { get; } = random ?? (from is null ? null : Of(from.Inputs));

    /// <summary>The same of several symbols, or constants beside them.</summary>
    public static RandomState? Of(Tensors tensors)
    {
        foreach (var x in tensors)
            if (x?.Symbol?.Random is { } random) return random;
        return null;
    }

    /// <summary>Nothing is held.</summary>
    public override void Release() { }

    /// <summary>The error of whoever asks for data.</summary>
    public InvalidInputException NoData(Tensor tensor) => Error.Input("Tensor",
        From is null ? $"the input{(Name is null ? "" : $" '{Name}'")} of a graph has a shape and no data"
            : $"the result of '{From.Name}' in a graph has a shape and no data",
        $"{tensor.DType} {tensor.Shape}", null, "make a model of the graph and call it on data");
}
