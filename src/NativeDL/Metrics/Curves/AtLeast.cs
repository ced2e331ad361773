namespace NativeDL.Metrics;

/// <summary>The highest recall among the thresholds whose precision is at least so high; 0 where none is.</summary>
/// <inheritdoc cref="CurveMetric"/>
/// <param name="precision">The least precision, 0 to 1.</param>
/// <param name="numThresholds">How many thresholds there are.</param>
/// <param name="classId">The only class that counts; null for all.</param>
public sealed class RecallAtPrecision(double precision = 0.5, int numThresholds = 200, int? classId = null) : CurveMetric(numThresholds, classId)
{
    /// <summary>The least precision.</summary>
    public new double Precision { get; } = Least.Share(precision, "RecallAtPrecision", nameof(precision));

    private protected override double Of(Curve c) => c.Best(i => c.Precision(i) >= Precision, c.Recall);
}

/// <summary>The highest precision among the thresholds whose recall is at least so high; 0 where none is.</summary>
/// <inheritdoc cref="CurveMetric"/>
/// <param name="recall">The least recall, 0 to 1.</param>
/// <param name="numThresholds">How many thresholds there are.</param>
/// <param name="classId">The only class that counts; null for all.</param>
public sealed class PrecisionAtRecall(double recall = 0.5, int numThresholds = 200, int? classId = null) : CurveMetric(numThresholds, classId)
{
    /// <summary>The least recall.</summary>
    public new double Recall { get; } = Least.Share(recall, "PrecisionAtRecall", nameof(recall));

    private protected override double Of(Curve c) => c.Best(i => c.Recall(i) >= Recall, c.Precision);
}

/// <summary>The highest sensitivity, TP / (TP + FN), among the thresholds whose specificity, TN / (TN + FP), is at least so high; 0 where none is.</summary>
/// <inheritdoc cref="CurveMetric"/>
/// <param name="specificity">The least specificity, 0 to 1.</param>
/// <param name="numThresholds">How many thresholds there are.</param>
/// <param name="classId">The only class that counts; null for all.</param>
public sealed class SensitivityAtSpecificity(double specificity = 0.5, int numThresholds = 200, int? classId = null) : CurveMetric(numThresholds, classId)
{
    /// <summary>The least specificity.</summary>
    public new double Specificity { get; } = Least.Share(specificity, "SensitivityAtSpecificity", nameof(specificity));

    private protected override double Of(Curve c) => c.Best(i => 1 - c.FallOut(i) >= Specificity, c.Recall);
}

/// <summary>The highest specificity, TN / (TN + FP), among the thresholds whose sensitivity, TP / (TP + FN), is at least so high; 0 where none is.</summary>
/// <inheritdoc cref="CurveMetric"/>
/// <param name="sensitivity">The least sensitivity, 0 to 1.</param>
/// <param name="numThresholds">How many thresholds there are.</param>
/// <param name="classId">The only class that counts; null for all.</param>
public sealed class SpecificityAtSensitivity(double sensitivity = 0.5, int numThresholds = 200, int? classId = null) : CurveMetric(numThresholds, classId)
{
    /// <summary>The least sensitivity.</summary>
    public double Sensitivity { get; } = Least.Share(sensitivity, "SpecificityAtSensitivity", nameof(sensitivity));

    private protected override double Of(Curve c) => c.Best(i => c.Recall(i) >= Sensitivity, i => 1 - c.FallOut(i));
}

internal static class Least
{
    public static double Share(double value, string metric, string what) => value is >= 0 and <= 1 ? value
        : throw Error.Input(metric, $"the {what} is a share", $"{value}", "0 to 1");
}
