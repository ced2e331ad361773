namespace NativeDL.Metrics;

/// <summary>TP / (TP + FP): the share of what was said to be positive that is. (spec 16.3)</summary>
/// <inheritdoc cref="CountsMetric"/>
/// <param name="thresholds">Above it a prediction is positive; null for 0.5, or 0 beside a loss that takes logits.</param>
/// <param name="topK">Positive are the k highest of a row instead, or as well where a threshold is given.</param>
/// <param name="classId">The only class that counts; null for all.</param>
/// <param name="average">How classes become one number; as in Keras all count together.</param>
public sealed class Precision(double? thresholds = null, int? topK = null, int? classId = null, Average average = Average.Micro)
    : CountsMetric(thresholds, topK, classId)
{
    /// <summary>How classes become one number.</summary>
    public Average Average => average;

    private protected override Average HowJoined => average;

    private protected override double Of(Counted c) => Counted.Ratio(c.TruePositives, c.TruePositives + c.FalsePositives);
}

/// <summary>TP / (TP + FN): the share of the positives that is found; also called sensitivity or true positive rate. (spec 16.3)</summary>
/// <inheritdoc cref="CountsMetric"/>
/// <param name="thresholds">Above it a prediction is positive; null for 0.5, or 0 beside a loss that takes logits.</param>
/// <param name="topK">Positive are the k highest of a row instead, or as well where a threshold is given.</param>
/// <param name="classId">The only class that counts; null for all.</param>
/// <param name="average">How classes become one number; as in Keras all count together.</param>
[Registered("recall", "sensitivity")]
public sealed class Recall(double? thresholds = null, int? topK = null, int? classId = null, Average average = Average.Micro)
    : CountsMetric(thresholds, topK, classId)
{
    /// <summary>How classes become one number.</summary>
    public Average Average => average;

    private protected override Average HowJoined => average;

    private protected override double Of(Counted c) => Counted.Ratio(c.TruePositives, c.TruePositives + c.FalseNegatives);
}

/// <summary>TN / (TN + FP): the share of the negatives that is found to be negative.</summary>
/// <inheritdoc cref="CountsMetric"/>
/// <param name="thresholds">Above it a prediction is positive; null for 0.5, or 0 beside a loss that takes logits.</param>
/// <param name="topK">Positive are the k highest of a row instead, or as well where a threshold is given.</param>
/// <param name="classId">The only class that counts; null for all.</param>
/// <param name="average">How classes become one number.</param>
public sealed class Specificity(double? thresholds = null, int? topK = null, int? classId = null, Average average = Average.Micro)
    : CountsMetric(thresholds, topK, classId)
{
    /// <summary>How classes become one number.</summary>
    public Average Average => average;

    private protected override Average HowJoined => average;

    private protected override double Of(Counted c) => Counted.Ratio(c.TrueNegatives, c.TrueNegatives + c.FalsePositives);
}

/// <summary>
/// (1 + β²)·TP / ((1 + β²)·TP + β²·FN + FP): the harmonic mean of precision and recall in which recall counts β times as much. Unless a threshold is given, of
/// several classes the highest score is positive. A class that is neither there nor said counts as 0, as in Keras.
/// </summary>
/// <inheritdoc cref="CountsMetric"/>
/// <param name="average">How classes become one number; <c>PerClass</c> gives each.</param>
/// <param name="beta">β.</param>
/// <param name="threshold">Above it a prediction is positive.</param>
[Registered("fbeta_score")]
public sealed class FBetaScore(Average average = Average.Macro, double beta = 1, double? threshold = null) : CountsMetric(threshold, takesHighest: true)
{
    /// <summary>How classes become one number.</summary>
    public Average Average => average;

    /// <summary>β, how much recall counts beside precision.</summary>
    public double Beta { get; } = beta > 0 && double.IsFinite(beta) ? beta : throw Error.Input("FBetaScore", "beta is out of range", $"{beta}", "above 0");

    /// <summary>Above it a prediction is positive; null for the highest of a row.</summary>
    public double? Threshold { get; } = threshold;

    private protected override Average HowJoined => average;

    private protected override double Of(Counted c) => Score(c, Beta * Beta);

    internal static double Score(Counted c, double square) =>
        Counted.Ratio((1 + square) * c.TruePositives, (1 + square) * c.TruePositives + square * c.FalseNegatives + c.FalsePositives);
}

/// <summary>
/// 2·TP / (2·TP + FN + FP): the harmonic mean of precision and recall. Unless a threshold is given, of several classes the highest score is positive. A class
/// that is neither there nor said counts as 0, as in Keras. (spec 16.3)
/// </summary>
/// <inheritdoc cref="CountsMetric"/>
/// <param name="average">How classes become one number; <c>PerClass</c> gives each.</param>
/// <param name="threshold">Above it a prediction is positive.</param>
[Registered("f1_score", "f1")]
public sealed class F1Score(Average average = Average.Macro, double? threshold = null) : CountsMetric(threshold, takesHighest: true)
{
    /// <summary>How classes become one number.</summary>
    public Average Average => average;

    /// <summary>Above it a prediction is positive; null for the highest of a row.</summary>
    public double? Threshold { get; } = threshold;

    private protected override Average HowJoined => average;

    private protected override double Of(Counted c) => Metrics.FBetaScore.Score(c, 1);
}
