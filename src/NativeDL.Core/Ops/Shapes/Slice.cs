using System.Runtime.CompilerServices;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// A part of the tensor: a view. <c>x[.., 1..^1]</c>, <c>x[^1]</c>, <c>x[.., Index.NewAxis]</c>, <c>x[Index.Ellipsis, 0]</c>,
    /// <c>x[(1..).By(2)]</c>; axes not named are whole.
    /// </summary>
    /// <exception cref="ShapeMismatchException">More places than axes, or a part outside of its axis.</exception>
    [IndexerName("Part")]
    public Tensor this[params ReadOnlySpan<TensorIndex> index]
    {
        get
        {
            var places = Places.Of(Shape, index);
            var result = this;
            for (int a = 0; a < Rank; a++)
                if (places.Steps[a] != 1 || places.Part.Dimension(a) != Shape.Dimension(a))
                    result = result.NarrowStep(a, places.Starts[a], places.Part.Dimension(a), places.Steps[a]);
            return result.Shape == places.Result ? result : result.Reshape(places.Result);
        }
    }

    /// <summary>
    /// The slices of the first axis that a tensor of indices names, as <see cref="Gather(Tensor, int)"/> gives them:
    /// <c>[n, …b], [i…] -> [i…, …b]</c>. Or, of a mask of truth values over the first axes, those where it is true, in
    /// their order: <c>[…a, …b], Bool […a] -> [k, …b]</c>; reading the mask waits for its device.
    /// </summary>
    /// <exception cref="ShapeMismatchException">The mask does not have the shape of the first axes.</exception>
    /// <exception cref="DTypeMismatchException">The index is neither whole numbers nor truth values.</exception>
    [IndexerName("Part")]
    public Tensor this[Tensor index]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(index);
            if (index.DType != DType.Bool) return Gather(index);
            if (index.Rank == 0 || index.Rank > Rank || index.Shape != Shape[..index.Rank])
                throw Error.Shape("slice", "the mask does not have the shape of the first axes", $"mask {index.Shape} for shape {Shape}",
                    Rank == 0 ? "a tensor that has an axis" : $"{Shape} or its first dimensions");
            var chosen = index.ToArray<bool>();
            int[] places = [.. Enumerable.Range(0, chosen.Length).Where(i => chosen[i])];
            return Reshape([chosen.Length, .. Shape.Dimensions[index.Rank..]]).Gather(FromSpan<int>(places, [places.Length], Device));
        }
    }

    /// <summary>The slices along an axis, without it: views. <c>[…a, n, …b] -> n of […a, …b]</c></summary>
    public Tensor[] Unstack(int axis = 0)
    {
        int a = Shape.Axis("unstack", axis);
        var shape = Shape.Without([a]);
        return [.. Enumerable.Range(0, Shape[a]).Select(i => Narrow(a, i, 1).Reshape(shape))];
    }

    /// <summary>The tensor without axes of size 1: the named ones, or all.</summary>
    /// <param name="axes">Negative axes count from the end.</param>
    /// <exception cref="ShapeMismatchException">A named axis has another size.</exception>
    public Tensor Squeeze(Axes axes = default)
    {
        int[] gone = axes.AreGiven ? axes.In("squeeze", Shape) : [.. Enumerable.Range(0, Rank).Where(i => Shape.Dimension(i) == 1)];
        foreach (int a in gone) if (Shape.Dimension(a) != 1) throw Error.Shape("squeeze", $"axis {a} does not have size 1", $"{Shape}");
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

    /// <inheritdoc cref="Split(ReadOnlySpan{int}, int)"/>
    public Tensor[] Split(int[] sizes, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return Split(sizes.AsSpan(), axis);
    }

    /// <summary>The whole tensor repeated <paramref name="times"/> times along an axis.</summary>
    public Tensor Tile(int times, int axis = 0)
    {
        int a = Shape.Axis("tile", axis);
        if (times < 0) throw Error.Input("tile", "the number of repetitions is negative", $"{times}");
        var spread = ExpandDims(a);
        return spread.BroadcastTo(spread.Shape.With(a, times)).Reshape(Shape.With(a, Shape.Product("tile", times, Shape.Dimension(a))));
    }
}
