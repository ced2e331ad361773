using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>What one place of a tensor's indexer may hold: a number, an <see cref="Index"/> or a <see cref="Range"/>.</summary>
public readonly struct TensorIndex
{
    private readonly Range range;

    private TensorIndex(Range range, bool isSingle)
    {
        this.range = range;
        IsSingle = isSingle;
    }

    /// <summary>Whether the axis disappears.</summary>
    internal bool IsSingle { get; }

    /// <summary>One element of the axis; negative numbers count from the end. The axis disappears.</summary>
    public static implicit operator TensorIndex(int index) => (Index)(index < 0 ? ^-index : index);

    /// <summary>One element of the axis. The axis disappears.</summary>
    public static implicit operator TensorIndex(Index index) => new(new Range(index, index), true);

    /// <summary>A part of the axis.</summary>
    public static implicit operator TensorIndex(Range range) => new(range, false);

    internal (int Start, int End) Of(int size) => (range.Start.GetOffset(size), range.End.GetOffset(size) + (IsSingle ? 1 : 0));

    /// <inheritdoc/>
    public override string ToString() => IsSingle ? range.Start.ToString() : range.ToString();
}

public sealed partial class Tensor
{
    /// <summary>A part of the tensor: a view. <c>x[.., 1..^1]</c>, <c>x[^1]</c>; axes not named are whole.</summary>
    /// <exception cref="ShapeMismatchException">More places than axes, or a part outside of its axis.</exception>
    [IndexerName("Part")]
    public Tensor this[params ReadOnlySpan<TensorIndex> index]
    {
        get
        {
            if (index.Length > Rank) throw Error.Shape("slice", "more places than axes", $"{index.Length} for shape {Shape}", $"at most {Rank}");
            var result = this;
            var gone = new List<int>();
            for (int axis = 0; axis < index.Length; axis++)
            {
                (int start, int end) = index[axis].Of(Shape[axis]);
                if (start < 0 || end > Shape[axis] || start > end) throw Error.Shape("slice", $"{index[axis]} is not inside of axis {axis}", $"{Shape}", $"inside of 0..{Shape[axis]}");
                if (index[axis].IsSingle) gone.Add(axis);
                if (end - start != Shape[axis]) result = result.Narrow(axis, start, end - start);
            }
            return gone.Count == 0 ? result : result.Reshape(result.Shape.Without(gone.ToArray()));
        }
    }

    /// <summary>The tensor without axes of size 1: the named ones, or all.</summary>
    /// <param name="axes">Negative axes count from the end.</param>
    /// <exception cref="ShapeMismatchException">A named axis has another size.</exception>
    public Tensor Squeeze(Axes axes = default)
    {
        int[] gone = axes.AreGiven ? axes.In("squeeze", Shape) : [.. Enumerable.Range(0, Rank).Where(i => Shape[i] == 1)];
        foreach (int a in gone) if (Shape[a] != 1) throw Error.Shape("squeeze", $"axis {a} does not have size 1", $"{Shape}");
        return Reshape(Shape.Without(gone));
    }

    /// <summary>The innermost dimensions from <paramref name="startAxis"/> on joined to one: <c>[a, b, c] -> [a, b·c]</c> for 1.</summary>
    public Tensor Flatten(int startAxis = 0)
    {
        int start = Rank == 0 ? 0 : Shape.Axis("flatten", startAxis);
        int size = Shape.Dimension("flatten", Shape[start..].ElementCount);
        return Reshape([.. Shape.Dimensions[..start], size]);
    }

    /// <summary>The tensor in <paramref name="parts"/> equal parts along an axis: views.</summary>
    /// <exception cref="ShapeMismatchException">The axis is not a multiple of the number of parts.</exception>
    public Tensor[] Split(int parts, int axis = 0)
    {
        int a = Shape.Axis("split", axis);
        if (parts < 1 || Shape[a] % parts != 0) throw Error.Shape("split", $"axis {a} does not split into {parts} equal parts", $"{Shape}");
        int size = Shape[a] / parts;
        return [.. Enumerable.Range(0, parts).Select(i => Narrow(a, i * size, size))];
    }

    /// <summary>The tensor in parts of the given sizes along an axis: views.</summary>
    /// <exception cref="ShapeMismatchException">The sizes do not add up to the axis.</exception>
    public Tensor[] Split(ReadOnlySpan<int> sizes, int axis = 0)
    {
        int a = Shape.Axis("split", axis), start = 0;
        var parts = new Tensor[sizes.Length];
        long sum = 0;
        foreach (int s in sizes) sum += s;
        if (sum != Shape[a]) throw Error.Shape("split", $"the sizes do not add up to axis {a}", $"[{string.Join(", ", sizes.ToArray())}] for {Shape}");
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = Narrow(a, start, sizes[i]);
            start += sizes[i];
        }
        return parts;
    }

    /// <summary>The whole tensor repeated <paramref name="times"/> times along an axis.</summary>
    public Tensor Tile(int times, int axis = 0)
    {
        int a = Shape.Axis("tile", axis);
        if (times < 0) throw Error.Input("tile", "the number of repetitions is negative", $"{times}");
        var spread = ExpandDims(a);
        return spread.Expand(spread.Shape.With(a, times)).Reshape(Shape.With(a, Shape.Product("tile", times, Shape[a])));
    }
}
