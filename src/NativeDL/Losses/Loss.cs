namespace NativeDL;

/// <summary>
/// What training makes small: a number for each row of a batch, and their mean or sum. Converts from its Keras name:
/// <c>Loss l = "mse";</c>
/// </summary>
/// <remarks>One of one's own derives from this class and is marked with <see cref="RegisteredAttribute"/>.</remarks>
[Family(Offers = Offer.Methods)]
public abstract partial class Loss
{
    /// <summary>Its name, as Keras has it.</summary>
    public virtual string Name => Family<Loss>.NameOf(this);

    /// <summary>Whether predictions are logits rather than probabilities; metrics want to know.</summary>
    public virtual bool FromLogits => false;

    /// <summary>How the rows of a batch become one number: their mean, unless the loss says otherwise.</summary>
    public virtual LossReduction Reduction => LossReduction.Mean;

    /// <summary>
    /// Whether a row's loss depends on the others of its batch, as where they are what it is compared with: the size of a batch is then part of the loss.
    /// </summary>
    public virtual bool RowsMeet => false;

    /// <summary>The loss of each row. <c>target, prediction -> [N]</c></summary>
    /// <param name="target">What is right; its shape is the loss's affair.</param>
    /// <param name="prediction">What the model says, <c>[N, …]</c>.</param>
    /// <exception cref="ShapeMismatchException">The two do not fit.</exception>
    public abstract Tensor PerSample(Tensor target, Tensor prediction);

    /// <summary>The loss of a batch: a scalar, by <see cref="Reduction"/> over its rows.</summary>
    /// <param name="target">What is right; no gradient flows to it.</param>
    /// <param name="prediction">What the model says, <c>[N, …]</c>.</param>
    /// <param name="sampleWeight">
    /// What each row's loss is multiplied with, <c>[N]</c>, or each position's, <c>[N, T]</c>. As in Keras a mean still divides by the
    /// number of rows, not by the sum of the weights.
    /// </param>
    /// <param name="mask">
    /// Rows, Bool <c>[N]</c>, or positions, <c>[N, T]</c>, that count; the others do not, nor in the number that a mean divides by. <c>Fit</c> gives
    /// the prediction's own <see cref="Tensor.Mask"/>: <c>loss.Call(target: y, prediction: p, mask: p.Mask)</c>.
    /// </param>
    /// <exception cref="ShapeMismatchException">The shapes do not fit.</exception>
    /// <exception cref="InvalidInputException">The target depends on what is being trained: most often target and prediction are swapped.</exception>
    public Tensor Call(Tensor target, Tensor prediction, Tensor? sampleWeight = null, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        if (target.Node is not null)
            throw Error.Input(Name, "the target depends on what is being trained", $"targets {target.Shape} and predictions {prediction.Shape}", null,
                "the target comes first: loss.Call(target: y, prediction: model.Call(x)); StopGradient() makes a target of a prediction");
        var counted = Counted(target, prediction);
        if (sampleWeight is null && mask is null && counted is null) return Join(PerSample(target, prediction), null);

        sampleWeight = sampleWeight is null ? null : SampleWeights.Trimmed(Name, sampleWeight, prediction.Shape);
        mask = mask is null ? null : SampleWeights.Trimmed(Name, mask, prediction.Shape);
        if (counted is not null) mask = mask is null ? counted : Both(mask.Cast(DType.Bool), counted);
        // Where positions have weights of their own, each position is a row.
        var axes = (mask is not null && mask.Rank > (sampleWeight?.Rank ?? 0) ? mask : sampleWeight!).Shape;
        if (axes.Rank > 1) (target, prediction) = (AsRows(Name, target, axes), AsRows(Name, prediction, axes));
        var each = PerSample(target, prediction);
        if (sampleWeight is not null) each *= Rows(sampleWeight, axes).Cast(each.DType);
        if (mask is null) return Join(each, null);
        mask = Rows(mask, axes).Cast(DType.Bool);
        // Chosen, not multiplied by 0: what a masked position says may be NaN.
        return Join(Tensor.Where(mask, each, Tensor.Zeros(Shape.Scalar, each.DType, each.Device)),
            mask.Cast(each.DType).Sum().Clip(1, double.PositiveInfinity));

        static Tensor Rows(Tensor x, Shape all) => SampleWeights.Over("loss", x, all, x.DType).BroadcastTo(all).Reshape(checked((int)all.ElementCount));
    }

