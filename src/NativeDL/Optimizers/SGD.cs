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
[Registered("sgd")]
public sealed class SGD(Schedule? learningRate = null, double momentum = 0, bool nesterov = false) : Optimizer(learningRate ?? 0.01)
{
    private static readonly string[] OneSlot = ["momentum"];

    private readonly FusedUpdate<DescentRule<float>, DescentRule<double>> plain = new();
    private readonly FusedUpdate<MomentumRule<float>, MomentumRule<double>> moving = new();

    /// <summary>μ, the share of the last step that is done again.</summary>
    public double Momentum { get; } = Share(momentum, "SGD", "momentum");

    /// <summary>Whether the momentum is Nesterov's.</summary>
    public bool Nesterov => nesterov;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames => Momentum == 0 ? [] : OneSlot;

    private protected override bool IsFused => true;

    /// <inheritdoc/>
    protected override void Update(OptimizerStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (Momentum == 0) plain.Run(step, new(step.Rate));
        else moving.Run(step, new(step.Rate, Momentum, nesterov ? 1 : 0));
    }
}

/// <summary>p − η·g.</summary>
internal readonly struct DescentRule<T>(UpdateNumbers numbers) : IUpdateRule<DescentRule<T>, T> where T : unmanaged
{
    private readonly Vector<T> rate = Lanes.Constant<T>(numbers[0]);

    public static int Slots => 0;

    public static string Kernel => "descent";

    public static DescentRule<T> With(UpdateNumbers numbers) => new(numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply(Vector<T> p, Vector<T> g, ref Vector<T> first, ref Vector<T> second) => p - rate * g;
}

/// <summary>v ← μ·v − η·g; p + v, or with Nesterov's momentum p + μ·v − η·g.</summary>
internal readonly struct MomentumRule<T>(UpdateNumbers numbers) : IUpdateRule<MomentumRule<T>, T> where T : unmanaged
{
    private readonly Vector<T> rate = Lanes.Constant<T>(numbers[0]), momentum = Lanes.Constant<T>(numbers[1]);
    private readonly bool nesterov = numbers[2] != 0;

    public static int Slots => 1;

    public static string Kernel => "momentum";

    public static MomentumRule<T> With(UpdateNumbers numbers) => new(numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply(Vector<T> p, Vector<T> g, ref Vector<T> v, ref Vector<T> second)
    {
        var step = rate * g;
        v = momentum * v - step;
        return nesterov ? p + momentum * v - step : p + v;
    }
}
