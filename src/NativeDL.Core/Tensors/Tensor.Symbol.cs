namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>Where this tensor stands in a graph; null for a tensor with data.</summary>
    internal Symbol? Symbol => storage as Symbol;

    /// <summary>Whether the tensor has no data, only a shape, an element type and a place in a graph.</summary>
    internal bool IsSymbolic => ReferenceEquals(Device, Device.Symbolic);

    /// <summary>A tensor without data that nothing computes: an input of a graph.</summary>
    internal static Tensor Symbolic(Shape shape, DType dtype, string? name = null, RandomState? random = null)
    {
        var symbol = Promised(shape, dtype);
        symbol.storage = new Symbol(null, 0, name, random);
        return symbol;
    }

    /// <summary>Makes a promised tensor result <paramref name="output"/> of a node.</summary>
    internal void BecomeSymbol(GraphNode from, int output) => storage = new Symbol(from, output, null);
}
