namespace NativeDL.Losses;

/// <summary>
/// log(1 + Σ exp(γ·[s⁻ + m]₊·(s⁻ − m)) · Σ exp(−γ·[1 + m − s⁺]₊·(s⁺ − 1 + m))) over a row's negatives and positives in the batch; s is the cosine of
/// the angle between two embeddings, and what is far from its goal counts more (Sun et al. 2020). Targets are class numbers <c>[N]</c>, predictions embeddings
/// <c>[N, D]</c> of any length. Rows without a positive or without a negative do not count. (Keras' <c>circle</c>, which wants length 1)
/// </summary>
/// <param name="gamma">γ, how sharply.</param>
/// <param name="margin">m: positives shall be above 1 − m, negatives below m.</param>
/// <param name="removeDiagonal">Whether a row is no positive of itself.</param>
public sealed class Circle(double gamma = 80, double margin = 0.4, bool removeDiagonal = true) : Loss
{
    /// <summary>γ, how sharply.</summary>
    public double Gamma { get; } = gamma > 0 && double.IsFinite(gamma) ? gamma
        : throw Error.Input("Circle", "gamma is out of range", $"{gamma}", "above 0, finite");

    /// <summary>m: positives shall be above 1 − m, negatives below m.</summary>
    public double Margin { get; } = margin is >= 0 and <= 1 ? margin : throw Error.Input("Circle", "the margin is out of range", $"{margin}", "0 to 1");

    /// <summary>Whether a row is no positive of itself.</summary>
    public bool RemoveDiagonal => removeDiagonal;

    /// <inheritdoc/>
    public override bool RowsMeet => true;

    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction)
    {
        var kin = Kinship.Of(Name, target, prediction, withItself: !removeDiagonal);
        var directions = Losses.CosineSimilarity.Direction(prediction, -1);
        var s = directions.MatMul(directions, transposeB: true);
        var near = (s + Margin).Relu() * (s - Margin) * Gamma;
        var far = (1 + Margin - s).Relu() * (s - (1 - Margin)) * -Gamma;
        // Nobody's exponent is so low that it counts, and so high that a row of nobody's still has a sum.
        const double Nobody = -1e4;
        var sum = Tensor.Where(kin.Negative, near, Nobody).LogSumExp(1) + Tensor.Where(kin.Positive, far, Nobody).LogSumExp(1);
        return Tensor.Where(kin.HasBoth, sum.Softplus(), 0);
    }

    private protected override Tensor? Counted(Tensor target, Tensor prediction) =>
        Kinship.Of(Name, target, prediction, withItself: !removeDiagonal).HasBoth;
}
