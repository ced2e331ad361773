namespace NativeDL.Losses;

/// <summary>Which rows of a batch are of one class: what losses that compare the rows with each other work on.</summary>
/// <param name="Positive">Bool <c>[N, N]</c>: another row of the row's class.</param>
/// <param name="Negative">Bool <c>[N, N]</c>: a row of another class.</param>
internal sealed record Kinship(Tensor Positive, Tensor Negative)
{
    /// <summary>The rows that have both, Bool <c>[N]</c>: the others have nothing to be compared with.</summary>
    public Tensor HasBoth => Positive.Any(1).And(Negative.Any(1));

    /// <summary>Of class numbers <c>[N]</c> beside embeddings <c>[N, D]</c>.</summary>
    /// <exception cref="ShapeMismatchException">The shapes are others.</exception>
    /// <exception cref="DTypeMismatchException">The targets are no class numbers.</exception>
    public static Kinship Of(string name, Tensor target, Tensor embeddings, bool withItself = false)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        if (embeddings.Rank != 2) throw Error.Shape(name, "the predictions are embeddings, a vector for each row", $"{embeddings.Shape}", "[N, D]");
        var labels = SparseCategoricalCrossentropy.Labels(name, target, embeddings);
        var same = labels.ExpandDims(1).Equal(labels.ExpandDims(0));
        var itself = Tensor.Eye(labels.Shape[0]).To(labels.Device).Greater(0);
        return new Kinship(withItself ? same : same.And(itself.Not()), same.Not());
    }
}
