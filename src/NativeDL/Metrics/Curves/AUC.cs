namespace NativeDL.Metrics;

/// <summary>Of which curve the area is taken.</summary>
public enum AucCurve
{
    /// <summary>True positive rate over false positive rate.</summary>
    Roc,

    /// <summary>Precision over recall.</summary>
    Pr,
}

/// <summary>What is taken for the curve between two thresholds.</summary>
public enum AucSummation
{
    /// <summary>
    /// The line between both, so that ties count half; of precision and recall the curve that a line of counts makes (Davis and Goadrich 2006).
    /// </summary>
    Interpolation,

    /// <summary>The lower of both: never too much.</summary>
    Minoring,

    /// <summary>The higher of both: never too little.</summary>
    Majoring,
}

/// <summary>
/// The area under a curve over many thresholds: of ROC the chance that a positive scores higher than a negative, ties counting half. (spec 16.4)
/// </summary>
/// <inheritdoc cref="CurveMetric"/>
/// <remarks><see cref="ExactAUC"/> takes every score for a threshold.</remarks>
/// <param name="numThresholds">How many thresholds there are.</param>
/// <param name="curve">Of which curve.</param>
/// <param name="summationMethod">What is taken for the curve between two thresholds.</param>
/// <param name="multiLabel">Whether each label, the last axis, has a curve of its own, and the mean of the areas is taken.</param>
/// <param name="fromLogits">Whether predictions are logits.</param>
public sealed class AUC(int numThresholds = 200, AucCurve curve = AucCurve.Roc, AucSummation summationMethod = AucSummation.Interpolation,
    bool multiLabel = false, bool fromLogits = false) : CurveMetric(numThresholds, apart: multiLabel, fromLogits: fromLogits)
{
    /// <summary>Of which curve.</summary>
    public AucCurve Curve => curve;

    /// <summary>What is taken for the curve between two thresholds.</summary>
    public AucSummation SummationMethod => summationMethod;

    /// <summary>Whether each label has a curve of its own.</summary>
    public bool MultiLabel { get; } = multiLabel;

    /// <summary>Whether predictions are logits.</summary>
    public bool FromLogits { get; } = fromLogits;

    private protected override double Of(Curve counted)
    {
        double area = 0;
        for (int i = 0; i + 1 < counted.Count; i++)
            area += curve == AucCurve.Pr && summationMethod == AucSummation.Interpolation ? UnderCounts(counted, i)
                : curve == AucCurve.Pr ? (counted.Recall(i) - counted.Recall(i + 1)) * Height(counted.Precision(i), counted.Precision(i + 1))
                : (counted.FallOut(i) - counted.FallOut(i + 1)) * Height(counted.Recall(i), counted.Recall(i + 1));
        return area;
    }

    private double Height(double a, double b) => summationMethod switch
    {
        AucSummation.Interpolation => (a + b) / 2,
        AucSummation.Minoring => Math.Min(a, b),
        _ => Math.Max(a, b),
    };

    // Between two thresholds true positives are taken to grow in line with all that is said to be positive, n: TP = a + s·n. Then the area is
    // ∫ TP/n dTP / P = s·(ΔTP + a·log(n′/n)) / P.
    private static double UnderCounts(Curve c, int i)
    {
        double more = c.TruePositives[i] - c.TruePositives[i + 1], n = c.TruePositives[i] + c.FalsePositives[i],
            before = c.TruePositives[i + 1] + c.FalsePositives[i + 1];
        double slope = Counted.Ratio(more, n - before), start = c.TruePositives[i + 1] - slope * before;
        double growth = n > 0 && before > 0 ? Math.Log(n / before) : 0;
        return Counted.Ratio(slope * (more + start * growth), c.Positives);
    }
}
