namespace NativeDL.Losses;

/// <summary>Which negatives a row is compared with.</summary>
public enum TripletMining
{
    /// <summary>
    /// For each positive the nearest negative that is farther away than it, or, if none is, the farthest of all (Schroff et al. 2015): the mean over positives.
    /// </summary>
    SemiHard,

    /// <summary>The farthest positive against the nearest negative (Hermans et al. 2017).</summary>
    Hard,
}

/// <summary>
/// max(0, d⁺ − d⁻ + m): each row of a batch shall be nearer, by m, to those of its class than to others. Targets are class numbers <c>[N]</c>,
/// predictions embeddings <c>[N, D]</c>, most often of length 1; d is the Euclidean distance, which has no gradient at 0. The triplets are found in
/// the batch; rows without a positive or without a negative there do not count. For three tensors of a hand-written loop: <see cref="Of"/>.
/// </summary>
/// <param name="margin">m.</param>
/// <param name="mining">Which negatives count.</param>
public sealed class Triplet(double margin = 1, TripletMining mining = TripletMining.SemiHard) : Loss
{
    /// <summary>m, by how much nearer.</summary>
    public double Margin { get; } = Checked(margin);

    /// <summary>Which negatives count.</summary>
    public TripletMining Mining => mining;

    /// <inheritdoc/>
    public override bool RowsMeet => true;

    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction)
    {
        var kin = Kinship.Of(Name, target, prediction);
        var distances = (prediction.ExpandDims(1) - prediction.ExpandDims(0)).Norm(-1);
        var each = mining == TripletMining.Hard ? Hard(kin, distances) : SemiHard(kin, distances);
        return Tensor.Where(kin.HasBoth, each, 0);
    }

    /// <summary>The loss of each of n triplets: <c>[N, D], [N, D], [N, D] -> [N]</c>; gradients flow to all three.</summary>
    /// <param name="anchor">The rows that are compared.</param>
    /// <param name="positive">What they shall be near to.</param>
    /// <param name="negative">What they shall be far from.</param>
    /// <param name="margin">m.</param>
    /// <exception cref="ShapeMismatchException">The shapes are not equal.</exception>
    public static Tensor Of(Tensor anchor, Tensor positive, Tensor negative, double margin = 1)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        ArgumentNullException.ThrowIfNull(positive);
        ArgumentNullException.ThrowIfNull(negative);
        if (anchor.Rank < 2 || anchor.Shape != positive.Shape || anchor.Shape != negative.Shape)
            throw Error.Shape("Triplet.Of", "the three do not fit", $"{anchor.Shape}, {positive.Shape} and {negative.Shape}", "three times [N, D]");
        return ((anchor - positive).Norm(-1) - (anchor - negative).Norm(-1) + Checked(margin)).Relu();
    }

    private protected override Tensor? Counted(Tensor target, Tensor prediction) => Kinship.Of(Name, target, prediction).HasBoth;

    private Tensor Hard(Kinship kin, Tensor distances) =>
        (Tensor.Where(kin.Positive, distances, 0).Max(1) - Tensor.Where(kin.Negative, distances, double.PositiveInfinity).Min(1) + Margin).Relu();

    private Tensor SemiHard(Kinship kin, Tensor distances)
    {
        // [anchor, positive, negative]
        var farther = kin.Negative.ExpandDims(1).And(distances.ExpandDims(1).Greater(distances.ExpandDims(2)));
        var next = Tensor.Where(farther, distances.ExpandDims(1), double.PositiveInfinity).Min(2);
        var farthest = Tensor.Where(kin.Negative, distances, 0).Max(1, keepDims: true);
        var each = (distances - Tensor.Where(farther.Any(2), next, farthest) + Margin).Relu();
        var count = kin.Positive.Cast(distances.DType).Sum(1).Clip(1, double.PositiveInfinity);
        return Tensor.Where(kin.Positive, each, 0).Sum(1) / count;
    }

    private static double Checked(double margin) => margin >= 0 && double.IsFinite(margin) ? margin
        : throw Error.Input("Triplet", "the margin is out of range", $"{margin}", "0 or more, finite");
}
