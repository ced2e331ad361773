namespace NativeDL;

/// <summary>
/// <see cref="Adam"/> with weight decay beside the gradient, not in it: p ← (1 − η·λ)·p − η·m̂ / (√v̂ + ε)
/// (Loshchilov and Hutter 2019). Every parameter given to a step decays.
/// </summary>
/// <remarks>Defaults are Keras'; PyTorch's are λ = 0.01 and ε = 1e-8. For ε see <see cref="Adam"/>.</remarks>
/// <param name="learningRate">η; 0.001 by default.</param>
/// <param name="weightDecay">λ, the share of a parameter that is lost in a step of rate 1.</param>
/// <param name="beta1">β₁, how much of m is kept.</param>
/// <param name="beta2">β₂, how much of v is kept.</param>
/// <param name="epsilon">ε, against division by 0.</param>
[Registered("adamw")]
public sealed class AdamW(Schedule? learningRate = null, double weightDecay = 0.004, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-7) : Optimizer(learningRate ?? 0.001)
{
    private static readonly string[] TwoSlots = ["momentum", "velocity"];

    private readonly FusedUpdate<AdamRule<float>, AdamRule<double>> pass = new();

    /// <summary>λ, the share of a parameter that is lost in a step of rate 1.</summary>
    public double WeightDecay { get; } = NotNegative(weightDecay, "AdamW", "weightDecay");

    /// <summary>β₁, how much of the running mean is kept.</summary>
    public double Beta1 { get; } = Share(beta1, "AdamW", "beta1");

    /// <summary>β₂, how much of the running square is kept.</summary>
    public double Beta2 { get; } = Share(beta2, "AdamW", "beta2");

    /// <summary>ε, against division by 0.</summary>
    public double Epsilon { get; } = NotNegative(epsilon, "AdamW", "epsilon");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames => TwoSlots;

    private protected override bool IsFused => true;

    /// <inheritdoc/>
    protected override void Update(OptimizerStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        pass.Run(step, AdamNumbers.Of(step, Beta1, Beta2, Epsilon, WeightDecay));
    }
}
