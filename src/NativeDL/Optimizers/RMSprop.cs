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
[Registered("rmsprop")]
public sealed class RMSprop(Schedule? learningRate = null, double rho = 0.9, double momentum = 0, double epsilon = 1e-7) : Optimizer(learningRate ?? 0.001)
{
    private static readonly string[] OneSlot = ["velocity"];
    private static readonly string[] TwoSlots = ["velocity", "momentum"];

    private readonly FusedUpdate<RootRule<float>, RootRule<double>> plain = new();
    private readonly FusedUpdate<RootMomentumRule<float>, RootMomentumRule<double>> moving = new();

    /// <summary>ρ, how much of the running square is kept.</summary>
    public double Rho { get; } = Share(rho, "RMSprop", "rho");

    /// <summary>μ, the share of the last step that is done again.</summary>
    public double Momentum { get; } = Share(momentum, "RMSprop", "momentum");

    /// <summary>ε, against division by 0.</summary>
    public double Epsilon { get; } = NotNegative(epsilon, "RMSprop", "epsilon");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames => Momentum == 0 ? OneSlot : TwoSlots;

    private protected override bool IsFused => true;

    /// <inheritdoc/>
    protected override void Update(OptimizerStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var numbers = new UpdateNumbers(step.Rate, Rho, 1 - Rho, Epsilon, Momentum);
        if (Momentum == 0) plain.Run(step, numbers);
        else moving.Run(step, numbers);
    }
}

/// <summary>v ← ρ·v + (1 − ρ)·g²; p − η·g / √(v + ε).</summary>
internal readonly struct RootRule<T>(UpdateNumbers numbers) : IUpdateRule<RootRule<T>, T> where T : unmanaged
{
    private readonly Vector<T> rate = Lanes.Constant<T>(numbers[0]), rho = Lanes.Constant<T>(numbers[1]), rest = Lanes.Constant<T>(numbers[2]), epsilon = Lanes.Constant<T>(numbers[3]);

    public static int Slots => 1;

    public static string Kernel => "root";

    public static RootRule<T> With(UpdateNumbers numbers) => new(numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply(Vector<T> p, Vector<T> g, ref Vector<T> v, ref Vector<T> second) => p - Step(g, ref v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Step(Vector<T> g, ref Vector<T> v)
    {
        v = rho * v + rest * (g * g);
        return rate * g / Vector.SquareRoot(v + epsilon);
    }
}

/// <summary>m ← μ·m + the step of <see cref="RootRule{T}"/>; p − m.</summary>
internal readonly struct RootMomentumRule<T>(UpdateNumbers numbers) : IUpdateRule<RootMomentumRule<T>, T> where T : unmanaged
{
    private readonly RootRule<T> root = new(numbers);
    private readonly Vector<T> momentum = Lanes.Constant<T>(numbers[4]);

    public static int Slots => 2;

    public static string Kernel => "root_momentum";

    public static RootMomentumRule<T> With(UpdateNumbers numbers) => new(numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply(Vector<T> p, Vector<T> g, ref Vector<T> v, ref Vector<T> m)
    {
        m = momentum * m + root.Step(g, ref v);
        return p - m;
    }
}
