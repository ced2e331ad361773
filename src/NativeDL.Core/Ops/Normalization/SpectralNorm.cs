namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Weights over their largest singular value, W / σ, which a power iteration finds: v = W·u, u = Wᵀ·v, each brought to length 1, σ = v·W·u; all axes
    /// but the last are the rows of W. <c>[…, n], [n] -> […, n], [n]</c> (Miyato et al. 2018)
    /// </summary>
    /// <remarks>
    /// The gradient takes u and v as constants, which is exact once the iteration has converged; it has no exact second derivative.
    /// </remarks>
    /// <param name="u">The iteration's vector: random at first, then what the last call gave.</param>
    /// <param name="powerIterations">How many steps the iteration goes on; 0 leaves u as it is, as when testing.</param>
    /// <param name="epsilon">The least length that a vector is divided by.</param>
    /// <returns>The weights, and u for the next call.</returns>
    /// <exception cref="ShapeMismatchException">u does not have the size of the last axis.</exception>
    /// <exception cref="InvalidInputException">The number of iterations is negative, or ε not positive.</exception>
    public (Tensor Y, Tensor U) SpectralNorm(Tensor u, int powerIterations = 1, double epsilon = 1e-12)
    {
        ArgumentNullException.ThrowIfNull(u);
        if (powerIterations < 0) throw Error.Input("spectral_norm", "the number of iterations is negative", $"{powerIterations}", "0 or more");
        if (!(epsilon > 0)) throw Error.Input("spectral_norm", "lengths are compared with epsilon", $"{epsilon}", "more than 0");
        var results = new SpectralNormOp(powerIterations, epsilon).RunMany(this, u);
        return (results[0], results[1]);
    }
}

/// <summary>y = W / (v·W·u), and u after some power iterations, which no gradient flows through.</summary>
internal sealed partial class SpectralNormOp(int powerIterations, double epsilon) : ComposedOp, IOp
{
    public override string Name => "spectral_norm";

    protected override int ResultCount => 2;

    protected override void Infer(Operands x, Results y)
    {
        RequireSameDType(x);
        RequireFloating(x[0]);
        var shape = Channels.Require(Name, x, "u");
        _ = shape.Rows(Name);
        y.Set(0, shape, x[0].DType);
        y.Set(1, shape[^1..], x[0].DType);
    }

    protected override Tensors Compose(Tensor[] x)
    {
        var w = x[0].Reshape(x[0].Shape.Rows(Name), x[0].Shape[^1]);
        Tensor constant = w.StopGradient(), u = x[1].StopGradient(), v = Unit(constant.MatMul(u));
        for (int i = 0; i < powerIterations; i++)
        {
            if (i > 0) v = Unit(constant.MatMul(u));
            u = Unit(v.MatMul(constant));
        }
        return (x[0] / v.MatMul(w).MatMul(u), u);
    }

    private Tensor Unit(Tensor x) => x.Normalize(epsilon: epsilon);

    // A matrix with one large singular value, so that the iteration converges, whatever it begins with.
    public static OpSpec Spec => new("spectral_norm", "[…, n], [n] -> […, n]", d =>
    {
        int m = d.Int(1, 4), n = d.Int(1, 5);
        var w = d.Tensor([m, 2, 1], Domain.Positive) * d.Tensor([n], Domain.Positive) + d.Tensor([m, 2, n], new Domain(-0.05, 0.05));
        return new OpCase([w, d.Tensor([n], Domain.Positive)], t => [t[0].SpectralNorm(t[1], 30).Y]);
    })
    {
        FlatOperands = [1],
        TwiceDifferentiable = false,
        LayoutMatters = "it is made of products of matrices",
        Float32Error = 16,
        ReductionLength = c => c.Elements,
        Flops = c => 4.0 * c.Elements,
    };
}
