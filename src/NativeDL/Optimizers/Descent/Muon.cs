namespace NativeDL;

/// <summary>
/// Momentum made orthogonal: m ← μ·m + g, and p ← p − η·√max(1, n/k)·O where O is what a few steps of Newton and Schulz,
/// X ← a·X + (b·A + c·A²)·X with A = X·Xᵀ, make of g + μ·m (or of m): all of its singular values near 1 (Jordan et al. 2024). For matrices
/// <c>[n, k]</c>, to which parameters of more axes are flattened, <c>[…, k]</c>. Vectors, embeddings and what is excluded follow Adam at a share of the rate;
/// so
/// should the last layer, by its name. Defaults are Keras'.
/// </summary>
[Registered("muon")]
public sealed class Muon : Optimizer
{
    /// <summary>An optimizer that has made no step.</summary>
    /// <param name="learningRate">η; 0.001 by default.</param>
    /// <param name="adamBeta1">β₁ of the parameters that follow Adam.</param>
    /// <param name="adamBeta2">β₂ of the parameters that follow Adam.</param>
    /// <param name="epsilon">ε of the parameters that follow Adam.</param>
    /// <param name="weightDecay">The share of a parameter that is lost in a step of rate 1.</param>
    /// <param name="excludeLayers">Parameters whose name holds one of these follow Adam.</param>
    /// <param name="excludeEmbeddings">Whether parameters of embeddings, told by their name, follow Adam.</param>
    /// <param name="muonA">a of the iteration.</param>
    /// <param name="muonB">b of the iteration.</param>
    /// <param name="muonC">c of the iteration.</param>
    /// <param name="adamLrRatio">The share of the rate at which Adam is followed.</param>
    /// <param name="momentum">μ.</param>
    /// <param name="nsSteps">Steps of the iteration.</param>
    /// <param name="nesterov">Whether the momentum is Nesterov's.</param>
    public Muon(Schedule? learningRate = null, double adamBeta1 = 0.9, double adamBeta2 = 0.999, double epsilon = 1e-7, double weightDecay = 0.1,
        IReadOnlyList<string>? excludeLayers = null, bool excludeEmbeddings = true, double muonA = 3.4445, double muonB = -4.7750, double muonC = 2.0315,
        double adamLrRatio = 0.1, double momentum = 0.95, int nsSteps = 6, bool nesterov = true) : base(learningRate ?? 0.001)
    {
        (AdamBeta1, AdamBeta2, Epsilon) =
            (Share(adamBeta1, "Muon", "adamBeta1"), Share(adamBeta2, "Muon", "adamBeta2"), NotNegative(epsilon, "Muon", "epsilon"));
        (WeightDecay, ExcludeLayers, ExcludeEmbeddings) = (weightDecay, excludeLayers is null ? null : [.. excludeLayers], excludeEmbeddings);
        (MuonA, MuonB, MuonC) = (muonA, muonB, muonC);
        (AdamLrRatio, Momentum, Nesterov) = (NotNegative(adamLrRatio, "Muon", "adamLrRatio"), Share(momentum, "Muon", "momentum"), nesterov);
        NsSteps = nsSteps >= 0 ? nsSteps : throw Error.Input("Muon", "the number of steps is negative", $"{nsSteps}", "0 or more");
    }

    /// <summary>β₁ of the parameters that follow Adam.</summary>
    public double AdamBeta1 { get; }

    /// <summary>β₂ of the parameters that follow Adam.</summary>
    public double AdamBeta2 { get; }

    /// <summary>ε of the parameters that follow Adam.</summary>
    public double Epsilon { get; }

    /// <summary>Parameters whose name holds one of these follow Adam.</summary>
    public IReadOnlyList<string>? ExcludeLayers { get; }

    /// <summary>Whether parameters of embeddings follow Adam.</summary>
    public bool ExcludeEmbeddings { get; }

    /// <summary>a of the iteration.</summary>
    public double MuonA { get; }

    /// <summary>b of the iteration.</summary>
    public double MuonB { get; }

    /// <summary>c of the iteration.</summary>
    public double MuonC { get; }

    /// <summary>The share of the rate at which Adam is followed.</summary>
    public double AdamLrRatio { get; }

    /// <summary>μ.</summary>
    public double Momentum { get; }

    /// <summary>Steps of the iteration.</summary>
    public int NsSteps { get; }

    /// <summary>Whether the momentum is Nesterov's.</summary>
    public bool Nesterov { get; }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames { get; } = ["momentum", "velocity"];

    /// <summary>Only what follows Adam has squares.</summary>
    /// <inheritdoc/>
    protected override Shape SlotShape(string slot, Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return slot == "velocity" && !FollowsAdam(parameter) ? [0] : parameter.Shape;
    }

    /// <inheritdoc/>
    protected override void Update(ParameterStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (FollowsAdam(step.Parameter))
        {
            step.Value -= step.Rate * AdamLrRatio * Moments.Direction(step, AdamBeta1, AdamBeta2, Epsilon);
            return;
        }
        var mean = Momentum * step["momentum"] + step.Gradient;
        step["momentum"] = mean;
        var direction = Nesterov ? step.Gradient + Momentum * mean : mean;
        int columns = direction.Shape[^1], rows = (int)(direction.ElementCount / Math.Max(1, columns));
        if (direction.ElementCount == 0) return;
        double size = Math.Sqrt(Math.Max(1, (double)rows / columns));
        step.Value -= step.Rate * size * Orthogonal(direction.Reshape(rows, columns)).Reshape(direction.Shape);
    }

    private bool FollowsAdam(Parameter parameter) => parameter.Shape.Rank < 2
        || ExcludeEmbeddings && parameter.Name.Contains("embedding", StringComparison.OrdinalIgnoreCase)
        || ExcludeLayers is { } excluded && excluded.Any(e => parameter.Name.Contains(e, StringComparison.Ordinal));

    private Tensor Orthogonal(Tensor x)
    {
        bool isTall = x.Shape[0] > x.Shape[1];
        if (isTall) x = x.Transpose();
        x /= x.Norm() + 1e-7;
        for (int i = 0; i < NsSteps; i++)
        {
            var square = x.MatMul(x, transposeB: true);
            x = MuonA * x + (MuonB * square + MuonC * square.MatMul(square)).MatMul(x);
        }
        return isTall ? x.Transpose() : x;
    }
}
