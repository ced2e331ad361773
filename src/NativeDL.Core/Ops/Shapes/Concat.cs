namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>Tensors one after another along an axis in which alone they may differ. <c>[…, a, …], […, b, …] -> […, a + b, …]</c></summary>
    /// <exception cref="ShapeMismatchException">There is no tensor, or another dimension differs.</exception>
    public static Tensor Concat(IReadOnlyList<Tensor> tensors, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Count == 0) throw Error.Shape("concat", "there is nothing to put together", "no tensors", "one or more");
        return new ConcatOp(tensors[0].Shape.Axis("concat", axis)).Run([.. tensors]);
    }

    /// <summary>Tensors of one shape put together along a new axis. <c>n of […] -> [n, …]</c></summary>
    public static Tensor Stack(IReadOnlyList<Tensor> tensors, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Count == 0) throw Error.Shape("stack", "there is nothing to put together", "no tensors", "one or more");
        var shape = tensors[0].Shape;
        if (axis < -shape.Rank - 1 || axis > shape.Rank) throw Error.Shape("stack", "the new axis cannot stand there", $"axis {axis} for tensors of shape {shape}", $"{-shape.Rank - 1} to {shape.Rank}");
        if (tensors.FirstOrDefault(t => t.Shape != shape) is { } other) throw Error.Shape("stack", "the shapes differ", $"{shape} and {other.Shape}");
        return Concat([.. tensors.Select(t => t.ExpandDims(axis))], axis);
    }

    /// <summary>A new dimension of size 1 before axis <paramref name="axis"/>; −1 appends one.</summary>
    public Tensor ExpandDims(int axis)
    {
        if (axis < -Rank - 1 || axis > Rank) throw Error.Shape("expandDims", "the axis does not exist", $"axis {axis} of a tensor of shape {Shape}", $"{-Rank - 1} to {Rank}");
        var dims = Shape.ToList();
        dims.Insert(axis < 0 ? axis + Rank + 1 : axis, 1);
        return Reshape(dims.ToArray().AsSpan());
    }
}

/// <summary>y = x₀, x₁, … along an axis.</summary>
internal sealed class ConcatOp(int axis) : Op, IOp
{
    public override string Name => "concat";

    public override Saved Saves => Saved.Nothing;

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        RequireSameDType(inputs);
        int size = 0;
        foreach (var x in inputs)
        {
            if (x.Rank != inputs[0].Rank || x.Shape.With(axis, 1) != inputs[0].Shape.With(axis, 1))
                throw Error.Shape(Name, $"the shapes differ outside of axis {axis}", $"{inputs[0].Shape} and {x.Shape}");
            size += x.Shape[axis];
        }
        var y = outputs[0] = Tensor.Empty(inputs[0].Shape.With(axis, size), inputs[0].DType, inputs[0].Device);
        int start = 0;
        foreach (var x in inputs)
        {
            Tensor.CopyInto(x, y.View(x.Shape, y.Strides, start * y.Strides[axis]));
            start += x.Shape[axis];
        }
    }

    public override Tensor?[] Backward(in BackwardCall call)
    {
        var gradients = new Tensor?[call.Count];
        int start = 0;
        for (int i = 0; i < gradients.Length; i++)
        {
            int size = call.InputShape(i)[axis];
            if (call.Needs(i)) gradients[i] = call.Gradient().Narrow(axis, start, size);
            start += size;
        }
        return gradients;
    }

    public static OpSpec Spec => new("concat", "[…a], […b] -> […c]", d =>
    {
        var shape = d.Shape(1, 4);
        int axis = d.Axis(shape.Rank), normal = axis < 0 ? axis + shape.Rank : axis;
        return new OpCase([d.Tensor(shape), d.Tensor(shape.With(normal, d.Size(9)))], x => [Tensor.Concat(x, axis)], $"axis {axis}");
    })
    { PlainGradient = true, Flops = _ => 0 };
}