    /// <summary>
    /// Rows or positions that count at all, Bool <c>[N]</c> or <c>[N, T]</c>, as those that have something to be compared with; null for all.
    /// </summary>
    private protected virtual Tensor? Counted(Tensor target, Tensor prediction) => null;

    // The one of fewer axes holds for all that stands behind them.
    private static Tensor Both(Tensor a, Tensor b) => a.Rank < b.Rank ? Both(b, a)
        : a.And(b.Reshape([.. b.Shape, .. Enumerable.Repeat(1, a.Rank - b.Rank)]));

    /// <summary>Each place of the first axes as a row of its own: <c>[N, T, …] -> [N·T, …]</c>.</summary>
    internal static Tensor AsRows(string name, Tensor x, Shape first) =>
        x.Rank >= first.Rank && x.Shape.Dimensions[..first.Rank].SequenceEqual(first.Dimensions)
        ? x.Reshape([checked((int)first.ElementCount), .. x.Shape.Dimensions[first.Rank..]])
        : throw Error.Shape(name, "the sample weights or the mask do not fit the targets", $"{first} for targets {x.Shape}",
            $"targets [{string.Join(", ", first)}, …]");

    // A mean divides by the number of rows, or by the number of those that count.
    private Tensor Join(Tensor each, Tensor? count) =>
        Reduction == LossReduction.Sum ? each.Sum() : count is null ? each.Mean() : each.Sum() / count;

    /// <summary>A function as a loss. A model with it is saved without: to be made again, it needs a class.</summary>
    /// <param name="perSample">The loss of each row, in tensor operations: <c>target, prediction -> [N]</c>.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="reduction">How the rows of a batch become one number.</param>
    /// <example><code>
    /// model.Compile("adam", Loss.From((y, p) => (y - p).Abs().Max(-1), "largest_error"));
    /// </code></example>
    public static Loss From(Func<Tensor, Tensor, Tensor> perSample, string name, LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(perSample);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new FromFunction(perSample, name, reduction);
    }

    /// <summary>The loss of that Keras name.</summary>
    /// <exception cref="InvalidInputException">The name is unknown; the error lists the known ones.</exception>
    public static implicit operator Loss(string name) => Registry.Create<Loss>(name);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The target in the prediction's shape and element type; a target <c>[N]</c> also fits a prediction <c>[N, 1]</c>.</summary>
    private protected Tensor Fit(Tensor target, Tensor prediction)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        if (prediction.Rank == 0) throw Error.Shape(Name, "the prediction needs a batch axis", $"{prediction.Shape}", "[N, …]");
        if (target.Rank == 1 && prediction.Rank == 2 && prediction.Shape.Dimension(1) == 1) target = target.ExpandDims(1);
        if (target.Shape != prediction.Shape)
            throw Error.Shape(Name, "targets and predictions differ in shape", $"targets {target.Shape} and predictions {prediction.Shape}", "equal shapes");
        return target.DType == prediction.DType ? target : target.Cast(prediction.DType);
    }

    /// <summary>All axes but the first, summed or averaged: one number a row.</summary>
    private protected static Tensor Rows(Tensor x, bool mean)
    {
        if (x.Rank == 1) return x;
        int[] axes = [.. Enumerable.Range(1, x.Rank - 1)];
        return mean ? x.Mean(axes) : x.Sum(axes);
    }

    private sealed class FromFunction(Func<Tensor, Tensor, Tensor> perSample, string name, LossReduction reduction) : Loss
    {
        public override string Name => name;

        public override LossReduction Reduction => reduction;

        public override Tensor PerSample(Tensor target, Tensor prediction) => perSample(target, prediction);
    }
}
