using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// Adaptive moments: m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², p ← p − η·m̂ / (√v̂ + ε) with the corrected
/// m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) in the parameter's step t = 1, 2 … (Kingma and Ba 2015, algorithm 1; spec 6.18)
/// </summary>
/// <remarks>
/// Defaults are Keras'. ε is added to the corrected root, as the paper and PyTorch do; Keras adds it to the uncorrected
/// root, which makes it larger by 1/√(1 − β₂ᵗ) in the first steps. PyTorch's default is 1e-8.
/// </remarks>
/// <param name="learningRate">η; 0.001 by default.</param>
/// <param name="beta1">β₁, how much of m is kept.</param>
/// <param name="beta2">β₂, how much of v is kept.</param>
/// <param name="epsilon">ε, against division by 0.</param>
/// <param name="amsgrad">
/// Whether the largest v so far is divided by, so that no step grows because squares were forgotten (Reddi et al. 2018); in tensor operations.
/// </param>
[Registered("adam")]
public class Adam(Schedule? learningRate = null, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-7, bool amsgrad = false)
    : ElementwiseOptimizer(learningRate ?? 0.001)
{
    /// <summary>β₁, how much of the running mean is kept.</summary>
    public double Beta1 { get; } = Share(beta1, "Adam", "beta1");

    /// <summary>β₂, how much of the running square is kept.</summary>
    public double Beta2 { get; } = Share(beta2, "Adam", "beta2");

    /// <summary>ε, against division by 0.</summary>
    public double Epsilon { get; } = NotNegative(epsilon, "Adam", "epsilon");

    /// <summary>Whether the largest v so far is divided by.</summary>
    public bool Amsgrad { get; } = amsgrad;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames { get; } = amsgrad ? ["momentum", "velocity", "velocity_hat"] : ["momentum", "velocity"];

    /// <inheritdoc/>
    protected override string? Kernel => Amsgrad ? null : "adam";

    /// <summary>
    /// The corrections are drawn into rate and ε, which saves two divisions an element:
    /// η·m̂ / (√v̂ + ε) = r·m / (√v + e) with r = η·√(1 − β₂ᵗ) / (1 − β₁ᵗ), e = ε·√(1 − β₂ᵗ).
    /// </summary>
    /// <inheritdoc/>
    protected override double[] Numbers(double rate, long step)
    {
        double root = Math.Sqrt(1 - Math.Pow(Beta2, step));
        return [rate * root / (1 - Math.Pow(Beta1, step)), Epsilon * root, Beta1, 1 - Beta1, Beta2, 1 - Beta2, LeastGradient, LeastSquare];
    }

    // One derived from this may have other numbers.
    private protected sealed override double[]? Settings(double rate) =>
        this is AdamW || GetType() == typeof(Adam) ? [rate, Epsilon, Beta1, Beta2, LeastGradient, LeastSquare] : null;

    // What counts as 0 in float32: gradients 10 digits below ε, or, where ε is too small to tell, whose squares it cannot hold.
    private double LeastGradient => Epsilon >= 1e-17 ? Math.Min(1e-17, 1e-10 * Epsilon) : 2e-20;

    private double LeastSquare => Epsilon >= 1e-9 ? 1.5e-38 : 0;

    /// <inheritdoc/>
    protected override void Update<T>(UpdateSpans<T> x)
    {
        bool single = typeof(T) == typeof(float);
        // ε is never 0: what has no gradient stays where it is.
        var epsilon = Vector.Max(x.Number(1), Lanes.Constant<T>(single ? 1.5e-45 : 5e-324));
        Vector<T> leastGradient = single ? x.Number(6) : Lanes.Constant<T>(1e-150), leastMean = Lanes.Constant<T>(single ? 1e-30 : 1e-280);
        var leastSquare = single ? x.Number(7) : Lanes.Constant<T>(1e-305);
        Vector<T> rate = x.Number(0), beta1 = x.Number(2), rest1 = x.Number(3), beta2 = x.Number(4), rest2 = x.Number(5);
        var p = x.Values;
        var g = x.Gradients;
        Span<Vector<T>> m = x.Slot(0), v = x.Slot(1);
        for (int i = 0; i < p.Length; i++)
        {
            var change = Above(g[i], leastGradient);
            var mean = Above(beta1 * m[i] + rest1 * change, leastMean);
            var square = Above(beta2 * v[i] + rest2 * (change * change), leastSquare);
            m[i] = mean;
            v[i] = square;
            p[i] -= rate * mean / (Vector.SquareRoot(square) + epsilon);
        }
    }

    /// <summary>The rule with <see cref="Amsgrad"/>.</summary>
    /// <inheritdoc/>
    protected override void Update(ParameterStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        double[] numbers = Numbers(step.Rate, step.Number);
        var mean = Beta1 * step["momentum"] + (1 - Beta1) * step.Gradient;
        var square = Beta2 * step["velocity"] + (1 - Beta2) * step.Gradient.Square();
        var most = Tensor.Maximum(step["velocity_hat"], square);
        (step["momentum"], step["velocity"], step["velocity_hat"]) = (mean, square, most);
        // What has no gradient stays where it is, also with an ε of 0.
        step.Value -= Tensor.DivideNoNan(numbers[0] * mean, most.Sqrt() + numbers[1]);
    }

    // Where gradients have ended (a unit that never fires), m and v decay into subnormal numbers and stay there, each a
    // detour of some hundred cycles in every step from then on. What is 10 digits below ε's reach is 0 before that.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Above<T>(Vector<T> x, Vector<T> limit) where T : unmanaged => Vector.AndNot(x, Vector.LessThan(Vector.Abs(x), limit));
}
