namespace NativeDL;

/// <summary>
/// Adam whose step of a whole parameter is as long as the parameter itself, times the rate: r = m̂ / (√v̂ + ε), p ← p − η·(‖p‖/‖r‖)·r, where both
/// norms are above 0, for large batches (You et al. 2020). Defaults are Keras'; ε is added to the corrected root, as in <see cref="Adam"/>.
/// </summary>
/// <remarks>Weight decay stands beside the step, as in Keras; in the paper it is part of r.</remarks>
/// <param name="learningRate">η; 0.001 by default.</param>
/// <param name="beta1">β₁, how much of m is kept.</param>
/// <param name="beta2">β₂, how much of v is kept.</param>
/// <param name="epsilon">ε, against division by 0.</param>
[Registered("lamb")]
public sealed class Lamb(Schedule? learningRate = null, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-7) : Optimizer(learningRate ?? 0.001)
{
    /// <summary>β₁, how much of the running mean is kept.</summary>
    public double Beta1 { get; } = Share(beta1, "Lamb", "beta1");

    /// <summary>β₂, how much of the running square is kept.</summary>
    public double Beta2 { get; } = Share(beta2, "Lamb", "beta2");

    /// <summary>ε, against division by 0.</summary>
    public double Epsilon { get; } = NotNegative(epsilon, "Lamb", "epsilon");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames { get; } = ["momentum", "velocity"];

    /// <inheritdoc/>
    protected override void Update(ParameterStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var direction = Moments.Direction(step, Beta1, Beta2, Epsilon);
        Tensor length = step.Value.Norm(), way = direction.Norm();
        var ratio = Tensor.Where(length.Greater(0).And(way.Greater(0)), length / way, 1);
        step.Value -= step.Rate * ratio * direction;
    }
}

/// <summary>Adam's direction in tensor operations, for rules that do more with it.</summary>
internal static class Moments
{
    /// <summary>m̂ / (√v̂ + ε), of the slots <c>momentum</c> and <c>velocity</c>, which it moves on.</summary>
    public static Tensor Direction(ParameterStep step, double beta1, double beta2, double epsilon)
    {
        var mean = beta1 * step["momentum"] + (1 - beta1) * step.Gradient;
        var square = beta2 * step["velocity"] + (1 - beta2) * step.Gradient.Square();
        (step["momentum"], step["velocity"]) = (mean, square);
        // The corrections as factors of whole tensors: m̂ / (√v̂ + ε) = c·m / (√v + ε·root).
        double root = Math.Sqrt(1 - Math.Pow(beta2, step.Number));
        return root / (1 - Math.Pow(beta1, step.Number)) * mean / (square.Sqrt() + epsilon * root);
    }
}
