using System.Numerics;

namespace NativeDL;

/// <summary>
/// Divides each step by the running root of the gradient's square: v ← ρ·v + (1 − ρ)·g², p ← p − η·g / √(v + ε);
/// with momentum μ: m ← μ·m + η·g / √(v + ε), p ← p − m. Formulas and defaults are Keras', where ε stands under the
/// root; PyTorch adds it to the root. Centered, a ← ρ·a + (1 − ρ)·g and v − a² stands for v: the variance of gradients.
/// (Tieleman and Hinton 2012, Graves 2013)
/// </summary>
/// <param name="learningRate">η; 0.001 by default.</param>
/// <param name="rho">ρ, how much of v is kept.</param>
/// <param name="momentum">μ, the share of the last step that is done again.</param>
/// <param name="epsilon">ε, against division by 0.</param>
/// <param name="centered">Whether the variance is divided by instead of the square; in tensor operations.</param>
[Registered("rmsprop")]
public sealed class RMSprop(Schedule? learningRate = null, double rho = 0.9, double momentum = 0, double epsilon = 1e-7, bool centered = false)
    : ElementwiseOptimizer(learningRate ?? 0.001)
{
    /// <summary>ρ, how much of the running square is kept.</summary>
    public double Rho { get; } = Share(rho, "RMSprop", "rho");

    /// <summary>μ, the share of the last step that is done again.</summary>
    public double Momentum { get; } = Share(momentum, "RMSprop", "momentum");

    /// <summary>ε, against division by 0.</summary>
    public double Epsilon { get; } = NotNegative(epsilon, "RMSprop", "epsilon");

    /// <summary>Whether the variance is divided by.</summary>
    public bool Centered { get; } = centered;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames { get; } =
        ["velocity", .. momentum == 0 ? (string[])[] : ["momentum"], .. centered ? (string[])["average_gradient"] : []];

    /// <inheritdoc/>
    protected override string? Kernel => Centered ? null : Momentum == 0 ? "rmsprop" : "rmsprop_momentum";

    /// <inheritdoc/>
    protected override double[] Numbers(double rate, long step) => [rate, Rho, 1 - Rho, Epsilon, Momentum];

    /// <inheritdoc/>
    protected override void Update<T>(UpdateSpans<T> x)
    {
        Vector<T> rate = x.Number(0), rho = x.Number(1), rest = x.Number(2), epsilon = x.Number(3), kept = x.Number(4);
        var p = x.Values;
        var g = x.Gradients;
        var v = x.Slot(0);
        var m = Momentum == 0 ? default : x.Slot(1);
        for (int i = 0; i < p.Length; i++)
        {
            var square = rho * v[i] + rest * (g[i] * g[i]);
            var step = rate * g[i] / Vector.SquareRoot(square + epsilon);
            v[i] = square;
            if (!m.IsEmpty) m[i] = step = kept * m[i] + step;
            p[i] -= step;
        }
    }

    /// <summary>The rule with <see cref="Centered"/>.</summary>
    /// <inheritdoc/>
    protected override void Update(ParameterStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var square = Rho * step["velocity"] + (1 - Rho) * step.Gradient.Square();
        var mean = Rho * step["average_gradient"] + (1 - Rho) * step.Gradient;
        (step["velocity"], step["average_gradient"]) = (square, mean);
        // By rounding the square of the mean can be above the mean of squares.
        var change = step.Rate * step.Gradient / ((square - mean.Square()).Relu() + Epsilon).Sqrt();
        if (Momentum != 0) step["momentum"] = change = Momentum * step["momentum"] + change;
        step.Value -= change;
    }
}
