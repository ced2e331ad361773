namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The tensor repeated along dimensions of size 1 and new outer ones, as broadcasting does: a view without copies.</summary>
    /// <exception cref="ShapeMismatchException">The shape does not broadcast to the one given.</exception>
    public Tensor Expand(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape == Shape) return this;
        if (Rank > shape.Rank || Shape.Broadcast("expand", Shape, shape) != shape) throw Error.Shape("expand", "the shape does not broadcast to the one asked for", $"{Shape}", $"{shape}");
        return new ExpandOp(shape).Run(this);
    }
}

/// <summary>y = x broadcast to a shape.</summary>
internal sealed class ExpandOp(Shape shape) : Op, IOp
{
    public override string Name => "expand";

    public override Saved Saves => Saved.Nothing;

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var x = inputs[0];
        var strides = new long[shape.Rank];
        int extra = shape.Rank - x.Rank;
        for (int i = extra; i < strides.Length; i++) strides[i] = x.Shape[i - extra] == 1 ? 0 : x.Strides[i - extra];
        outputs[0] = x.View(shape, strides, 0);
    }

    // The walker sums the gradient back over the expanded dimensions.
    public override Tensor?[] Backward(in BackwardCall call) => [call.Gradient()];

    public static OpSpec Spec => new("expand", "[…a] -> […b]", d =>
    {
        var full = d.Shape(0, 4);
        var thin = full.ToArray();
        for (int i = 0; i < thin.Length; i++) if (d.Flag()) thin[i] = 1;
        return new OpCase([d.Tensor(thin)], x => [x[0].Expand(full)], $"to {full}");
    })
    { PlainGradient = true, Flops = _ => 0 };
}
