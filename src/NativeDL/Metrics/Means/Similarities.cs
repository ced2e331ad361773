namespace NativeDL.Metrics;

/// <summary>
/// The mean cosine of the angle between target and prediction along an axis: 1 where they point the same way. The loss of this name has the other sign. (spec
/// 16.7, E83)
/// </summary>
/// <param name="axis">The axis of the vectors.</param>
public sealed class CosineSimilarity(int axis = -1) : RowMetric
{
    /// <summary>The axis of the vectors.</summary>
    public int Axis => axis;

    private protected override Tensor Each(Tensor y, Tensor o) => Losses.CosineSimilarity.Of(y, o, axis);
}

/// <summary>
/// The mean, over rows, of Pearson's correlation of target and prediction along an axis: Σ(y − ȳ)(o − ō) / √(Σ(y − ȳ)²·Σ(o − ō)²); 0 where one of them is
/// constant.
/// </summary>
/// <param name="axis">The axis along which is correlated.</param>
public sealed class PearsonCorrelation(int axis = -1) : RowMetric
{
    /// <summary>The axis along which is correlated.</summary>
    public int Axis => axis;

    private protected override Tensor Each(Tensor y, Tensor o) => Losses.CosineSimilarity.Of(Centred(y, axis), Centred(o, axis), axis);

    internal static Tensor Centred(Tensor x, int axis) => x - x.Mean(axis, keepDims: true);
}

/// <summary>
/// The mean, over rows, of Lin's concordance of target and prediction along an axis: 2·cov(y, o) / (var y + var o + (ȳ − ō)²), which is 1 only where they
/// are equal; 0 where both are constant. Variances divide by the number. (Lin 1989)
/// </summary>
/// <param name="axis">The axis along which is compared.</param>
public sealed class ConcordanceCorrelation(int axis = -1) : RowMetric
{
    /// <summary>The axis along which is compared.</summary>
    public int Axis => axis;

    private protected override Tensor Each(Tensor y, Tensor o)
    {
        Tensor dy = Metrics.PearsonCorrelation.Centred(y, axis), dx = Metrics.PearsonCorrelation.Centred(o, axis);
        var apart = (y.Mean(axis) - o.Mean(axis)).Square();
        return Tensor.DivideNoNan(2 * (dy * dx).Mean(axis), dy.Square().Mean(axis) + dx.Square().Mean(axis) + apart);
    }
}

/// <summary>The mean of a number for each row.</summary>
public abstract class RowMetric : MeanMetric
{
    private protected RowMetric() { }

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        if (target.Shape != prediction.Shape || prediction.Rank < LeastRank)
            throw Error.Shape(Name, "targets and predictions do not fit", $"targets {target.Shape} and predictions {prediction.Shape}",
                $"equal shapes of {LeastRank} dimensions or more");
        Add(Each(target.StopGradient().Cast(DType.Float64), prediction.StopGradient().Cast(DType.Float64)), weights);
    }

    /// <summary>How many axes there must be, the batch's among them.</summary>
    private protected virtual int LeastRank => 2;

    /// <summary>The number of each row, <c>[N]</c> or <c>[N, …]</c>, of float64.</summary>
    private protected abstract Tensor Each(Tensor y, Tensor o);
}
