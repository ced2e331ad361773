namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>Each row along an axis over its norm, or over ε where the norm is smaller: x / max(‖x‖, ε). <c>[…] -> […]</c></summary>
    /// <remarks>No power overflows or vanishes on the way. Also known as unit normalization, l2_normalize.</remarks>
    /// <param name="axis">The axis along which the norm is taken; the last by default.</param>
    /// <param name="order">p of the norm (Σ |x|ᵖ)^(1/p), more than 0: 2 is the Euclidean one, infinity the greatest |x|.</param>
    /// <param name="epsilon">ε, more than 0.</param>
    /// <exception cref="ShapeMismatchException">The axis does not exist.</exception>
    /// <exception cref="InvalidInputException">There is no such norm, or ε is not positive.</exception>
    public Tensor Normalize(int axis = -1, double order = 2, double epsilon = 1e-12)
    {
        RequireNorm("normalize", order);
        if (!(epsilon > 0)) throw Error.Input("normalize", "rows of zeros are divided by epsilon", $"{epsilon}", "more than 0");
        return new NormalizeOp(Shape.Axis("normalize", axis), order, epsilon).Run(this);
    }

    private static void RequireNorm(string op, double order)
    {
        if (!(order > 0)) throw Error.Input(op, "there is no such norm", $"order {order}", "more than 0, such as 1, 2 or infinity");
    }
}

/// <summary>y = x / max(‖x‖, ε) along an axis.</summary>
internal sealed partial class NormalizeOp(int axis, double order, double epsilon) : ComposedOp, IOp
{
    public override string Name => "normalize";

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        y[0] = x[0];
    }

    protected override Tensors Compose(Tensor[] x)
    {
        if (x[0].Shape.IsEmpty) return x[0].Clone();
        return x[0] / Tensor.Maximum(x[0].PNorm(order, axis, keepDims: true), epsilon);
    }

    public static OpSpec Spec => new("normalize", "[…] -> […]", d =>
    {
        // Away from where |x| or the greatest of them has a kink.
        var x = d.Tensor(d.Shape(1, 3), Domain.Distinct) + 4;
        int axis = d.Axis(x.Rank);
        double order = d.OneOf(2, 1, 3, double.PositiveInfinity);
        return new OpCase([x], t => [t[0].Normalize(axis, order)], $"axis {axis}, order {order}");
    })
    { ReductionLength = c => c.Elements, Flops = c => 4.0 * c.Elements };
}
