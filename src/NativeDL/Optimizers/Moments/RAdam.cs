namespace NativeDL;

/// <summary>
/// Adam whose first steps, while too few squares are known, divide by nothing, and whose later ones are shortened by how little v can be trusted: with
/// r∞ = 2/(1 − β₂) − 1 and r = r∞ − 2t·β₂ᵗ/(1 − β₂ᵗ) in step t, p ← p − η·m̂ where r ≤ 5, else
/// p ← p − η·√((r − 4)(r − 2)·r∞ / ((r∞ − 4)(r∞ − 2)·r))·m̂ / (√v̂ + ε) (Liu et al. 2020). Formula and ε are PyTorch's; Keras has no such optimizer.
/// </summary>
/// <param name="learningRate">η; 0.001 by default.</param>
/// <param name="beta1">β₁, how much of m is kept.</param>
/// <param name="beta2">β₂, how much of v is kept.</param>
/// <param name="epsilon">ε, against division by 0.</param>
[Registered("radam")]
public sealed class RAdam(Schedule? learningRate = null, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) : Optimizer(learningRate ?? 0.001)
{
    /// <summary>β₁, how much of the running mean is kept.</summary>
    public double Beta1 { get; } = Share(beta1, "RAdam", "beta1");

    /// <summary>β₂, how much of the running square is kept.</summary>
    public double Beta2 { get; } = Share(beta2, "RAdam", "beta2");

    /// <summary>ε, against division by 0.</summary>
    public double Epsilon { get; } = NotNegative(epsilon, "RAdam", "epsilon");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames { get; } = ["momentum", "velocity"];

    /// <inheritdoc/>
    protected override void Update(ParameterStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var mean = Beta1 * step["momentum"] + (1 - Beta1) * step.Gradient;
        var square = Beta2 * step["velocity"] + (1 - Beta2) * step.Gradient.Square();
        (step["momentum"], step["velocity"]) = (mean, square);
        double t = step.Number, power = Math.Pow(Beta2, t), rate = step.Rate / (1 - Math.Pow(Beta1, t));
        double longest = 2 / (1 - Beta2) - 1, length = longest - 2 * t * power / (1 - power);
        if (length <= 5)
        {
            step.Value -= rate * mean;
            return;
        }
        double trust = Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
        // √v̂ = √v / √(1 − β₂ᵗ): the correction is drawn into the rate, and into ε.
        double root = Math.Sqrt(1 - power);
        step.Value -= rate * trust * root * mean / (square.Sqrt() + Epsilon * root);
    }
}
