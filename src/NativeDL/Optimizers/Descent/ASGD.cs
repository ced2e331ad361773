namespace NativeDL;

/// <summary>
/// Descent with a falling rate whose values are averaged: ηₜ = η / (1 + λ·η·(t − 1))^α in the parameter's step t = 1, 2 …, p ← (1 − λ·ηₜ)·p − ηₜ·g, and
/// a ← a + (p − a) / max(1, t − 1 − t₀), the mean of p from step t₀ on (Polyak and Juditsky 1992). <see cref="Optimizer.UseAverages"/> puts a in the place
/// of p. Formula and defaults are PyTorch's; Keras has no such optimizer.
/// </summary>
/// <param name="learningRate">η; 0.01 by default.</param>
/// <param name="lambda">λ, decay of the values and, with the rate, of the rate itself.</param>
/// <param name="alpha">α, how fast the rate falls.</param>
/// <param name="t0">t₀, after how many steps averaging begins.</param>
[Registered("asgd")]
public sealed class ASGD(Schedule? learningRate = null, double lambda = 1e-4, double alpha = 0.75, double t0 = 1e6) : Optimizer(learningRate ?? 0.01)
{
    /// <summary>λ, decay of the values and of the rate.</summary>
    public double Lambda { get; } = NotNegative(lambda, "ASGD", "lambda");

    /// <summary>α, how fast the rate falls.</summary>
    public double Alpha { get; } = NotNegative(alpha, "ASGD", "alpha");

    /// <summary>t₀, after how many steps averaging begins.</summary>
    public double T0 { get; } = NotNegative(t0, "ASGD", "t0");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames { get; } = ["average"];

    /// <inheritdoc/>
    protected override void Update(ParameterStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        double before = step.Number - 1, rate = step.Rate / Math.Pow(1 + Lambda * step.Rate * before, Alpha), share = 1 / Math.Max(1, before - T0);
        var value = (1 - Lambda * rate) * step.Value - rate * step.Gradient;
        step["average"] = share == 1 ? value : step["average"] + share * (value - step["average"]);
        step.Value = value;
    }

    private protected override Tensor Averaged(ParameterStep step) => step["average"];
}
