namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// The channels of each sample in groups, each brought to mean 0 and variance 1 over its channels and all pixels, then scaled and moved by channel:
    /// (x − mean) / √(variance + ε) · γ + β. <c>[N, …, c], [c], [c] -> [N, …, c]</c> (Wu and He 2018)
    /// </summary>
    /// <remarks>One group normalizes a whole sample; as many as channels are <see cref="InstanceNorm(Tensor, Tensor, double)"/>.</remarks>
    /// <param name="groups">Into how many groups of neighbours the channels fall.</param>
    /// <param name="gamma">γ, [c].</param>
    /// <param name="beta">β, [c].</param>
    /// <param name="epsilon">ε, which keeps the root away from 0.</param>
    /// <exception cref="ShapeMismatchException">γ or β is not [c], there is no batch axis, or c is not divisible by the groups.</exception>
    public Tensor GroupNorm(int groups, Tensor gamma, Tensor beta, double epsilon)
    {
        ArgumentNullException.ThrowIfNull(gamma);
        ArgumentNullException.ThrowIfNull(beta);
        if (groups < 1) throw Error.Input("group_norm", "the number of groups must be 1 or more", $"{groups}");
        return new GroupNormOp(groups, epsilon).Run(this, gamma, beta);
    }

    /// <summary>
    /// Each channel of each sample brought to mean 0 and variance 1 over its pixels, then scaled and moved:
    /// (x − mean) / √(variance + ε) · γ + β. <c>[N, …, c], [c], [c] -> [N, …, c]</c> (Ulyanov, Vedaldi and Lempitsky 2016)
    /// </summary>
    /// <param name="gamma">γ, [c].</param>
    /// <param name="beta">β, [c].</param>
    /// <param name="epsilon">ε, which keeps the root away from 0.</param>
    /// <exception cref="ShapeMismatchException">γ or β is not [c], or there is no batch axis.</exception>
    public Tensor InstanceNorm(Tensor gamma, Tensor beta, double epsilon)
    {
        ArgumentNullException.ThrowIfNull(gamma);
        ArgumentNullException.ThrowIfNull(beta);
        return new GroupNormOp(0, epsilon).Run(this, gamma, beta);
    }
}

/// <summary>y = the rows of groups normalized as by a layer norm, times γ plus β of each channel.</summary>
/// <param name="groups">How many; 0: each channel is one.</param>
/// <param name="epsilon">ε.</param>
internal sealed partial class GroupNormOp(int groups, double epsilon) : ComposedOp, IOp
{
    public override string Name => groups == 0 ? "instance_norm" : "group_norm";

    protected override void Infer(Operands x, Results y)
    {
        RequireSameDType(x);
        RequireFloating(x[0]);
        var shape = Channels.Require(Name, x, "gamma", "beta");
        if (shape.Rank < 2) throw Error.Shape(Name, "samples and channels are two axes", $"{shape}", "[N, …, c]");
        int c = shape.Dimension(^1);
        if (groups > 0 && c != Shape.None && c % groups != 0)
            throw Error.Shape(Name, "the channels do not fall into the groups", $"{c} channels of {shape} and {groups} groups", "channels divisible by groups");
        y.Set(0, shape, x[0].DType);
    }

    protected override Tensors Compose(Tensor[] x)
    {
        var shape = x[0].Shape;
        if (shape.IsEmpty) return ScaleShiftOp.Instance.Run(x[0], Tensor.ZerosLike(x[1]), x[1], x[2]);
        int n = shape[0], c = shape[^1], count = groups == 0 ? c : groups, own = c / count;
        int pixels = Shape.Dimension(Name, shape[1..^1].ElementCount), row = Shape.Product(Name, pixels, own);
        // The numbers of a group side by side, and back.
        var rows = x[0].Reshape(n, pixels, count, own).Permute(0, 2, 1, 3).Reshape(n, count, row);
        Tensor ones = Tensor.Ones([row], rows.DType, rows.Device), zeros = Tensor.Zeros([row], rows.DType, rows.Device);
        var normal = rows.LayerNorm(ones, zeros, epsilon).Reshape(n, count, pixels, own).Permute(0, 2, 1, 3).Reshape(shape);
        return ScaleShiftOp.Instance.Run(normal, Tensor.ZerosLike(x[1]), x[1], x[2]);
    }

    public static OpSpec Spec => new("group_norm", "[N, …, c], [c], [c] -> [N, …, c]", d =>
    {
        var (groups, own) = d.OneOf((2, 2), (1, 3), (3, 1), (0, 1), (4, 5));
        int c = groups == 0 ? 3 : groups * own, pixels = d.Int(3, Math.Max(3, d.MaxElements / c / 2));
        var x = d.Tensor(d.Flag() ? [2, pixels, c] : [1, 2, pixels, c], Domain.Distinct);
        return new OpCase([x, d.Tensor([c], Domain.Positive), d.Tensor([c])], t => [new GroupNormOp(groups, 1e-3).Run(t)], $"{groups} groups");
    })
    { ReductionLength = c => c.Elements, Flops = c => 10.0 * c.Elements };
}
