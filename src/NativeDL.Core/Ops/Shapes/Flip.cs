namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The elements in reverse order along an axis: a view.</summary>
    public Tensor Flip(int axis) => new FlipOp(Shape.Axis("flip", axis)).Run(this);
}

/// <summary>y[…, i, …] = x[…, n − 1 − i, …].</summary>
internal sealed class FlipOp(int axis) : Op, IOp
{
    public override string Name => "flip";

    public override Saved Saves => Saved.Nothing;

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var x = inputs[0];
        var strides = (long[])x.Strides.Clone();
        strides[axis] = -strides[axis];
        outputs[0] = x.View(x.Shape, strides, Math.Max(0, x.Shape[axis] - 1) * x.Strides[axis]);
    }

    public override Tensor?[] Backward(in BackwardCall call) => [call.Gradient().Flip(axis)];

    public static OpSpec Spec => new("flip", "[…] -> […]", d =>
    {
        var x = d.Tensor(d.Shape(1, 4));
        int axis = d.Axis(x.Rank);
        return new OpCase([x], t => [t[0].Flip(axis)], $"axis {axis}");
    })
    { PlainGradient = true, Flops = _ => 0 };
}
