namespace NativeDL.Layers;

/// <summary>Every row as one vector. <c>[N, a, b, …] -> [N, a·b·…]</c></summary>
/// <param name="name">The layer's name.</param>
public sealed class Flatten(string? name = null) : Layer(name), ILayer
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call) => x.Rank == 1 ? x.ExpandDims(1) : x.Flatten(1);

    static LayerSpec ILayer.Spec => new("Flatten", d => new LayerCase(new Flatten(), d.Tensor(d.Shape(1, 4))));
}

/// <summary>Every row in another shape. <c>[N, …] -> [N, targetShape…]</c></summary>
public sealed class Reshape : Layer, ILayer
{
    private readonly int[] targetShape;

    /// <summary>Rows of the given shape, with a name.</summary>
    /// <param name="targetShape">Shape of a row; one dimension may be −1.</param>
    /// <param name="name">The layer's name.</param>
    public Reshape([Formerly("target")] int[] targetShape, string? name = null) : base(name)
    {
        ArgumentNullException.ThrowIfNull(targetShape);
        if (targetShape.Count(d => d == -1) > 1 || targetShape.Any(d => d < -1)) throw Error.Shape("Reshape",
            "a dimension is negative, or two are to be found out", $"[{string.Join(", ", targetShape)}]", "0 or more each, and at most one -1");
        this.targetShape = [.. targetShape];
    }

    /// <summary>Rows of the given shape.</summary>
    /// <param name="targetShape">Shape of a row; one dimension may be −1.</param>
    public Reshape(params int[] targetShape) : this(targetShape, null) { }

    /// <summary>Shape of a row.</summary>
    public IReadOnlyList<int> TargetShape => targetShape;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x, CallContext call)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Reshape((ReadOnlySpan<int>)[x.Shape.Dimension(0), .. Row(x.Shape[1..])]);
    }

    // What stands for −1 follows from the row alone: the batch may be unknown.
    private int[] Row(Shape row)
    {
        int open = Array.IndexOf(targetShape, -1);
        if (open < 0 || !row.IsKnown) return targetShape;
        long rest = targetShape.Where((_, i) => i != open).Aggregate(1L, (product, size) => product * size);
        if (rest == 0 || row.ElementCount % rest != 0) return targetShape; // the operation says what is wrong
        int[] filled = [.. targetShape];
        filled[open] = (int)(row.ElementCount / rest);
        return filled;
    }

    static LayerSpec ILayer.Spec => new("Reshape", d =>
    {
        int a = d.Size(7), b = d.Size(7);
        return new LayerCase(new Reshape(b, -1), d.Tensor([d.Size(5), a, b]));
    });
}
