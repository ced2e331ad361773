namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Weights of given lengths: of each slice of this tensor v along an axis its direction, times its g: g · v / ‖v‖.
    /// <c>v […a, n, …b], g [n] -> […a, n, …b]</c> (Salimans and Kingma 2016)
    /// </summary>
    /// <remarks>A slice of zeros has no direction: the result is NaN there.</remarks>
    /// <param name="g">The lengths.</param>
    /// <param name="axis">The axis of the slices; the last by default, which in kernels are the units or filters.</param>
    /// <exception cref="ShapeMismatchException">The axis does not exist, or there is not one length for each slice.</exception>
    public Tensor WeightNorm(Tensor g, int axis = -1)
    {
        ArgumentNullException.ThrowIfNull(g);
        return new WeightNormOp(Shape.Axis("weight_norm", axis)).Run(this, g);
    }
}

/// <summary>y = g · v / ‖v‖ of the slices along an axis.</summary>
internal sealed partial class WeightNormOp(int axis) : ComposedOp, IOp
{
    public override string Name => "weight_norm";

    protected override void Infer(Operands x, Results y)
    {
        RequireSameDType(x);
        RequireFloating(x[0]);
        var shape = x[0].Shape;
        Shape slices = [shape.Dimension(axis)];
        if (!slices.IsCompatible(x[1].Shape))
            throw Error.Shape(Name, $"there must be one length for each slice of axis {axis}", $"v {shape} and g {x[1].Shape}", $"g {slices}");
        y.Set(0, shape.With(axis, slices.Merge(x[1].Shape).Dimension(0)), x[0].DType);
    }

    protected override Tensors Compose(Tensor[] x)
    {
        var (v, g) = (x[0], x[1]);
        int[] others = [.. Enumerable.Range(0, v.Rank).Where(i => i != axis)];
        var norm = others.Length == 0 ? v.Abs() : v.Norm(others, keepDims: true);
        return v * (g.Reshape(norm.Shape) / norm);
    }

    public static OpSpec Spec => new("weight_norm", "[…], [n] -> […]", d =>
    {
        var v = d.Tensor(d.Shape(1, 3), Domain.Real.Away(0));
        int axis = d.Int(0, v.Rank - 1);
        return new OpCase([v, d.Tensor([v.Shape[axis]])], t => [t[0].WeightNorm(t[1], axis)], $"axis {axis}");
    })
    { ReductionLength = c => c.Elements, Flops = c => 4.0 * c.Elements };
}
