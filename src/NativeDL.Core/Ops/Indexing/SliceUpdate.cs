using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// This tensor with a part of it replaced: what assigning to <c>x[…]</c> would make of it. <c>x.SliceUpdate(y, 1.., ..2)</c> has y where
    /// <c>x[1.., ..2]</c> was.
    /// </summary>
    /// <param name="updates">What comes in, of this tensor's element type; broadcasts to the part.</param>
    /// <param name="index">The part, as in brackets; axes not named are whole.</param>
    /// <remarks>This tensor itself does not change. Places that only the data tell are written by <see cref="ScatterUpdate"/>, masks by Where.</remarks>
    /// <exception cref="ShapeMismatchException">The part is not inside of the tensor, or the updates do not broadcast to it.</exception>
    /// <exception cref="DTypeMismatchException">The element types differ.</exception>
    public Tensor SliceUpdate(Tensor updates, params ReadOnlySpan<TensorIndex> index)
    {
        ArgumentNullException.ThrowIfNull(updates);
        var part = Places.Of(Shape, index);
        return new SliceUpdateOp(part.Starts, part.Steps).Run(this, updates.BroadcastTo(part.Result).Reshape(part.Part));
    }

    /// <inheritdoc cref="SliceUpdate(Tensor, ReadOnlySpan{TensorIndex})"/>
    /// <remarks>As above, for languages that see no <c>params</c> of spans.</remarks>
    public Tensor SliceUpdate(Tensor updates, params TensorIndex[] index)
    {
        ArgumentNullException.ThrowIfNull(index);
        return SliceUpdate(updates, (ReadOnlySpan<TensorIndex>)index);
    }
}

/// <summary>y = x, but y[start + i·step] = u[i] along every axis.</summary>
internal sealed partial class SliceUpdateOp(int[] starts, int[] steps) : Op, IOp
{
    public override string Name => "slice_update";

    protected override Saved Saves => Saved.Nothing;

    protected override OpTraits Traits => OpTraits.Strided | OpTraits.Moves;

    protected override void Infer(Operands x, Results y)
    {
        RequireSameDType(x);
        Shape shape = x[0].Shape, part = x[1].Shape;
        if (shape.Rank != starts.Length || part.Rank != starts.Length)
            throw Error.Shape(Name, "the part has not as many axes as the tensor", $"{part} into {shape}", $"{starts.Length} axes");
        for (int i = 0; i < starts.Length; i++) NarrowOp.RequireInside(Name, shape, i, starts[i], part.Dimension(i), steps[i]);
        y[0] = x[0];
    }

    protected override void Compute<T>(Operands x, Results y) => Place(x, y[0]);

    protected override void Launch(Operands x, Results y, CudaStream stream) => Place(x, y[0]);

    private void Place(Operands x, Tensor y)
    {
        Tensor.CopyInto(x[0], y);
        if (x[1].ElementCount == 0) return;
        long offset = 0;
        var strides = new long[starts.Length];
        for (int i = 0; i < strides.Length; i++)
        {
            offset += starts[i] * y.Strides[i];
            strides[i] = steps[i] * y.Strides[i];
        }
        Tensor.CopyInto(x[1], y.View(x[1].Shape, strides, offset));
    }

    protected override Tensor? ComputeMask(Operands x, Tensor y) => x[0].Mask;

    protected override Tensors Backward(BackwardCall call)
    {
        var dy = call.Gradient();
        var shape = call.InputShape(1);
        var part = dy;
        for (int i = 0; i < starts.Length; i++)
            if (call.Needs(1)) part = part.NarrowStep(i, starts[i], shape[i], steps[i]);
        return [call.Needs(0) ? Run(dy, dy.Like(0).BroadcastTo(shape)) : null, call.Needs(1) ? part : null];
    }

    public static OpSpec Spec => new("slice_update", "[…a], […b] -> […a]", d =>
    {
        var x = d.Tensor(d.Shape(1, 3));
        int[] starts = new int[x.Rank], steps = new int[x.Rank], counts = new int[x.Rank];
        for (int i = 0; i < x.Rank; i++)
        {
            (starts[i], steps[i]) = (d.Int(0, x.Shape[i] - 1), d.OneOf(1, 2, -1, -3));
            counts[i] = d.Int(1, steps[i] > 0 ? (x.Shape[i] - starts[i] - 1) / steps[i] + 1 : starts[i] / -steps[i] + 1);
        }
        return new OpCase([x, d.Tensor(counts)], t => [new SliceUpdateOp(starts, steps).Run(t)],
            $"from [{string.Join(", ", starts)}] by [{string.Join(", ", steps)}]");
    })
    { Flops = _ => 0 };
}
