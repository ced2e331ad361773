namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Each row of the last axis over the root of its mean square, scaled: x / √(Σ x² / c + ε) · γ. <c>[…, c], [c] -> […, c]</c> (Zhang and Sennrich 2019)
    /// </summary>
    /// <remarks>No square overflows or vanishes on the way.</remarks>
    /// <param name="gamma">γ, [c].</param>
    /// <param name="epsilon">ε, which keeps the root away from 0.</param>
    /// <exception cref="ShapeMismatchException">γ is not [c].</exception>
    /// <exception cref="InvalidInputException">ε is negative.</exception>
    public Tensor RmsNorm(Tensor gamma, double epsilon)
    {
        ArgumentNullException.ThrowIfNull(gamma);
        if (!(epsilon >= 0)) throw Error.Input("rms_norm", "epsilon stands under a root", $"{epsilon}", "0 or more");
        return new RmsNormOp(epsilon).Run(this, gamma);
    }
}

/// <summary>y = x / √(mean x² + ε) · γ, of the rows.</summary>
internal sealed partial class RmsNormOp(double epsilon) : ComposedOp, IOp
{
    public override string Name => "rms_norm";

    protected override void Infer(Operands x, Results y)
    {
        RequireSameDType(x);
        RequireFloating(x[0]);
        y.Set(0, Channels.Require(Name, x, "gamma"), x[0].DType);
    }

    protected override Tensors Compose(Tensor[] x)
    {
        var root = (x[0].Norm(-1, keepDims: true) / Math.Sqrt(x[0].Shape[^1])).Hypot(Math.Sqrt(epsilon));
        return x[0] / root * x[1];
    }

    public static OpSpec Spec => new("rms_norm", "[…, c], [c] -> […, c]", d =>
    {
        var x = LayerNormOp.Draw(d);
        return new OpCase([x, d.Tensor([x.Shape[^1]])], t => [t[0].RmsNorm(t[1], 1e-3)]);
    })
    { ReductionLength = c => c.Elements, Flops = c => 6.0 * c.Elements };
}
