namespace NativeDL.Losses;

/// <summary>
/// What losses on probabilities know of logits. While training such a loss goes back to the logits where the probabilities are a
/// softmax's or a sigmoid's: p − y is the gradient there, while a probability that has rounded to 0 or 1 teaches nothing any more.
/// </summary>
internal static class Logits
{
    /// <summary>The operand of the softmax along the last axis that made these probabilities while a tape recorded; null if nothing such did.</summary>
    public static Tensor? BehindSoftmax(Tensor probabilities) => probabilities.Node?.Op is SoftmaxOp softmax ? softmax.Logits : null;

    /// <summary>
    /// The operand of the sigmoid that made them, alone or at the end of a linear product, which is then computed once more; null if nothing such did.
    /// </summary>
    public static Tensor? BehindSigmoid(Tensor probabilities) => probabilities.Node is not { } made ? null : made.Op switch
    {
        UnaryOp<SigmoidOp> sigmoid => sigmoid.Function.Logits,
        LinearOp linear => linear.BeforeSigmoid(made),
        _ => null,
    };

    /// <summary>
    /// log p along the last axis, without going through p where there are logits; probabilities are brought to the sum 1 and kept 1e-7 above 0.
    /// </summary>
    /// <param name="name">The loss, for errors.</param>
    /// <param name="prediction">Logits or rows of probabilities, <c>[…, classes]</c>.</param>
    /// <param name="fromLogits">Whether they are logits.</param>
    /// <exception cref="InvalidInputException">Rows that should be probabilities are none.</exception>
    public static Tensor LogProbabilities(string name, Tensor prediction, bool fromLogits)
    {
        if ((fromLogits ? prediction : BehindSoftmax(prediction)) is { } logits) return logits.LogSoftmax();
        var p = RequireProbabilities(name, prediction, sumTo1: true);
        return (p / p.Sum([-1], keepDims: true)).Clip(1e-7, 1).Log();
    }

    /// <summary>The predictions, found to be probabilities. On a device nobody waits to look: rows that are none become NaN, which training reports.</summary>
    /// <exception cref="InvalidInputException">A prediction lies outside of 0 to 1, or a row does not sum to 1.</exception>
    public static Tensor RequireProbabilities(string name, Tensor p, bool sumTo1)
    {
        if (p.IsSymbolic || p.ElementCount == 0) return p;
        var looked = p.StopGradient();
        double most = looked.DType.IsHalf() ? 0.02 : 1e-3;
        // NaN is no business of this.
        var outside = (looked < -most).Or(looked > 1 + most);
        if (sumTo1)
        {
            var off = (looked.Sum([-1], keepDims: true) - 1).Abs();
            outside = outside.Or(off > 10 * most);
        }
        if (!p.Device.IsCpu) return Tensor.Where(outside, p.Like(double.NaN), p);
        if (outside.Cast(DType.Float32).Max().Item() == 0) return p;
        throw Error.Input(name, sumTo1 ? "rows of the predictions are no probabilities" : "the predictions are no probabilities",
            $"predictions {p.Shape} from {looked.Min().Item():g4} to {looked.Max().Item():g4}",
                sumTo1 ? "numbers from 0 to 1 with the sum 1 in each row" : "numbers from 0 to 1",
            $"raw scores are logits: fromLogits: true, or a {(sumTo1 ? "softmax" : "sigmoid")} behind the last layer");
    }
}
