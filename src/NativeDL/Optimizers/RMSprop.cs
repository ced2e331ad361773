using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// Divides each step by the running root of the gradient's square: v ← ρ·v + (1 − ρ)·g², p ← p − η·g / √(v + ε);
/// with momentum μ: m ← μ·m + η·g / √(v + ε), p ← p − m. Formulas and defaults are Keras', where ε stands under the
/// root; PyTorch adds it to the root. (Tieleman and Hinton 2012)
/// </summary>
/// <param name="learningRate">η; 0.001 by default.</param>
/// <param name="rho">ρ, how much of v is kept.</param>
/// <param name="momentum">μ, the share of the last step that is done again.</param>
/// <param name="epsilon">ε, against division by 0.</param>
public sealed class RMSprop(Schedule? learningRate = null, double rho = 0.9, double momentum = 0, double epsilon = 1e-7) : Optimizer(learningRate ?? 0.001), INamedOptimizer
{
    private static readonly string[] OneSlot = ["velocity"];
    private static readonly string[] TwoSlots = ["velocity", "momentum"];

    private readonly FusedUpdate<RootRule> plain = new();
    private readonly FusedUpdate<RootMomentumRule> moving = new();

    /// <inheritdoc/>
    public override string Name => "rmsprop";

    /// <summary>ρ, how much of the running square is kept.</summary>
    public double Rho { get; } = Share(rho, "RMSprop", "rho");

    /// <summary>μ, the share of the last step that is done again.</summary>
    public double Momentum { get; } = Share(momentum, "RMSprop", "momentum");

    /// <summary>ε, against division by 0.</summary>
    public double Epsilon { get; } = NotNegative(epsilon, "RMSprop", "epsilon");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames => Momentum == 0 ? OneSlot : TwoSlots;

    /// <inheritdoc/>
    protected override void Update(OptimizerStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var root = new RootRule(step.Rate, Rho, Epsilon);
        if (Momentum == 0) plain.Run(Name, step, root);
        else moving.Run(Name, step, new RootMomentumRule(root, Momentum));
    }

    static NamedSpec<Optimizer> INamedOptimizer.Spec => new(["rmsprop"], () => new RMSprop());
}

/// <summary>v ← ρ·v + (1 − ρ)·g²; p − η·g / √(v + ε).</summary>
internal readonly struct RootRule(double rate, double rho, double epsilon) : IUpdateRule
{
    public static int Slots => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> p, Vector<T> g, ref Vector<T> v, ref Vector<T> second) where T : unmanaged => p - Step(g, ref v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Step<T>(Vector<T> g, ref Vector<T> v) where T : unmanaged
    {
        v = Lanes.Constant<T>(rho) * v + Lanes.Constant<T>(1 - rho) * (g * g);
        return Lanes.Constant<T>(rate) * g / Vector.SquareRoot(v + Lanes.Constant<T>(epsilon));
    }
}

/// <summary>m ← μ·m + the step of <see cref="RootRule"/>; p − m.</summary>
internal readonly struct RootMomentumRule(RootRule root, double momentum) : IUpdateRule
{
    public static int Slots => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply<T>(Vector<T> p, Vector<T> g, ref Vector<T> v, ref Vector<T> m) where T : unmanaged
    {
        m = Lanes.Constant<T>(momentum) * m + root.Step(g, ref v);
        return p - m;
    }
}
