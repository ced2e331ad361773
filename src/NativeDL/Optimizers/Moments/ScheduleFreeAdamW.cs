namespace NativeDL;

/// <summary>
/// Adam that averages instead of letting the rate fall, so that nobody need know when training ends: with the point p at which gradients are taken,
/// z ← z − η·g / (√v̂ + ε), x ← x + (z − x)/t, p ← (1 − β₁)·z + β₁·x in the parameter's step t = 1, 2 … (Defazio et al. 2024). x is the
/// result: <see cref="Optimizer.UseAverages"/> puts it in the place of p. Formula and defaults are Keras'.
/// </summary>
/// <param name="learningRate">η; 0.0025 by default.</param>
/// <param name="beta1">β₁, how near the average gradients are taken.</param>
/// <param name="beta2">β₂, how much of v is kept.</param>
/// <param name="epsilon">ε, against division by 0.</param>
/// <param name="warmupSteps">Steps in which the rate grows from 0 to η.</param>
[Registered("schedule_free_adamw")]
public sealed class ScheduleFreeAdamW(Schedule? learningRate = null, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, int warmupSteps = 0)
    : Optimizer(learningRate ?? 0.0025)
{
    /// <summary>β₁, how near the average gradients are taken.</summary>
    public double Beta1 { get; } = beta1 is > 0 and < 1 ? beta1
        : throw Error.Input("ScheduleFreeAdamW", "beta1 is out of range", $"{beta1}", "between 0 and 1");

    /// <summary>β₂, how much of the running square is kept.</summary>
    public double Beta2 { get; } = Share(beta2, "ScheduleFreeAdamW", "beta2");

    /// <summary>ε, against division by 0.</summary>
    public double Epsilon { get; } = NotNegative(epsilon, "ScheduleFreeAdamW", "epsilon");

    /// <summary>Steps in which the rate grows from 0 to η.</summary>
    public int WarmupSteps { get; } = warmupSteps >= 0 ? warmupSteps
        : throw Error.Input("ScheduleFreeAdamW", "the number of steps is negative", $"{warmupSteps}", "0 or more");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames { get; } = ["momentum", "velocity"];

    /// <inheritdoc/>
    protected override void Update(ParameterStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        double t = step.Number, rate = step.Rate * (WarmupSteps > 0 ? Math.Min(1, t / WarmupSteps) : 1);
        Tensor before = t == 1 ? step.Value : step["momentum"], average = t == 1 ? step.Value : Average(step.Value, before);
        var square = Beta2 * step["velocity"] + (1 - Beta2) * step.Gradient.Square();
        var now = before - rate * step.Gradient / ((square * (1 / (1 - Math.Pow(Beta2, t)))).Sqrt() + Epsilon);
        (step["momentum"], step["velocity"]) = (now, square);
        average += (now - average) * (1 / t);
        step.Value = (1 - Beta1) * now + Beta1 * average;
    }

    private protected override Tensor Averaged(ParameterStep step) => Average(step.Value, step["momentum"]);

    // From p = (1 − β₁)·z + β₁·x.
    private Tensor Average(Tensor value, Tensor momentum) => (value - (1 - Beta1) * momentum) * (1 / Beta1);
}
