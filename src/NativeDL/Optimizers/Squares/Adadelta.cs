namespace NativeDL;

/// <summary>
/// Steps as large as the last ones were, in relation to the gradient: v ← ρ·v + (1 − ρ)·g², d = g·√(u + ε) / √(v + ε), u ← ρ·u + (1 − ρ)·d²,
/// p ← p − η·d (Zeiler 2012). The paper's rate is 1; formula and defaults are Keras'.
/// </summary>
/// <param name="learningRate">η; 0.001 by default.</param>
/// <param name="rho">ρ, how much of u and v is kept.</param>
/// <param name="epsilon">ε, which sets the first steps going.</param>
[Registered("adadelta")]
public sealed class Adadelta(Schedule? learningRate = null, double rho = 0.95, double epsilon = 1e-7) : Optimizer(learningRate ?? 0.001)
{
    /// <summary>ρ, how much of the running squares is kept.</summary>
    public double Rho { get; } = Share(rho, "Adadelta", "rho");

    /// <summary>ε, which sets the first steps going.</summary>
    public double Epsilon { get; } = NotNegative(epsilon, "Adadelta", "epsilon");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames { get; } = ["accumulated_grad", "accumulated_delta"];

    /// <inheritdoc/>
    protected override void Update(ParameterStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var square = Rho * step["accumulated_grad"] + (1 - Rho) * step.Gradient.Square();
        var last = step["accumulated_delta"];
        var change = step.Gradient * ((last + Epsilon).Sqrt() / (square + Epsilon).Sqrt());
        step["accumulated_grad"] = square;
        step["accumulated_delta"] = Rho * last + (1 - Rho) * change.Square();
        step.Value -= step.Rate * change;
    }
}
