namespace NativeDL.Metrics;

/// <summary>
/// What counts how often each class is taken for each. Predictions are scores, <c>[…, classes]</c>, of which the highest counts; or one score for 0 or 1; or
/// class numbers. Targets are class numbers or one-hot rows. A score that is not a number is wrong. Weights count rows or positions.
/// </summary>
public abstract class ConfusionMetric : Metric
{
    private readonly RunningSum counts; // [classes·classes]: the class, what it was taken for
    private readonly double? threshold;
    private double usual = 0.5;

    /// <param name="numClasses">How many classes there are; null where scores or a threshold tell.</param>
    /// <param name="ignoreClass">A class number of targets that do not count; null for none.</param>
    /// <param name="threshold">If given, each score stands for itself, and is 1 above it.</param>
    private protected ConfusionMetric(int? numClasses, int? ignoreClass = null, double? threshold = null)
    {
        if (numClasses is < 2) throw Error.Input(GetType().Name, "there are too few classes", $"{numClasses}", "2 or more");
        (NumClasses, IgnoreClass, this.threshold) = (numClasses, ignoreClass, threshold);
        counts = AddSums("counts");
    }

    /// <summary>How many classes there are, where it was said.</summary>
    public int? NumClasses { get; }

    /// <summary>A class number of targets that do not count, or null.</summary>
    public int? IgnoreClass { get; }

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <summary>
    /// What was counted: <c>Matrix[i, j]</c> of class i was taken for j, a number of rows or the sum of their weights; <c>[0, 0]</c> before anything was seen.
    /// </summary>
    public double[,] Matrix
    {
        get
        {
            double[] all = counts.ToArray();
            int classes = (int)Math.Sqrt(all.Length);
            var matrix = new double[classes, classes];
            Buffer.BlockCopy(all, 0, matrix, 0, sizeof(double) * classes * classes);
            return matrix;
        }
    }

    /// <inheritdoc/>
    public override double Result
    {
        get
        {
            var matrix = Matrix;
            return matrix.Cast<double>().Sum() > 0 ? Of(matrix) : double.NaN;
        }
    }

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        Tensor o = prediction.StopGradient(), y = target.StopGradient();
        var (labels, said, classes) = ClassesOf(y, o);
        var w = (weights is null ? Tensor.Ones(labels.Shape, DType.Float64, labels.Device)
            : SampleWeights.Over(Name, weights, labels.Shape, DType.Float64)).BroadcastTo(labels.Shape);
        if (IgnoreClass is { } ignored) (labels, w) = Kept(labels.NotEqual(ignored), labels, w);
        RequireClasses("targets", ref labels, ref w, classes);
        RequireClasses("predictions", ref said, ref w, classes);
        counts.Add(w.Reshape(-1).ScatterAdd((labels * classes + said).Reshape(-1), 0, classes * classes));
    }

    internal override void Beside(Loss loss) => usual = loss.FromLogits ? 0 : 0.5;

    /// <summary>The result, of a matrix that is not empty.</summary>
    private protected abstract double Of(double[,] matrix);

    // Class numbers of the targets and of the predictions, of one shape.
    private (Tensor Labels, Tensor Said, int Classes) ClassesOf(Tensor y, Tensor o)
    {
        if (o.DType.IsIndex())
        {
            int classes = NumClasses ?? throw Error.Input(Name, "class numbers do not tell how many classes there are", $"predictions {o.DType} {o.Shape}",
                "scores [N, classes]", "numClasses: says it");
            Right.RequireOneEach(Name, y, o);
            return (y.Cast(DType.Int32).Reshape(o.Shape), o.Cast(DType.Int32), classes);
        }
        if (threshold is not null || o.Rank < 2 || o.Shape[^1] == 1)
        {
            Right.RequireOneEach(Name, y, o);
            var binary = y.Cast(DType.Float64).Reshape(o.Shape).Greater(0.5).Cast(DType.Int32);
            return (binary, Known(o, o.Greater(threshold ?? usual).Cast(DType.Int32), binary), NumClasses ?? 2);
        }
        var labels = y.Shape == o.Shape ? y.ArgMax(-1) : Losses.SparseCategoricalCrossentropy.Labels(Name, y, o).Cast(DType.Int32);
        int columns = o.Shape[^1];
        if (NumClasses is { } given && given != columns)
            throw Error.Shape(Name, "there are other classes than was said", $"predictions {o.Shape}", $"[…, {given}]");
        return (labels, Known(o.Max(-1), o.ArgMax(-1), labels), columns);
    }

    // Where there is no number, a class that is not the target's.
    private static Tensor Known(Tensor score, Tensor said, Tensor labels) =>
        Tensor.Where(score.Equal(score), said, Tensor.Where(labels.Equal(0), labels.Like(1), labels.Like(0)));

    private static (Tensor Labels, Tensor Weights) Kept(Tensor counts, Tensor labels, Tensor weights) =>
        (Tensor.Where(counts, labels, 0), Tensor.Where(counts, weights, 0));

    // On a device nobody waits to look: what is no class does not count there.
    private void RequireClasses(string what, ref Tensor numbers, ref Tensor weights, int classes)
    {
        if (numbers.ElementCount == 0) return;
        if (!numbers.Device.IsCpu) (numbers, weights) = Kept(numbers.GreaterEqual(0).And(numbers.Less(classes)), numbers, weights);
        else if (numbers.Min().Item() is var least && numbers.Max().Item() is var most && (least < 0 || most >= classes))
            throw Error.Input(Name, $"the {what} are no class numbers", $"{(least < 0 ? least : most):g}", $"0 to {classes - 1}",
                "ignoreClass: names one that does not count");
    }
}
