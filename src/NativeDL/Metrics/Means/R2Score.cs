namespace NativeDL.Metrics;

/// <summary>How the R² of several outputs become one number.</summary>
public enum R2Aggregation
{
    /// <summary>Their mean.</summary>
    UniformAverage,

    /// <summary>Their mean, weighed by the variances of the targets: the share of all variance that is explained.</summary>
    VarianceWeightedAverage,
}

/// <summary>
/// 1 − Σ(y − o)² / Σ(y − ȳ)²: the share of the targets' variance that predictions explain; 1 is the best, 0 no better than the mean. With p regressors
/// adjusted: 1 − (1 − R²)·(n − 1)/(n − p − 1). Targets that are all equal give 0. Sums are taken from the first target on, so that nothing cancels.
/// </summary>
[Registered("r2_score", "r2")]
public sealed class R2Score : Metric
{
    // Of each output: Σw, Σw(y − o)², Σw(y − k), Σw(y − k)², and k, the first target.
    private const int Rows = 5;

    private readonly RunningSum sums;
    private bool hasOrigin;

    /// <summary>A score that has seen nothing.</summary>
    /// <param name="classAggregation">How several outputs become one number.</param>
    /// <param name="numRegressors">p, how many features there are; 0 for the plain R².</param>
    public R2Score(R2Aggregation classAggregation = R2Aggregation.UniformAverage, int numRegressors = 0)
    {
        ClassAggregation = classAggregation;
        NumRegressors = numRegressors >= 0 ? numRegressors
            : throw Error.Input("R2Score", "the number of regressors is negative", $"{numRegressors}", "0 or more");
        sums = AddSums("sums");
    }

    /// <summary>How several outputs become one number.</summary>
    public R2Aggregation ClassAggregation { get; }

    /// <summary>p, how many features there are; 0 for the plain R².</summary>
    public int NumRegressors { get; }

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override double Result
    {
        get
        {
            double[] all = sums.ToArray();
            int outputs = all.Length / Rows;
            double sum = 0, variances = 0, n = 0;
            for (int i = 0; i < outputs; i++)
            {
                n = all[i];
                double moved = all[2 * outputs + i], variance = all[3 * outputs + i] - moved * moved / n;
                double score = variance > 0 ? 1 - all[outputs + i] / variance : 0, weight = ClassAggregation == R2Aggregation.UniformAverage ? 1 : variance;
                sum += score * weight;
                variances += weight;
            }
            if (!(n > 0)) return double.NaN;
            double r = variances > 0 ? sum / variances : 0;
            return NumRegressors == 0 ? r : 1 - (1 - r) * (n - 1) / (n - NumRegressors - 1);
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        hasOrigin = false;
    }

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null)
    {
        Right.RequireOneEach(Name, target, prediction);
        if (prediction.ElementCount == 0) return;
        int outputs = prediction.Rank == 1 ? 1 : prediction.Shape[^1];
        Tensor o = prediction.StopGradient().Cast(DType.Float64), y = target.StopGradient().Cast(DType.Float64).Reshape(o.Shape);
        var w = weights is null ? Tensor.FullLike(o, 1) : SampleWeights.Over(Name, weights, o.Shape, DType.Float64).BroadcastTo(o.Shape);
        (o, y, w) = (o.Reshape(-1, outputs), y.Reshape(-1, outputs), w.Reshape(-1, outputs));
        var none = Tensor.Zeros([outputs], DType.Float64, y.Device);
        var origin = hasOrigin ? Origin(outputs).To(y.Device) : y.Narrow(0, 0, 1).Squeeze(0);
        var moved = y - origin;
        sums.Add(Tensor.Concat([w.Sum(0), (w * (y - o).Square()).Sum(0), (w * moved).Sum(0), (w * moved.Square()).Sum(0), hasOrigin ? none : origin]));
        hasOrigin = true;
    }

    /// <inheritdoc/>
    protected internal override void ReadState(SavedState saved)
    {
        base.ReadState(saved);
        hasOrigin = sums.Shape.ElementCount > 0;
    }

    // Stays where it is: nothing is read.
    private Tensor Origin(int outputs) => sums.Current.Narrow(0, (Rows - 1) * outputs, outputs);
}
