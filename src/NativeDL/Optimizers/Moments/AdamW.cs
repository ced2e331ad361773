namespace NativeDL;

/// <summary>
/// <see cref="Adam"/> with weight decay beside the gradient, not in it: p ← (1 − η·λ)·p − η·m̂ / (√v̂ + ε)
/// (Loshchilov and Hutter 2019). Every parameter given to a step decays.
/// </summary>
/// <remarks>Defaults are Keras'; PyTorch's are λ = 0.01 and ε = 1e-8. For ε see <see cref="Adam"/>.</remarks>
[Registered("adamw")]
public sealed class AdamW : Adam
{
    /// <summary>Adam that has weight decay from the beginning.</summary>
    /// <param name="learningRate">η; 0.001 by default.</param>
    /// <param name="weightDecay">λ, the share of a parameter that is lost in a step of rate 1.</param>
    /// <param name="beta1">β₁, how much of m is kept.</param>
    /// <param name="beta2">β₂, how much of v is kept.</param>
    /// <param name="epsilon">ε, against division by 0.</param>
    /// <param name="amsgrad">Whether the largest v so far is divided by.</param>
    public AdamW(Schedule? learningRate = null, double weightDecay = 0.004, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-7,
        bool amsgrad = false)
        : base(learningRate, beta1, beta2, epsilon, amsgrad) => WeightDecay = weightDecay;
}
