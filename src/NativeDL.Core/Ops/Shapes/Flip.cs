
namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The elements in reverse order along an axis: a view.</summary>
    public Tensor Flip(int axis) => new FlipOp(Shape.Axis("flip", axis)).Run(this);
}

/// <summary>y[…, i, …] = x[…, n − 1 − i, …].</summary>
internal sealed partial class FlipOp(int axis) : ViewOp, IOp
{
    public override string Name => "flip";

    protected override Shape ShapeOf(Tensor x) => x.Shape;

    protected override Tensor View(Tensor x, Shape shape)
    {
        var strides = (long[])x.Strides.Clone();
        strides[axis] = -strides[axis];
        return x.View(shape, strides, Math.Max(0, shape[axis] - 1) * x.Strides[axis]);
    }

    protected override Tensor? ComputeMask(Operands x, Tensor y) => x[0].Mask is { } mask && axis < mask.Rank ? Run(mask) : x[0].Mask;

    protected override Tensors Backward(BackwardCall call) => [call.Gradient().Flip(axis)];

    public static OpSpec Spec => new("flip", "[…] -> […]", d =>
    {
        var x = d.Tensor(d.Shape(1, 4));
        int axis = d.Axis(x.Rank);
        return new OpCase([x], t => [t[0].Flip(axis)], $"axis {axis}");
    })
    { Flops = _ => 0 };
}
