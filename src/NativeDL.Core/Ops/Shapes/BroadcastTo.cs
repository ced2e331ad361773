
namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The tensor repeated along dimensions of size 1 and new outer ones, as broadcasting does: a view without copies.</summary>
    /// <remarks>Also known as expand.</remarks>
    /// <exception cref="ShapeMismatchException">The shape does not broadcast to the one given.</exception>
    public Tensor BroadcastTo(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape == Shape) return this;
        return new BroadcastToOp(shape).Run(this);
    }
}

/// <summary>y = x broadcast to a shape.</summary>
internal sealed partial class BroadcastToOp(Shape shape) : ViewOp, IOp
{
    public override string Name => "broadcast_to";

    protected override Shape ShapeOf(Tensor x)
    {
        var full = shape.Rank >= x.Rank ? Shape.Broadcast(Name, x.Shape, shape) : x.Shape;
        return full.IsCompatible(shape) && (full.IsKnown || x.IsSymbolic) ? full
            : throw Error.Shape(Name, "the shape does not broadcast to the one asked for", $"{x.Shape}", $"{shape}");
    }

    protected override Tensor View(Tensor x, Shape full)
    {
        var strides = new long[full.Rank];
        int extra = full.Rank - x.Rank;
        for (int i = extra; i < strides.Length; i++) strides[i] = x.Shape[i - extra] == 1 ? 0 : x.Strides[i - extra];
        return x.View(full, strides, 0);
    }

    // The walker sums the gradient back over the expanded dimensions.
    protected override Tensors Backward(BackwardCall call) => [call.Gradient()];

    public static OpSpec Spec => new("broadcast_to", "[…a] -> […b]", d =>
    {
        var full = d.Shape(0, 4);
        var thin = full.ToArray();
        for (int i = 0; i < thin.Length; i++) if (d.Flag()) thin[i] = 1;
        return new OpCase([d.Tensor(thin)], x => [x[0].BroadcastTo(full)], $"to {full}");
    })
    { Flops = _ => 0 };
}
