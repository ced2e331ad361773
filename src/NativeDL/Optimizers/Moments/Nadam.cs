namespace NativeDL;

/// <summary>
/// Adam with Nesterov's momentum: m and v as <see cref="Adam"/>'s, p ← p − η·m̂ / (√v̂ + ε) with v̂ = v / (1 − β₂ᵗ) and
/// m̂ = uₜ₊₁·m / (1 − Π uᵢ to t + 1) + (1 − uₜ)·g / (1 − Π uᵢ to t), where uₜ = β₁·(1 − ½·0.96ᵗ) in the parameter's step t = 1, 2 …
/// (Dozat 2016). Formula and defaults are Keras'; PyTorch's rate is 0.002 and its 0.96 is raised to 0.004·t.
/// </summary>
/// <param name="learningRate">η; 0.001 by default.</param>
/// <param name="beta1">β₁, how much of m is kept.</param>
/// <param name="beta2">β₂, how much of v is kept.</param>
/// <param name="epsilon">ε, against division by 0.</param>
[Registered("nadam")]
public sealed class Nadam(Schedule? learningRate = null, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-7) : Optimizer(learningRate ?? 0.001)
{
    // After so many steps 1 − ½·0.96ᵗ is 1 to the last digit.
    private const int Settled = 1000;

    /// <summary>β₁, how much of the running mean is kept.</summary>
    public double Beta1 { get; } = Share(beta1, "Nadam", "beta1");

    /// <summary>β₂, how much of the running square is kept.</summary>
    public double Beta2 { get; } = Share(beta2, "Nadam", "beta2");

    /// <summary>ε, against division by 0.</summary>
    public double Epsilon { get; } = NotNegative(epsilon, "Nadam", "epsilon");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames { get; } = ["momentum", "velocity"];

    /// <inheritdoc/>
    protected override void Update(ParameterStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        long t = step.Number;
        var mean = Beta1 * step["momentum"] + (1 - Beta1) * step.Gradient;
        var square = Beta2 * step["velocity"] + (1 - Beta2) * step.Gradient.Square();
        (step["momentum"], step["velocity"]) = (mean, square);
        double upTo = Product(t), kept = Kept(t + 1) / (1 - upTo * Kept(t + 1)), fresh = (1 - Kept(t)) / (1 - upTo);
        step.Value -= step.Rate * (kept * mean + fresh * step.Gradient) / ((square * (1 / (1 - Math.Pow(Beta2, t)))).Sqrt() + Epsilon);
    }

    private double Kept(long t) => Beta1 * (1 - 0.5 * Math.Pow(0.96, t));

    private double Product(long t)
    {
        double product = Math.Pow(Beta1, t);
        for (int i = 1; i <= Math.Min(t, Settled); i++) product *= 1 - 0.5 * Math.Pow(0.96, i);
        return product;
    }
}
