namespace NativeDL;

/// <summary>Weights of rows, or of positions, beside what they weigh.</summary>
internal static class SampleWeights
{
    /// <summary>The weights in float64 or the given element type, shaped so that they broadcast over values <c>[N, …]</c>.</summary>
    /// <param name="what">Who weighs, for the error.</param>
    /// <param name="weights"><c>[N]</c>, or <c>[N, T]</c> and so on: the first axes of the values.</param>
    /// <param name="values">The shape of what is weighed.</param>
    /// <param name="dtype">The element type of the result.</param>
    /// <exception cref="ShapeMismatchException">The weights' axes are not the values' first.</exception>
    public static Tensor Over(string what, Tensor weights, Shape values, DType dtype)
    {
        weights = Trimmed(what, weights, values).Cast(dtype);
        return weights.Rank == values.Rank ? weights : weights.Reshape([.. weights.Shape, .. Enumerable.Repeat(1, values.Rank - weights.Rank)]);
    }

    /// <summary>The weights without axes of size 1 at their end, which must then be the first axes of the values.</summary>
    public static Tensor Trimmed(string what, Tensor weights, Shape values)
    {
        var given = weights.Shape;
        while (weights.Rank > 1 && weights.Shape.Dimension(^1) == 1) weights = weights.Squeeze(-1);
        int axes = weights.Rank;
        if (axes == 0 || axes > values.Rank || !weights.Shape.Dimensions.SequenceEqual(values.Dimensions[..axes]))
            throw Error.Shape(what, "the sample weights do not fit the predictions", $"weights {given} for {values}",
                values.Rank == 0 ? "a batch axis"
                    : $"{values[..1]}, one for each row{(values.Rank > 1 ? ", or one for each position of the axes that follow" : "")}");
        return weights;
    }
}
