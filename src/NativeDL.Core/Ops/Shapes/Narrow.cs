using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The part from <paramref name="start"/> of <paramref name="length"/> along an axis: a view.</summary>
    /// <exception cref="ShapeMismatchException">The part is not inside of the tensor.</exception>
    public Tensor Narrow(int axis, int start, int length)
    {
        return new NarrowOp(Shape.Axis("narrow", axis), start, length, 1).Run(this);
    }

    /// <summary>Every <paramref name="step"/>-th element from <paramref name="start"/>, <paramref name="length"/> of them, along an axis: a view.</summary>
    /// <remarks>A negative step goes towards the start.</remarks>
    internal Tensor NarrowStep(int axis, int start, int length, int step) => new NarrowOp(axis, start, length, step).Run(this);
}

/// <summary>y[…, i, …] = x[…, start + i·step, …].</summary>
internal sealed partial class NarrowOp(int axis, int start, int length, int step) : ViewOp, IOp
{
    public override string Name => "narrow";

    protected override Shape ShapeOf(Tensor x)
    {
        RequireInside(Name, x.Shape, axis, start, length, step);
        return x.Shape.With(axis, length);
    }

    /// <summary>Refuses a part that is not inside of its axis, as far as sizes are known.</summary>
    internal static void RequireInside(string op, Shape shape, int axis, int start, int length, int step)
    {
        int size = shape.Dimension(axis);
        long last = start + (length - 1L) * step;
        bool isInside = start >= 0 && (length == Shape.None || length >= 0)
            && (length <= 0 || (last >= 0 && (size == Shape.None || Math.Max(start, last) < size)));
        if (!isInside) throw Error.Shape(op, "the part is not inside of the tensor", $"{start} to {start + (long)length * step} of axis {axis} of {shape}");
    }

    protected override Tensor View(Tensor x, Shape shape)
    {
        var strides = (long[])x.Strides.Clone();
        strides[axis] *= step;
        return x.View(shape, strides, length == 0 ? 0 : start * x.Strides[axis]);
    }

    protected override Tensor? ComputeMask(Operands x, Tensor y) => x[0].Mask is { } mask && axis < mask.Rank ? Run(mask) : x[0].Mask;

    protected override Tensors Backward(BackwardCall call) => [new EmbedOp(axis, start, step, call.InputShape(0)).Run(call.Gradient())];

    public static OpSpec Spec => new("narrow", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 4));
        int axis = d.Int(0, x.Rank - 1), step = d.OneOf(1, 2, 3, -1, -2), start = d.Int(0, x.Shape[axis] - 1);
        int length = d.Int(1, (step > 0 ? x.Shape[axis] - 1 - start : start) / Math.Abs(step) + 1);
        return new OpCase([x], t => [t[0].NarrowStep(axis, start, length, step)], $"axis {axis} from {start}, {length} by {step}");
    })
    { Flops = _ => 0 };
}

/// <summary>y = zeros of a shape, except y[…, start + i·step, …] = x[…, i, …]: the adjoint of <see cref="NarrowOp"/>.</summary>
internal sealed partial class EmbedOp(int axis, int start, int step, Shape shape) : Op, IOp
{
    public override string Name => "embed";

    protected override Saved Saves => Saved.Nothing;

    protected override OpTraits Traits => OpTraits.Strided | OpTraits.Moves;

    protected override void Infer(Operands x, Results y) => y.Set(0, shape, x[0].DType);

    protected override void Compute<T>(Operands x, Results y) => Place(x[0], y[0]);

    protected override void Launch(Operands x, Results y, CudaStream stream) => Place(x[0], y[0]);

    // Zeros come to stand between the steps.
    protected override Tensor? ComputeMask(Operands x, Tensor y) => null;

    private void Place(Tensor x, Tensor y)
    {
        y.Fill(0);
        var strides = (long[])y.Strides.Clone();
        strides[axis] *= step;
        if (x.ElementCount > 0) Tensor.CopyInto(x, y.View(x.Shape, strides, start * y.Strides[axis]));
    }

    protected override Tensors Backward(BackwardCall call) => [call.Gradient().NarrowStep(axis, start, call.InputShape(0)[axis], step)];

    public static OpSpec Spec => new("embed", "[…a] -> […b]", d =>
    {
        var shape = d.Shape(1, 4);
        int axis = d.Int(0, shape.Rank - 1), step = d.Int(1, 2), start = d.Int(0, 3);
        var full = shape.With(axis, start + (shape[axis] - 1) * step + 1 + d.Int(0, 3));
        return new OpCase([d.Tensor(shape)], x => [new EmbedOp(axis, start, step, full).Run(x[0])], $"axis {axis} from {start} by {step} into {full}");
    })
    { Flops = _ => 0 };
}
