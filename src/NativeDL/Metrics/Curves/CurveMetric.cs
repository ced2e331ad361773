namespace NativeDL.Metrics;

/// <summary>
/// What counts positives and negatives above each of many thresholds from 0 to 1, evenly spaced. Predictions are probabilities, or logits, of which the sigmoid
/// is taken, where it is said or a loss beside takes them; targets 0 or 1 for each. Scores between the same two thresholds are ties. A score that is not a
/// number
/// is wrong. Weights count rows.
/// </summary>
public abstract class CurveMetric : Metric
{
    // Of each label: weights of the positives between each threshold and the next, then of the negatives.
    private readonly RunningSum counts;
    private readonly bool apart;
    private bool takesLogits;

    /// <param name="numThresholds">How many thresholds there are, 0 and 1 among them.</param>
    /// <param name="classId">The only class that counts; null for all.</param>
    /// <param name="apart">Whether each label has a curve of its own.</param>
    /// <param name="fromLogits">Whether predictions are logits.</param>
    private protected CurveMetric(int numThresholds, int? classId = null, bool apart = false, bool fromLogits = false)
    {
        if (numThresholds < 2) throw Error.Input(GetType().Name, "there are too few thresholds", $"{numThresholds}", "2 or more");
        if (classId is < 0) throw Error.Input(GetType().Name, "the class number is negative", $"{classId}");
        (NumThresholds, ClassId, this.apart, takesLogits) = (numThresholds, classId, apart, fromLogits);
        counts = AddSums("counts");
    }

    /// <summary>How many thresholds there are, 0 and 1 among them.</summary>
    public int NumThresholds { get; }

    /// <summary>The only class that counts, or null.</summary>
    public int? ClassId { get; }

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override double Result
    {
        get
        {
            double[] all = counts.ToArray();
            var curves = all.Chunk(2 * Bins).Where(c => c.Length == 2 * Bins).Select(CurveOf).Where(c => c.Positives + c.Negatives > 0).ToList();
            return curves.Count == 0 ? double.NaN : curves.Average(Of);
        }
    }

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        Right.RequireOneEach(Name, target, prediction);
        Tensor o = prediction.StopGradient().Cast(DType.Float64), y = target.StopGradient().Cast(DType.Float64).Reshape(o.Shape).Greater(0.5);
        var w = (weights is null ? Tensor.FullLike(o, 1, Shape.Scalar) : SampleWeights.Over(Name, weights, o.Shape, DType.Float64)).BroadcastTo(o.Shape);
        if (ClassId is { } own)
        {
            if (o.Rank < 2 || own >= o.Shape[^1]) throw Error.Input(Name, "there is no such class", $"class {own} of predictions {o.Shape}");
            (o, y, w) = (o.Narrow(-1, own, 1), y.Narrow(-1, own, 1), w.Narrow(-1, own, 1));
        }
        if (takesLogits) o = o.Sigmoid();
        else o = Losses.Logits.RequireProbabilities(Name, o, sumTo1: false);
        o = Tensor.Where(o.Equal(o), o, Tensor.Where(y, o.Like(0), o.Like(1)));
        int labels = apart && o.Rank > 1 ? o.Shape[^1] : 1;
        var bin = ((o * Bins).Ceiling() - 1).Clip(0, Bins - 1).Cast(DType.Int32) + Tensor.Where(y, 0, Tensor.FullLike(o, Bins)).Cast(DType.Int32);
        if (labels > 1) bin += Tensor.Arange(labels).To(o.Device) * (2 * Bins);
        counts.Add(w.Reshape(-1).ScatterAdd(bin.Reshape(-1), 0, 2 * Bins * labels));
    }

    internal override void Beside(Loss loss) => takesLogits |= loss.FromLogits;

    /// <summary>The result, of what was counted of one label.</summary>
    private protected abstract double Of(Curve curve);

    private int Bins => NumThresholds - 1;

    private Curve CurveOf(double[] counted)
    {
        double[] tp = new double[NumThresholds], fp = new double[NumThresholds];
        for (int i = Bins - 1; i >= 0; i--)
        {
            tp[i] = tp[i + 1] + counted[i];
            fp[i] = fp[i + 1] + counted[Bins + i];
        }
        return new Curve(tp, fp);
    }
}

/// <summary>
/// Weights of the positives and of the negatives above each threshold, from the lowest, above which all are, to the highest, above which none is.
/// </summary>
internal sealed record Curve(double[] TruePositives, double[] FalsePositives)
{
    public double Positives => TruePositives[0];

    public double Negatives => FalsePositives[0];

    public int Count => TruePositives.Length;

    /// <summary>The share of the positives above threshold i.</summary>
    public double Recall(int i) => Counted.Ratio(TruePositives[i], Positives);

    /// <summary>The share of positives among what is above threshold i.</summary>
    public double Precision(int i) => Counted.Ratio(TruePositives[i], TruePositives[i] + FalsePositives[i]);

    /// <summary>The share of the negatives above threshold i.</summary>
    public double FallOut(int i) => Counted.Ratio(FalsePositives[i], Negatives);

    /// <summary>The highest value among the thresholds that are good enough; 0 where none is.</summary>
    public double Best(Func<int, bool> isGood, Func<int, double> value) => Enumerable.Range(0, Count).Where(isGood).Select(value).DefaultIfEmpty(0).Max();
}
