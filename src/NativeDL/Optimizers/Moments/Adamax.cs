namespace NativeDL;

/// <summary>
/// Adam by the largest gradient instead of the mean square: m ← β₁·m + (1 − β₁)·g, u ← max(β₂·u, |g|), p ← p − η/(1 − β₁ᵗ)·m / (u + ε)
/// (Kingma and Ba 2015, algorithm 2). Formula and defaults are Keras'.
/// </summary>
/// <param name="learningRate">η; 0.001 by default.</param>
/// <param name="beta1">β₁, how much of m is kept.</param>
/// <param name="beta2">β₂, how much of u is kept.</param>
/// <param name="epsilon">ε, against division by 0.</param>
[Registered("adamax")]
public sealed class Adamax(Schedule? learningRate = null, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-7) : Optimizer(learningRate ?? 0.001)
{
    /// <summary>β₁, how much of the running mean is kept.</summary>
    public double Beta1 { get; } = Share(beta1, "Adamax", "beta1");

    /// <summary>β₂, how much of the largest gradient is kept.</summary>
    public double Beta2 { get; } = Share(beta2, "Adamax", "beta2");

    /// <summary>ε, against division by 0.</summary>
    public double Epsilon { get; } = NotNegative(epsilon, "Adamax", "epsilon");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames { get; } = ["momentum", "norm"];

    /// <inheritdoc/>
    protected override void Update(ParameterStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var mean = Beta1 * step["momentum"] + (1 - Beta1) * step.Gradient;
        var most = Tensor.Maximum(Beta2 * step["norm"], step.Gradient.Abs());
        (step["momentum"], step["norm"]) = (mean, most);
        step.Value -= step.Rate / (1 - Math.Pow(Beta1, step.Number)) * mean / (most + Epsilon);
    }
}
