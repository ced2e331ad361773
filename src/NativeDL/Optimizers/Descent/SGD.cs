namespace NativeDL;

/// <summary>
/// Gradient descent: p ← p − η·g. With momentum μ: v ← μ·v − η·g, p ← p + v; Nesterov's looks ahead:
/// p ← p + μ·v − η·g with the new v. Formulas and defaults are Keras'. (spec 6.14, 6.17)
/// </summary>
/// <param name="learningRate">η; 0.01 by default.</param>
/// <param name="momentum">μ, the share of the last step that is done again.</param>
/// <param name="nesterov">Whether the momentum is Nesterov's (Sutskever et al. 2013).</param>
[Registered("sgd")]
public sealed class SGD(Schedule? learningRate = null, double momentum = 0, bool nesterov = false) : ElementwiseOptimizer(learningRate ?? 0.01)
{
    /// <summary>μ, the share of the last step that is done again.</summary>
    public double Momentum { get; } = Share(momentum, "SGD", "momentum");

    /// <summary>Whether the momentum is Nesterov's.</summary>
    public bool Nesterov => nesterov;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames { get; } = momentum == 0 ? [] : ["momentum"];

    /// <inheritdoc/>
    protected override string Kernel => Momentum == 0 ? "sgd" : "sgd_momentum";

    /// <inheritdoc/>
    protected override double[] Numbers(double rate, long step) => [rate, Momentum, nesterov ? 1 : 0];

    /// <inheritdoc/>
    protected override void Update<T>(UpdateSpans<T> x)
    {
        var (rate, kept) = (x.Number(0), x.Number(1));
        var p = x.Values;
        var g = x.Gradients;
        if (Momentum == 0)
        {
            for (int i = 0; i < p.Length; i++) p[i] -= rate * g[i];
            return;
        }
        var v = x.Slot(0);
        for (int i = 0; i < p.Length; i++)
        {
            var step = rate * g[i];
            var next = kept * v[i] - step;
            v[i] = next;
            p[i] = nesterov ? p[i] + kept * next - step : p[i] + next;
        }
    }
}
