namespace NativeDL;

/// <summary>
/// factor·d^−½·min(t^−½, t·w^−1½) in step t = 1, 2 …: grows in a line for w steps, then falls as 1/√t (Vaswani et al. 2017, for transformers of width d).
/// </summary>
/// <param name="modelDimension">d.</param>
/// <param name="warmupSteps">w.</param>
/// <param name="factor">What every rate is multiplied with.</param>
public sealed class Noam(int modelDimension, long warmupSteps = 4000, double factor = 1) : Schedule
{
    /// <summary>d, the width of the model.</summary>
    public int ModelDimension { get; } = (int)Positive(modelDimension, "Noam", "modelDimension");

    /// <summary>w, steps in which the rate grows.</summary>
    public long WarmupSteps { get; } = Positive(warmupSteps, "Noam", "warmupSteps");

    /// <summary>What every rate is multiplied with.</summary>
    public double Factor { get; } = RateOf(factor, "Noam", "factor");

    /// <inheritdoc/>
    public override double At(long step)
    {
        double t = step + 1;
        return Factor / Math.Sqrt(ModelDimension) * Math.Min(1 / Math.Sqrt(t), t / (WarmupSteps * Math.Sqrt(WarmupSteps)));
    }
}
