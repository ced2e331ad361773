namespace NativeDL;

/// <summary>
/// Follows the regularized leader, for wide sparse models: with b = a + g², a ← b and s = (b^−π − a^−π)/η, z ← z + g + 2·l2Shrinkage·p − s·p, and
/// p ← −(z − z kept within ±l1) / (b^−π/η + 2·l2 + β/η): what |z| ≤ l1 leaves is exactly 0 (McMahan et al. 2013). Formula and defaults are Keras'.
/// </summary>
/// <param name="learningRate">η; 0.001 by default.</param>
/// <param name="learningRatePower">π, 0 or less: −½ lets the rate fall with the root of the squares, 0 keeps it.</param>
/// <param name="initialAccumulatorValue">What a begins with.</param>
/// <param name="l1RegularizationStrength">l1, which makes weights 0.</param>
/// <param name="l2RegularizationStrength">l2, which makes weights small.</param>
/// <param name="l2ShrinkageRegularizationStrength">l2Shrinkage, a penalty on the size of weights in the gradient.</param>
/// <param name="beta">β.</param>
[Registered("ftrl")]
public sealed class Ftrl(Schedule? learningRate = null, double learningRatePower = -0.5, double initialAccumulatorValue = 0.1,
    double l1RegularizationStrength = 0, double l2RegularizationStrength = 0, double l2ShrinkageRegularizationStrength = 0, double beta = 0)
    : Optimizer(learningRate ?? 0.001)
{
    /// <summary>π, 0 or less.</summary>
    public double LearningRatePower { get; } = learningRatePower <= 0 && double.IsFinite(learningRatePower) ? learningRatePower
        : throw Error.Input("Ftrl", "learningRatePower is out of range", $"{learningRatePower}", "0 or less");

    /// <summary>What the sum of squares begins with.</summary>
    public double InitialAccumulatorValue { get; } = NotNegative(initialAccumulatorValue, "Ftrl", "initialAccumulatorValue");

    /// <summary>l1, which makes weights 0.</summary>
    public double L1RegularizationStrength { get; } = NotNegative(l1RegularizationStrength, "Ftrl", "l1RegularizationStrength");

    /// <summary>l2, which makes weights small.</summary>
    public double L2RegularizationStrength { get; } = NotNegative(l2RegularizationStrength, "Ftrl", "l2RegularizationStrength");

    /// <summary>l2Shrinkage, a penalty on the size of weights in the gradient.</summary>
    public double L2ShrinkageRegularizationStrength { get; } =
        NotNegative(l2ShrinkageRegularizationStrength, "Ftrl", "l2ShrinkageRegularizationStrength");

    /// <summary>β.</summary>
    public double Beta { get; } = NotNegative(beta, "Ftrl", "beta");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames { get; } = ["accumulator", "linear"];

    /// <inheritdoc/>
    protected override void Update(ParameterStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        // A rate of 0 moves nothing, and could not be divided by.
        if (step.Rate == 0) return;
        // The slot is the sum without what it begins with.
        Tensor before = step["accumulator"], sum = before + step.Gradient.Square();
        Tensor now = Power(sum), was = Power(before);
        var linear = step["linear"] + step.Gradient + (2 * L2ShrinkageRegularizationStrength) * step.Value - (now - was) * (1 / step.Rate) * step.Value;
        (step["accumulator"], step["linear"]) = (sum, linear);
        var curve = now * (1 / step.Rate) + (2 * L2RegularizationStrength + Beta / step.Rate);
        step.Value = Tensor.DivideNoNan(linear.Clip(-L1RegularizationStrength, L1RegularizationStrength) - linear, curve);
    }

    private Tensor Power(Tensor sum) =>
        LearningRatePower == -0.5 ? (sum + InitialAccumulatorValue).Sqrt() : (sum + InitialAccumulatorValue).Pow(-LearningRatePower);
}
