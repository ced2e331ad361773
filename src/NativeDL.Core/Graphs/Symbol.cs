namespace NativeDL;

/// <summary>What a tensor without data has in place of memory: where in a graph it comes from.</summary>
/// <param name="from">The node that makes it; null for an input.</param>
/// <param name="output">Which of the node's results it is.</param>
/// <param name="name">An input's name.</param>
internal sealed class Symbol(GraphNode? from, int output, string? name) : Storage(0)
{
    /// <summary>The node that makes it; null for an input.</summary>
    public GraphNode? From => from;

    /// <summary>Which of the node's results it is.</summary>
    public int Output => output;

    /// <summary>An input's name.</summary>
    public string? Name => name;

    /// <summary>Nothing is held.</summary>
    public override void Release() { }

    /// <summary>The error of whoever asks for data.</summary>
    public InvalidInputException NoData(Tensor tensor) => Error.Input("Tensor",
        From is null ? $"the input{(Name is null ? "" : $" '{Name}'")} of a graph has a shape and no data"
            : $"the result of '{From.Name}' in a graph has a shape and no data",
        $"{tensor.DType} {tensor.Shape}", null, "make a model of the graph and call it on data");
}
