namespace NativeDL;

/// <summary>
/// Keeps, of a matrix' squares, the means of rows and columns alone: r ← β·r + (1 − β)·mean of g² + ε₁ over columns, c likewise over rows,
/// v = r·c / mean r; of a vector v itself. Then u = g/√v, û = u / max(1, RMS(u)/d) and p ← p − max(ε₂, RMS(p))·ρ·û, with β = 1 − t^decay and
/// ρ = min(η, 1/√t) in the parameter's step t = 1, 2 … (Shazeer and Stern 2018). Formula and defaults are Keras'.
/// </summary>
/// <param name="learningRate">η; 0.001 by default.</param>
/// <param name="beta2Decay">How β grows.</param>
/// <param name="epsilon1">ε₁, added to squares.</param>
/// <param name="epsilon2">ε₂, the least size that a parameter is taken to have.</param>
/// <param name="clipThreshold">d, the largest root mean square of a step before it is scaled.</param>
/// <param name="relativeStep">Whether the rate falls with the root of t; else ρ = η.</param>
[Registered("adafactor")]
public sealed class Adafactor(Schedule? learningRate = null, double beta2Decay = -0.8, double epsilon1 = 1e-30, double epsilon2 = 1e-3,
    double clipThreshold = 1, bool relativeStep = true) : Optimizer(learningRate ?? 0.001)
{
    /// <summary>How β grows.</summary>
    public double Beta2Decay { get; } = beta2Decay < 0 && double.IsFinite(beta2Decay) ? beta2Decay
        : throw Error.Input("Adafactor", "beta2Decay is out of range", $"{beta2Decay}", "below 0");

    /// <summary>ε₁, added to squares.</summary>
    public double Epsilon1 { get; } = NotNegative(epsilon1, "Adafactor", "epsilon1");

    /// <summary>ε₂, the least size that a parameter is taken to have.</summary>
    public double Epsilon2 { get; } = NotNegative(epsilon2, "Adafactor", "epsilon2");

    /// <summary>d, the largest root mean square of a step before it is scaled.</summary>
    public double ClipThreshold { get; } = clipThreshold > 0 ? clipThreshold
        : throw Error.Input("Adafactor", "clipThreshold is out of range", $"{clipThreshold}", "above 0");

    /// <summary>Whether the rate falls with the root of the steps.</summary>
    public bool RelativeStep => relativeStep;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames { get; } = ["row", "column"];

    /// <summary>Of a parameter <c>[…, n, m]</c> <c>[…, n]</c> and <c>[…, m]</c>; of others the squares, and nothing.</summary>
    /// <inheritdoc/>
    protected override Shape SlotShape(string slot, Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        int rank = parameter.Shape.Rank;
        return rank < 2 ? slot == "row" ? parameter.Shape : [0] : parameter.Shape.Without([slot == "row" ? rank - 1 : rank - 2]);
    }

    /// <inheritdoc/>
    protected override void Update(ParameterStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (step.Value.ElementCount == 0) return;
        double kept = 1 - Math.Pow(step.Number, Beta2Decay), rate = relativeStep ? Math.Min(step.Rate, 1 / Math.Sqrt(step.Number)) : step.Rate;
        var square = step.Gradient.Square() + Epsilon1;
        Tensor change;
        if (step.Value.Rank < 2)
        {
            var v = kept * step["row"] + (1 - kept) * square;
            step["row"] = v;
            change = step.Gradient * v.Rsqrt();
        }
        else
        {
            Tensor row = kept * step["row"] + (1 - kept) * square.Mean(-1), column = kept * step["column"] + (1 - kept) * square.Mean(-2);
            (step["row"], step["column"]) = (row, column);
            // Root by root: the product of two small means is smaller than a number can be.
            change = step.Gradient * (row / row.Mean(-1, keepDims: true)).Rsqrt().ExpandDims(-1) * column.Rsqrt().ExpandDims(-2);
        }
        var size = Root(step.Value).Clip(Epsilon2, double.PositiveInfinity);
        step.Value -= rate * size * change / (Root(change) * (1 / ClipThreshold)).Clip(1, double.PositiveInfinity);
    }

    // √(mean of squares), which no square overflows.
    private static Tensor Root(Tensor x) => x.Norm() * (1 / Math.Sqrt(x.ElementCount));
}
