namespace NativeDL;

/// <summary>What becomes of an element that is scattered to.</summary>
public enum ScatterReduction
{
    /// <summary>The new one takes its place; of several the last.</summary>
    Set,

    /// <summary>All are added to it.</summary>
    Add,

    /// <summary>The greatest of it and them.</summary>
    Max,

    /// <summary>The smallest of it and them.</summary>
    Min,
}

public sealed partial class Tensor
{
    /// <summary>
    /// This tensor with elements, or slices, changed at the places that coordinates name: the new tensor at [index[i…, 0], index[i…, 1], …] is
    /// updates[i…]. <c>[…a, …b], [i…, k], [i…, …b] -> […a, …b]</c>, where …a are the first k axes
    /// </summary>
    /// <param name="indices">Int32 or Int64, a coordinate of 0 or more for each of the first k axes.</param>
    /// <param name="updates">What is scattered, of this tensor's element type.</param>
    /// <param name="reduction">What becomes of what was there, and of several at one place.</param>
    /// <remarks>
    /// ONNX' ScatterND. This tensor itself does not change. Set gives the gradient to the last of several; Max and Min to what was there before, else
    /// to the first, of equal ones. Add is for floating-point numbers. An index out of range is refused on the CPU; on CUDA it is left out.
    /// </remarks>
    /// <exception cref="ShapeMismatchException">The shapes do not fit.</exception>
    /// <exception cref="DTypeMismatchException">The element types differ, or cannot be reduced so.</exception>
    /// <exception cref="InvalidInputException">A coordinate is out of range; the first is named (on the CPU).</exception>
    public Tensor ScatterUpdate(Tensor indices, Tensor updates, ScatterReduction reduction = ScatterReduction.Set)
    {
        const string name = "scatter_update";
        ArgumentNullException.ThrowIfNull(updates);
        var (numbers, rest) = Linear(name, indices);
        RequireUpdates(name, indices, updates, rest);
        int rows = NativeDL.Shape.Dimension(name, Shape[..^rest.Rank].ElementCount);
        var flat = Reshape([rows, .. rest.Dimensions]);
        var list = numbers.Reshape(-1);
        var slices = updates.Reshape([-1, .. rest.Dimensions]);
        if (updates.Shape.IsKnown && updates.ElementCount == 0) return this;
        return (reduction switch
        {
            ScatterReduction.Set => Replaced(flat, list, slices, rows),
            ScatterReduction.Add => flat + slices.ScatterAdd(list, 0, rows),
            ScatterReduction.Max => Maximum(flat, slices.SegmentMax(list, rows)),
            ScatterReduction.Min => Minimum(flat, slices.SegmentMin(list, rows)),
            _ => throw Error.Input(name, "there is no such reduction", $"{reduction}", string.Join(", ", Enum.GetNames<ScatterReduction>())),
        }).Reshape(Shape);
    }

    /// <summary>
    /// A tensor of zeros of a shape to which values are added at the places that coordinates name; see <see cref="ScatterUpdate"/>. <c>[i…, k], [i…, …b] ->
    /// shape</c>
    /// </summary>
    /// <param name="indices">Int32 or Int64, a coordinate of 0 or more for each of the first k axes.</param>
    /// <param name="values">What is added, floating-point; several at one place add up.</param>
    /// <param name="shape">The shape of the result.</param>
    /// <remarks>Keras' <c>scatter</c>.</remarks>
    /// <exception cref="ShapeMismatchException">The shapes do not fit.</exception>
    /// <exception cref="InvalidInputException">A coordinate is out of range; the first is named (on the CPU).</exception>
    public static Tensor Scatter(Tensor indices, Tensor values, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(shape);
        return values.Like(0).BroadcastTo(shape).ScatterUpdate(indices, values, ScatterReduction.Add);
    }

