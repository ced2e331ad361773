namespace NativeDL;

/// <summary>
/// Steps of one size in the direction of a mean: p ← p − η·sign(β₁·m + (1 − β₁)·g), then m ← β₂·m + (1 − β₂)·g (Chen et al. 2023). It wants a rate 3 to 10
/// times smaller than Adam's, and a weight decay as much larger. Formula and defaults are Keras'.
/// </summary>
/// <param name="learningRate">η; 0.001 by default.</param>
/// <param name="beta1">β₁, how much the mean counts in the step.</param>
/// <param name="beta2">β₂, how much of m is kept.</param>
[Registered("lion")]
public sealed class Lion(Schedule? learningRate = null, double beta1 = 0.9, double beta2 = 0.99) : Optimizer(learningRate ?? 0.001)
{
    /// <summary>β₁, how much the mean counts in the step.</summary>
    public double Beta1 { get; } = Share(beta1, "Lion", "beta1");

    /// <summary>β₂, how much of the running mean is kept.</summary>
    public double Beta2 { get; } = Share(beta2, "Lion", "beta2");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames { get; } = ["momentum"];

    /// <inheritdoc/>
    protected override void Update(ParameterStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var mean = step["momentum"];
        step.Value -= step.Rate * (Beta1 * mean + (1 - Beta1) * step.Gradient).Sign();
        step["momentum"] = Beta2 * mean + (1 - Beta2) * step.Gradient;
    }
}
