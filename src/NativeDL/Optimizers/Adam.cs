using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// Adaptive moments: m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², p ← p − η·m̂ / (√v̂ + ε) with the corrected
/// m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) in step t = 1, 2 … (Kingma and Ba 2015, algorithm 1; spec 6.18)
/// </summary>
/// <remarks>
/// Defaults are Keras'. ε is added to the corrected root, as the paper and PyTorch do; Keras adds it to the uncorrected
/// root, which makes it larger by 1/√(1 − β₂ᵗ) in the first steps. PyTorch's default is 1e-8.
/// </remarks>
/// <param name="learningRate">η; 0.001 by default.</param>
/// <param name="beta1">β₁, how much of m is kept.</param>
/// <param name="beta2">β₂, how much of v is kept.</param>
/// <param name="epsilon">ε, against division by 0.</param>
[Registered("adam")]
public sealed class Adam(Schedule? learningRate = null, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-7) : Optimizer(learningRate ?? 0.001)
{
    private static readonly string[] TwoSlots = ["momentum", "velocity"];

    private readonly FusedUpdate<AdamRule<float>, AdamRule<double>> pass = new();

    /// <summary>β₁, how much of the running mean is kept.</summary>
    public double Beta1 { get; } = Share(beta1, "Adam", "beta1");

    /// <summary>β₂, how much of the running square is kept.</summary>
    public double Beta2 { get; } = Share(beta2, "Adam", "beta2");

    /// <summary>ε, against division by 0.</summary>
    public double Epsilon { get; } = NotNegative(epsilon, "Adam", "epsilon");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames => TwoSlots;

    private protected override bool IsFused => true;

    /// <inheritdoc/>
    protected override void Update(OptimizerStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        pass.Run(step, AdamNumbers.Of(step, Beta1, Beta2, Epsilon, weightDecay: 0));
    }
}

/// <summary>
/// The numbers of Adam and AdamW. The corrections are drawn into rate and ε, which saves two divisions an element:
/// η·m̂ / (√v̂ + ε) = r·m / (√v + e) with r = η·√(1 − β₂ᵗ) / (1 − β₁ᵗ), e = ε·√(1 − β₂ᵗ).
/// </summary>
internal static class AdamNumbers
{
    public static UpdateNumbers Of(OptimizerStep step, double beta1, double beta2, double epsilon, double weightDecay)
    {
        double root = Math.Sqrt(1 - Math.Pow(beta2, step.Number));
        return new(step.Rate * root / (1 - Math.Pow(beta1, step.Number)), epsilon * root, 1 - step.Rate * weightDecay, beta1, 1 - beta1, beta2, 1 - beta2);
    }
}

/// <summary>The update of Adam and AdamW.</summary>
internal readonly struct AdamRule<T>(UpdateNumbers numbers) : IUpdateRule<AdamRule<T>, T> where T : unmanaged
{
    private readonly Vector<T> rate = Lanes.Constant<T>(numbers[0]), epsilon = Lanes.Constant<T>(numbers[1]), kept = Lanes.Constant<T>(numbers[2]),
        beta1 = Lanes.Constant<T>(numbers[3]), rest1 = Lanes.Constant<T>(numbers[4]), beta2 = Lanes.Constant<T>(numbers[5]), rest2 = Lanes.Constant<T>(numbers[6]);

    public static int Slots => 2;

    public static string Kernel => "adam";

    public static AdamRule<T> With(UpdateNumbers numbers) => new(numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Apply(Vector<T> p, Vector<T> g, ref Vector<T> m, ref Vector<T> v)
    {
        g = Above(g, 1e-17, 1e-150);
        m = Above(beta1 * m + rest1 * g, 1e-30, 1e-280);
        v = Above(beta2 * v + rest2 * (g * g), 1.5e-38, 1e-305);
        return kept * p - rate * m / (Vector.SquareRoot(v) + epsilon);
    }

    // Where gradients have ended (a unit that never fires), m and v decay into subnormal numbers and stay there, each a
    // detour of some hundred cycles in every step from then on. What is 10 digits below ε's reach is 0 before that.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Above(Vector<T> x, double singleLimit, double doubleLimit) =>
        Vector.AndNot(x, Vector.LessThan(Vector.Abs(x), Lanes.Constant<T>(typeof(T) == typeof(float) ? singleLimit : doubleLimit)));
}
