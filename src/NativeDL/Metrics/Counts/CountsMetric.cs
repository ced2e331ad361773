namespace NativeDL.Metrics;

/// <summary>
/// What counts true and false positives and negatives of each class. A prediction is positive above a threshold, or where it is among the k highest of its row.
/// Targets are 0 or 1 for each prediction, or class numbers beside scores <c>[N, classes]</c>. A score that is not a number is wrong. Weights count rows. A
/// ratio 0/0 is 0.
/// </summary>
public abstract class CountsMetric : Metric
{
    // True positives, false positives, false negatives and true negatives, a row of each for the classes.
    private readonly RunningSum counts;
    private readonly bool takesHighest;
    private double usual = 0.5;

    /// <param name="threshold">Above it a prediction is positive; null for 0.5, or 0 beside a loss that takes logits.</param>
    /// <param name="topK">Positive are the k highest of a row instead, or as well where a threshold is given.</param>
    /// <param name="classId">The only class that counts; null for all.</param>
    /// <param name="takesHighest">Whether, unless a threshold is given, of several classes the highest is positive.</param>
    private protected CountsMetric(double? threshold, int? topK = null, int? classId = null, bool takesHighest = false)
    {
        if (topK is < 1) throw Error.Input(GetType().Name, "topK must be 1 or more", $"{topK}");
        if (classId is < 0) throw Error.Input(GetType().Name, "the class number is negative", $"{classId}");
        (Thresholds, TopK, ClassId, this.takesHighest) = (threshold, topK, classId, takesHighest);
        counts = AddSums("counts");
    }

    /// <summary>Above it a prediction is positive; null for 0.5, or 0 beside a loss that takes logits.</summary>
    public double? Thresholds { get; }

    /// <summary>How many of a row are positive, or null.</summary>
    public int? TopK { get; }

    /// <summary>The only class that counts, or null.</summary>
    public int? ClassId { get; }

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <summary>The result of each class by itself; none before anything was seen.</summary>
    public IReadOnlyList<double> PerClass => [.. Each().Select(Of)];

    /// <inheritdoc/>
    public override double Result
    {
        get
        {
            var each = Each();
            var all = each.Aggregate(default(Counted), (a, b) => a + b);
            return !(all.Total > 0) ? double.NaN : HowJoined switch
            {
                Average.Micro => Of(all),
                Average.Macro => each.Average(Of),
                _ => Counted.Ratio(each.Sum(c => Of(c) * (c.TruePositives + c.FalseNegatives)), all.TruePositives + all.FalseNegatives),
            };
        }
    }

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        Tensor o = prediction.StopGradient(), y = Targets(target.StopGradient(), o).Cast(DType.Float64);
        // A score that is no number says the opposite of the target.
        var said = Tensor.Where(Right.Known(o).Greater(0), Positive(o), 1 - y);
        var w = weights is null ? Tensor.FullLike(y, 1, Shape.Scalar) : SampleWeights.Over(Name, weights, o.Shape, DType.Float64);
        if (ClassId is { } own)
        {
            if (own >= o.Shape[^1]) throw Error.Input(Name, "there is no such class", $"class {own} of {o.Shape[^1]}", $"0 to {o.Shape[^1] - 1}");
            (y, said) = (y.Narrow(-1, own, 1), said.Narrow(-1, own, 1));
            if (w.Rank == o.Rank && w.Shape[^1] > 1) w = w.Narrow(-1, own, 1);
        }
        int classes = o.Rank == 1 ? 1 : y.Shape[^1];
        counts.Add(Tensor.Concat([Sum(w * y * said), Sum(w * (1 - y) * said), Sum(w * y * (1 - said)), Sum(w * (1 - y) * (1 - said))]));

        Tensor Sum(Tensor x) => x.BroadcastTo(y.Shape).Reshape(-1, classes).Sum(0);
    }

    internal override void Beside(Loss loss) => usual = loss.FromLogits ? 0 : 0.5;

    /// <summary>How classes become one number.</summary>
    private protected virtual Average HowJoined => Average.Micro;

    /// <summary>The result of one class, or of all together.</summary>
    private protected abstract double Of(Counted counted);

    private Counted[] Each()
    {
        double[] all = counts.ToArray();
        int classes = all.Length / 4;
        return [.. Enumerable.Range(0, classes).Select(c => new Counted(all[c], all[classes + c], all[2 * classes + c], all[3 * classes + c]))];
    }

    // 0 or 1 for each prediction.
    private Tensor Targets(Tensor y, Tensor o)
    {
        bool areNumbers = o.Rank > 1 && o.Shape[^1] > 1 && y.DType.IsIndex() && (y.Rank == o.Rank - 1 || y.Rank == o.Rank && y.Shape[^1] == 1);
        if (areNumbers) return Losses.SparseCategoricalCrossentropy.Labels(Name, y, o).OneHot(o.Shape[^1], DType.Float64);
        Right.RequireOneEach(Name, y, o);
        return y.Cast(DType.Float64).Reshape(o.Shape).Greater(0.5);
    }

    private Tensor Positive(Tensor o)
    {
        bool isHighest = takesHighest && Thresholds is null && o.Rank > 1 && o.Shape[^1] > 1;
        if (TopK is null && !isHighest) return o.Greater(Thresholds ?? usual).Cast(DType.Float64);
        if (o.Rank < 2) throw Error.Shape(Name, "the highest of a row need scores of classes", $"{o.Shape}", "[N, classes]");
        int classes = o.Shape[^1];
        var highest = Tensor.Zeros(o.Shape, DType.Float64, o.Device);
        var left = o;
        for (int i = 0; i < Math.Min(TopK ?? 1, classes); i++)
        {
            var next = left.ArgMax(-1).OneHot(classes, DType.Float64);
            highest += next;
            left = Tensor.Where(next.Greater(0), double.NegativeInfinity, left);
        }
        return Thresholds is { } least ? highest * o.Greater(least).Cast(DType.Float64) : highest;
    }
}

/// <summary>What was counted of a class.</summary>
internal readonly record struct Counted(double TruePositives, double FalsePositives, double FalseNegatives, double TrueNegatives)
{
    public double Total => TruePositives + FalsePositives + FalseNegatives + TrueNegatives;

    public static Counted operator +(Counted a, Counted b) => new(a.TruePositives + b.TruePositives, a.FalsePositives + b.FalsePositives,
        a.FalseNegatives + b.FalseNegatives, a.TrueNegatives + b.TrueNegatives);

    /// <summary>a / b, and 0 where b is 0.</summary>
    public static double Ratio(double a, double b) => b == 0 ? 0 : a / b;
}
