namespace NativeDL;

/// <summary>
/// Divides each step by the root of the sum of all squares so far: a ← a + g², p ← p − η·g / √(a + ε). What has a gradient rarely keeps a high rate (Duchi et
/// al.
/// 2011). Formula and defaults are Keras', where ε stands under the root.
/// </summary>
/// <param name="learningRate">η; 0.001 by default.</param>
/// <param name="initialAccumulatorValue">What a begins with.</param>
/// <param name="epsilon">ε, against division by 0.</param>
[Registered("adagrad")]
public sealed class Adagrad(Schedule? learningRate = null, double initialAccumulatorValue = 0.1, double epsilon = 1e-7) : Optimizer(learningRate ?? 0.001)
{
    /// <summary>What the sum of squares begins with.</summary>
    public double InitialAccumulatorValue { get; } = NotNegative(initialAccumulatorValue, "Adagrad", "initialAccumulatorValue");

    /// <summary>ε, against division by 0.</summary>
    public double Epsilon { get; } = NotNegative(epsilon, "Adagrad", "epsilon");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames { get; } = ["accumulator"];

    /// <inheritdoc/>
    protected override void Update(ParameterStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        // The slot is the sum without what it begins with.
        var sum = step["accumulator"] + step.Gradient.Square();
        step["accumulator"] = sum;
        step.Value -= step.Rate * step.Gradient / (sum + (InitialAccumulatorValue + Epsilon)).Sqrt();
    }
}
