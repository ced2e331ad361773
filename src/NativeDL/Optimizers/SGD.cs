using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// Gradient descent: p ← p − η·g. With momentum μ: v ← μ·v − η·g, p ← p + v; Nesterov's looks ahead:
/// p ← p + μ·v − η·g with the new v. Formulas and defaults are Keras'. (spec 6.14, 6.17)
/// </summary>
/// <param name="learningRate">η; 0.01 by default.</param>
/// <param name="momentum">μ, the share of the last step that is done again.</param>
/// <param name="nesterov">Whether the momentum is Nesterov's (Sutskever et al. 2013).</param>
public sealed class SGD(Schedule? learningRate = null, double momentum = 0, bool nesterov = false) : Optimizer(learningRate ?? 0.01), INamedOptimizer
{
    private static readonly string[] OneSlot = ["momentum"];

    private readonly FusedUpdate<DescentRule> plain = new();
    private readonly FusedUpdate<MomentumRule> moving = new();

    /// <inheritdoc/>
    public override string Name => "sgd";

    /// <summary>μ, the share of the last step that is done again.</summary>
    public double Momentum { get; } = Share(momentum, "SGD", "momentum");

    /// <summary>Whether the momentum is Nesterov's.</summary>
    public bool Nesterov => nesterov;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames => Momentum == 0 ? [] : OneSlot;

    /// <inheritdoc/>
    protected override void Update(OptimizerStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (Momentum == 0) plain.Run(Name, step, new DescentRule(step.Rate));
        else moving.Run(Name, step, new MomentumRule(step.Rate, Momentum, nesterov));
    }

    static NamedSpec<Optimizer> INamedOptimizer.Spec => new(["sgd"], () => new SGD());
}

/// <summary>p − η·g.</summary>
internal readonly struct DescentRule(double rate) : IUpdateRule
{
    public static int Slots => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> p, Vector<T> g, ref Vector<T> first, ref Vector<T> second) where T : unmanaged => p - Lanes.Constant<T>(rate) * g;
}

/// <summary>v ← μ·v − η·g; p + v, or with Nesterov's momentum p + μ·v − η·g.</summary>
internal readonly struct MomentumRule(double rate, double momentum, bool nesterov) : IUpdateRule
{
    public static int Slots => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> p, Vector<T> g, ref Vector<T> v, ref Vector<T> second) where T : unmanaged
    {
        var (mu, step) = (Lanes.Constant<T>(momentum), Lanes.Constant<T>(rate) * g);
        v = mu * v - step;
        return nesterov ? p + mu * v - step : p + v;
    }
}
