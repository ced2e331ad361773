namespace NativeDL.Losses;

/// <summary>
/// −Σ ŷ·ô along an axis, of the directions ŷ = y/‖y‖ and ô = o/‖o‖, averaged over rows: −1 where both point the same way, 0 at a right angle, 1 where they
/// are opposed. The metric of this name has the other sign, as in Keras (E83). A vector of zeros has no direction: it gives 0, and no gradient.
/// </summary>
/// <param name="axis">The axis of the vectors.</param>
public sealed class CosineSimilarity(int axis = -1) : Loss
{
    /// <summary>The axis of the vectors.</summary>
    public int Axis => axis;

    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction) => Rows(-Of(Fit(target, prediction), prediction, axis), mean: true);

    /// <summary>The cosine of the angles between two lots of vectors.</summary>
    internal static Tensor Of(Tensor y, Tensor prediction, int axis)
    {
        if (prediction.Rank < 2) throw Error.Shape("CosineSimilarity", "vectors need an axis beside the batch's", $"{prediction.Shape}", "[N, …]");
        return (Direction(y, axis) * Direction(prediction, axis)).Sum(axis);
    }

    /// <summary>x/‖x‖ along an axis, and 0, without a gradient, where x is 0.</summary>
    internal static Tensor Direction(Tensor x, int axis) => Tensor.DivideNoNan(x, x.Norm(axis, keepDims: true));
}
