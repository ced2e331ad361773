using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Each row of the last axis brought to mean 0 and variance 1, then scaled and moved:
    /// (x − mean) / √(variance + ε) · γ + β. <c>[…, c], [c], [c] -> […, c]</c>
    /// </summary>
    /// <param name="gamma">γ, [c].</param>
    /// <param name="beta">β, [c].</param>
    /// <param name="epsilon">ε, which keeps the root away from 0.</param>
    /// <exception cref="ShapeMismatchException">γ or β is not [c].</exception>
    public Tensor LayerNorm(Tensor gamma, Tensor beta, double epsilon)
    {
        ArgumentNullException.ThrowIfNull(gamma);
        ArgumentNullException.ThrowIfNull(beta);
        return new LayerNormOp(epsilon).RunMany(this, gamma, beta)[0];
    }
}

/// <summary>y = (x − mean)·rstd·γ + β with rstd = 1/√(variance + ε) of each row; results y, mean, rstd, and what rounding took from the mean.</summary>
internal sealed partial class LayerNormOp(double epsilon) : Op, IOp
{
    public override string Name => "layer_norm";

    protected override Saved Saves => Saved.Both;

    protected override int ResultCount => 4;

    protected override void Infer(Operands x, Results y)
    {
        RequireSameDType(x);
        RequireFloating(x[0]);
        var shape = Channels.Require(Name, x, "gamma", "beta");
        y.Set(0, shape, x[0].DType);
        var rows = shape.Without([shape.Rank - 1]);
        for (int i = 1; i < y.Count; i++) y.Set(i, rows, x[0].DType.ComputeType());
    }

    protected override void Compute<T>(Operands x, Results y) => LayerNormKernels.Forward<T>(x, y, epsilon);

    protected override void Launch(Operands x, Results y, CudaStream stream) => LayerNormKernels.Launch(stream, Name, x, y, epsilon);

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor x = call.Input(0), mean = call.Output(1), rstd = call.Output(2);
        _ = call.HasGradient(3);   // what rounding took is 0 but for rounding
        Tensor? dx = null, dGamma = null, dBeta = null;
        if (call.HasGradient(0))
        {
            var g = LayerNormGradOp.Instance.RunMany(x, call.Input(1), mean, call.Output(3), rstd, call.Gradient(0));
            (dGamma, dBeta, dx) = (g[0], g[1], g[2]);
        }
        if (call.Needs(0) && (call.HasGradient(1) || call.HasGradient(2)))
        {
            var through = BatchNormOp.Statistics(x, mean.ExpandDims(-1), rstd.ExpandDims(-1), call.Gradient(1).ExpandDims(-1), rstd.Like(0),
                call.Gradient(2).ExpandDims(-1), x.Shape[^1]);
            dx = dx is null ? through : dx + through;
        }
        return [dx, dGamma, dBeta];
    }

    public static OpSpec Spec => new("layer_norm", "[…, c], [c], [c] -> […, c]", d =>
    {
        var x = Draw(d);
        Shape c = [x.Shape[^1]];
        return new OpCase([x, d.Tensor(c, Domain.Positive), d.Tensor(c)], t => [t[0].LayerNorm(t[1], t[2], 1e-3)]);
    })
    { ReductionLength = c => c.Elements, Flops = c => 8.0 * c.Elements, Bytes = c => 8.0 * c.Elements };

    /// <summary>Rows of at least 3 unequal features.</summary>
    internal static Tensor Draw(Draw d)
    {
        var rows = d.Shape(0, 2);
        return d.Tensor([.. rows, d.Int(3, (int)Math.Max(5, d.MaxElements / rows.ElementCount))], Domain.Distinct);
    }
}

/// <summary>
/// dγ = Σ dy·x̂ and dβ = Σ dy over the rows; dx = rstd·(g − mean g − x̂·mean(g·x̂)) with g = dy·γ and
/// x̂ = (x − mean − rest)·rstd: one pass over x and dy. <c>[…, c], [c], […], […], […], […, c] -> [c], [c], […, c]</c>
/// </summary>
internal sealed class LayerNormGradOp : Op, IOp
{
    public static readonly LayerNormGradOp Instance = new();

    public override string Name => "layer_norm_grad";

    protected override OpTraits Traits => OpTraits.MixedTypes;

    protected override int ResultCount => 3;

    protected override void Infer(Operands x, Results y) => (y[0], y[1], y[2]) = (x[1], x[1], x[0]);

    protected override void Compute<T>(Operands x, Results y) => LayerNormKernels.Backward<T>(x, y);

    protected override void Launch(Operands x, Results y, CudaStream stream) => LayerNormKernels.LaunchGradient(stream, Name, x, y);

    protected override Tensors Backward(BackwardCall call) => Composite.Backward(call, Reference);

    private static Tensor[] Reference(Tensor[] t)
    {
        var type = t[4].DType;
        Tensor x = t[0].Cast(type), gamma = t[1].Cast(type), rstd = t[4].ExpandDims(-1), dy = t[5].Cast(type);
        var normal = (x - t[2].ExpandDims(-1) - t[3].ExpandDims(-1)) * rstd;
        var g = dy * gamma;
        return
        [
            (dy * normal).SumTo(gamma.Shape).Cast(t[1].DType),
            dy.SumTo(gamma.Shape).Cast(t[1].DType),
            (rstd * (g - g.Mean([-1], keepDims: true) - normal * (g * normal).Mean([-1], keepDims: true))).Cast(t[0].DType),
        ];
    }

    public static OpSpec Spec => new("layer_norm_grad", "[…, c], [c], […], […], […], […, c] -> [c], [c], […, c]?", d =>
    {
        var x = LayerNormOp.Draw(d);
        Shape c = [x.Shape[^1]], rows = x.Shape.Without([x.Rank - 1]);
        return new OpCase([x, d.Tensor(c), d.Tensor(rows), d.Tensor(rows, new Domain(-0.01, 0.01)), d.Tensor(rows, Domain.Positive), d.Tensor(x.Shape)], t =>
            Instance.RunMany(t));
    })
    { ReductionLength = c => c.Elements, Flops = c => 16.0 * c.Elements, Bytes = c => 12.0 * c.Elements };
}
