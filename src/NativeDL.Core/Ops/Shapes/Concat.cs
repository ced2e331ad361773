using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>Tensors one after another along an axis in which alone they may differ. <c>[…, a, …], […, b, …] -> […, a + b, …]</c></summary>
    /// <remarks>Also known as concatenate, cat.</remarks>
    /// <exception cref="ShapeMismatchException">There is no tensor, or another dimension differs.</exception>
    public static Tensor Concat(IReadOnlyList<Tensor> tensors, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        RequireAll("concat", tensors);
        return new ConcatOp(tensors[0].Shape.Axis("concat", axis)).Run([.. tensors]);
    }

    /// <summary>Tensors of one shape put together along a new axis. <c>n of […] -> [n, …]</c></summary>
    public static Tensor Stack(IReadOnlyList<Tensor> tensors, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        RequireAll("stack", tensors);
        var shape = tensors[0].Shape;
        if (axis < -shape.Rank - 1 || axis > shape.Rank)
            throw Error.Shape("stack", "the new axis cannot stand there", $"axis {axis} for tensors of shape {shape}", $"{-shape.Rank - 1} to {shape.Rank}");
        if (tensors.FirstOrDefault(t => t.Shape != shape) is { } other) throw Error.Shape("stack", "the shapes differ", $"{shape} and {other.Shape}");
        return Concat([.. tensors.Select(t => t.ExpandDims(axis))], axis);
    }

    private static void RequireAll(string op, IReadOnlyList<Tensor> tensors)
    {
        if (tensors.Count == 0) throw Error.Shape(op, "there is nothing to put together", "no tensors", "one or more");
        for (int i = 0; i < tensors.Count; i++)
            if (tensors[i] is null) throw new ArgumentNullException(nameof(tensors), $"{op}: tensor {i} is null.");
    }

    /// <summary>A new dimension of size 1 before axis <paramref name="axis"/>; −1 appends one.</summary>
    /// <remarks>Also known as unsqueeze.</remarks>
    public Tensor ExpandDims(int axis)
    {
        if (axis < -Rank - 1 || axis > Rank)
            throw Error.Shape("expand_dims", "the axis does not exist", $"axis {axis} of a tensor of shape {Shape}", $"{-Rank - 1} to {Rank}");
        var dims = Shape.ToList();
        dims.Insert(axis < 0 ? axis + Rank + 1 : axis, 1);
        return Reshape(dims.ToArray().AsSpan());
    }
}

/// <summary>y = x₀, x₁, … along an axis.</summary>
internal sealed partial class ConcatOp(int axis) : Op, IOp
{
    public override string Name => "concat";

    protected override Saved Saves => Saved.Nothing;

    protected override OpTraits Traits => OpTraits.Strided | OpTraits.Moves;

    protected override void Infer(Operands x, Results y)
    {
        RequireSameDType(x);
        var shape = x[0].Shape;
        int size = shape.Dimension(axis);
        for (int i = 1; i < x.Count; i++)
        {
            var other = x[i].Shape;
            if (other.Rank != shape.Rank || !other.With(axis, 1).IsCompatible(shape.With(axis, 1)))
                throw Error.Shape(Name, $"the shapes differ outside of axis {axis}", $"{x[0].Shape} and {other}");
            size = Shape.Sum(Name, size, other.Dimension(axis));
            shape = shape.With(axis, 1).Merge(other.With(axis, 1));
        }
        y.Set(0, shape.With(axis, size), x[0].DType);
    }

    protected override void Compute<T>(Operands x, Results y) => Place(x, y[0]);

    protected override void Launch(Operands x, Results y, CudaStream stream) => Place(x, y[0]);

    private void Place(Operands x, Tensor y)
    {
        long start = 0;
        for (int i = 0; i < x.Count; i++)
        {
            Tensor.CopyInto(x[i], y.View(x[i].Shape, y.Strides, start * y.Strides[axis]));
            start += x[i].Shape[axis];
        }
    }

    // Steps one after another have their masks one after another; where there is none, all count.
    protected override Tensor? ComputeMask(Operands x, Tensor y)
    {
        int rank = 0;
        for (int i = 0; i < x.Count; i++) rank = Math.Max(rank, x[i].Mask?.Rank ?? 0);
        if (axis >= rank) return base.ComputeMask(x, y);
        var masks = new Tensor[x.Count];
        for (int i = 0; i < masks.Length; i++)
        {
            var shape = x[i].Shape[..rank];
            if (x[i].Mask is { } mask) masks[i] = MaskRules.Wide(mask, rank).BroadcastTo(shape);
            else if (shape.IsKnown) masks[i] = Tensor.Ones(shape, DType.Bool, y.IsSymbolic ? Device.Cpu : y.Device);
            else return null;
        }
        return Run(masks);
    }

    protected override Tensors Backward(BackwardCall call)
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
    { Flops = _ => 0 };
}