    /// <summary>
    /// This tensor with elements changed along an axis, each in its own row: the new tensor at […, index[…, j, …], …] is values[…, j, …].
    /// <c>[…a, n, …b], […a, k, …b], […a, k, …b] -> […a, n, …b]</c>
    /// </summary>
    /// <param name="indices">Int32 or Int64 with as many axes as this tensor, from 0 to n − 1.</param>
    /// <param name="values">What is put there, of this tensor's element type; broadcasts to the indices.</param>
    /// <param name="axis">The axis along which is written.</param>
    /// <param name="reduction">What becomes of what was there, and of several at one place.</param>
    /// <remarks>
    /// NumPy's <c>put_along_axis</c> as a function, PyTorch's <c>scatter</c>, ONNX' ScatterElements; gradients as of <see cref="ScatterUpdate"/>. The other
    /// way is <see cref="TakeAlongAxis(Tensor, int)"/>. An index out of range is refused on the CPU; on CUDA it is left out.
    /// </remarks>
    /// <exception cref="ShapeMismatchException">The shapes do not fit.</exception>
    /// <exception cref="DTypeMismatchException">The element types differ, or cannot be reduced so.</exception>
    /// <exception cref="InvalidInputException">An index is out of range; the first is named (on the CPU).</exception>
    public Tensor PutAlongAxis(Tensor indices, Tensor values, int axis = -1, ScatterReduction reduction = ScatterReduction.Set)
    {
        const string name = "put_along_axis";
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(values);
        int a = Shape.Axis(name, axis);
        if (indices.Rank != Rank || !indices.Shape.With(a, 1).IsCompatible(Shape.With(a, 1)))
            throw Error.Shape(name, $"the indices are not those of these rows: they may differ along axis {a} alone", $"indices {indices.Shape} for {Shape}");
        if (values.DType != DType)
            throw Error.DType(name, "the values have another element type", $"{values.DType} {values.Shape} for {DType} {Shape}", $"{DType}",
                "convert them with Cast");
        indices = IndexList.Normalize(name, indices);
        values = values.BroadcastTo(indices.Shape);
        int size = Shape[a];
        if (indices.Shape.IsKnown && indices.ElementCount == 0) return this;
        if (reduction == ScatterReduction.Set)
        {
            var last = new LastAlongAxisOp(a, size).Run(indices);
            return Where(last >= 0, values.TakeAlongAxis(Maximum(last, 0), a), this);
        }
        if (reduction == ScatterReduction.Add) return this + new AddAlongAxisOp(a, size).Run(values, indices);
        Tensor[] coordinates = [.. Enumerable.Range(0, Rank).Select(i =>
        {
            if (i == a) return indices;
            int[] along = [.. Enumerable.Repeat(1, Rank)];
            along[i] = Shape[i];
            return Numbers(Shape[i]).Reshape(NativeDL.Shape.Of(along)).BroadcastTo(indices.Shape);
        })];
        return ScatterUpdate(Stack(coordinates, -1), values, reduction);
    }

    private static Tensor Replaced(Tensor flat, Tensor list, Tensor slices, int rows)
    {
        var last = new LastAlongAxisOp(0, rows).Run(list);
        return Where(MaskRules.Wide(last >= 0, flat.Rank), slices.Gather(Maximum(last, 0)), flat);
    }

    private void RequireUpdates(string name, Tensor indices, Tensor updates, Shape rest)
    {
        Shape expected = [.. indices.Shape.Dimensions[..^1], .. rest.Dimensions];
        if (!updates.Shape.IsCompatible(expected))
            throw Error.Shape(name, "there must be an element or slice for each index", $"updates {updates.Shape}, indices {indices.Shape} for {Shape}",
                $"{expected}");
        if (updates.DType != DType)
            throw Error.DType(name, "the updates have another element type", $"{updates.DType} {updates.Shape} for {DType} {Shape}", $"{DType}",
                "convert them with Cast");
    }
}

internal abstract class ScatterUpdateSpec : IOp
{
    public static OpSpec Spec => new("scatter_update", "[…a], Int32 [i…], […u] -> […a]", d =>
    {
        // No two equal, here or among the updates, so that none is near a tie.
        var x = d.Tensor(d.Shape(1, 3), Domain.Distinct);
        int k = d.Int(1, x.Rank), count = d.Size(9);
        var indices = LinearIndexOp.Draw(d, [.. x.Shape.Dimensions[..k]], [count]);
        var updates = d.Tensor([count, .. x.Shape.Dimensions[k..]], Domain.Distinct) + 0.0037;
        var reduction = d.OneOf(Enum.GetValues<ScatterReduction>());
        return new OpCase([x, indices, updates], t => [t[0].ScatterUpdate(t[1], t[2], reduction)], $"{k} coordinates, {reduction}");
    })
    { ReductionLength = c => c.Elements, Composed = true };
}

internal abstract class ScatterSpec : IOp
{
    public static OpSpec Spec => new("scatter", "Int32 [i…], […u] -> […a]", d =>
    {
        var shape = d.Shape(1, 3);
        int k = d.Int(1, shape.Rank), count = d.Size(9);
        var values = d.Tensor([count, .. shape.Dimensions[k..]]);
        return new OpCase([LinearIndexOp.Draw(d, [.. shape.Dimensions[..k]], [count]), values], t => [Tensor.Scatter(t[0], t[1], shape)], $"into {shape}");
    })
    { ReductionLength = c => c.Elements, Composed = true };
}

internal abstract class PutAlongAxisSpec : IOp
{
    public static OpSpec Spec => new("put_along_axis", "[…a], Int32 […i], […i] -> […a]", d =>
    {
        var x = d.Tensor(d.Shape(1, 3), Domain.Distinct);
        int axis = d.Axis(x.Rank);
        var shape = x.Shape.With(x.Shape.Axis("put_along_axis", axis), d.Size(9));
        var reduction = d.OneOf(Enum.GetValues<ScatterReduction>());
        return new OpCase([x, d.Indices(shape, x.Shape[axis]), d.Tensor(shape, Domain.Distinct) + 0.0037],
            t => [t[0].PutAlongAxis(t[1], t[2], axis, reduction)], $"axis {axis}, {reduction}");
    })
    { ReductionLength = c => c.Elements, Composed = true };
}
