namespace NativeDL.Metrics;

/// <summary>
/// The mean, over some classes, of how well what was taken for a class overlaps with what is of it. A class that is neither there nor said does not count;
/// if none is, the result is 0.
/// </summary>
public abstract class OverlapMetric : ConfusionMetric
{
    /// <param name="numClasses">How many classes there are; null where scores or a threshold tell.</param>
    /// <param name="targetClassIds">The classes that count; null for all.</param>
    /// <param name="ignoreClass">A class number of targets that do not count; null for none.</param>
    /// <param name="threshold">If given, each score stands for itself, and is 1 above it.</param>
    private protected OverlapMetric(int? numClasses, IReadOnlyList<int>? targetClassIds, int? ignoreClass, double? threshold = null)
        : base(numClasses, ignoreClass, threshold)
    {
        TargetClassIds = targetClassIds is null ? null : [.. targetClassIds];
        if (TargetClassIds?.FirstOrDefault(c => c < 0) is < 0) throw Error.Input(GetType().Name, "a class number is negative",
            $"{string.Join(", ", TargetClassIds)}");
    }

    /// <summary>The classes that count, or null for all.</summary>
    public IReadOnlyList<int>? TargetClassIds { get; }

    private protected override double Of(double[,] matrix)
    {
        var (rows, columns, _) = Margins.Of(matrix);
        if (TargetClassIds?.FirstOrDefault(c => c >= rows.Length) is > 0 and var lost)
            throw Error.Input(Name, "there is no such class", $"class {lost} of {rows.Length}", $"0 to {rows.Length - 1}");
        double[] each = [.. (TargetClassIds ?? [.. Enumerable.Range(0, rows.Length)]).Where(c => rows[c] + columns[c] > 0)
            .Select(c => Overlap(matrix[c, c], rows[c] + columns[c]))];
        return each.Length == 0 ? 0 : each.Average();
    }

    /// <summary>The overlap of one class: of what both have, and of what each has.</summary>
    private protected abstract double Overlap(double both, double sum);

    private protected static double Jaccard(double both, double sum) => both / (sum - both);
}

/// <summary>TP / (TP + FP + FN), intersection over union, averaged over classes (Jaccard). Keras' <c>OneHotMeanIoU</c> too: the shapes tell.</summary>
/// <inheritdoc cref="OverlapMetric"/>
/// <param name="numClasses">How many classes there are; null where scores tell.</param>
/// <param name="ignoreClass">A class number of targets that do not count; null for none.</param>
[Registered("mean_io_u", "mean_iou", "one_hot_mean_io_u", "OneHotMeanIoU")]
public sealed class MeanIoU(int? numClasses = null, int? ignoreClass = null) : OverlapMetric(numClasses, null, ignoreClass)
{
    private protected override double Overlap(double both, double sum) => Jaccard(both, sum);
}

/// <summary>TP / (TP + FP + FN), intersection over union, averaged over some classes. Keras' <c>OneHotIoU</c> too: the shapes tell.</summary>
/// <inheritdoc cref="OverlapMetric"/>
/// <param name="numClasses">How many classes there are; null where scores tell.</param>
/// <param name="targetClassIds">The classes that count; null for all.</param>
/// <param name="ignoreClass">A class number of targets that do not count; null for none.</param>
[Registered("io_u", "iou", "one_hot_io_u", "OneHotIoU")]
public sealed class IoU(int? numClasses = null, IReadOnlyList<int>? targetClassIds = null, int? ignoreClass = null)
    : OverlapMetric(numClasses, targetClassIds, ignoreClass)
{
    private protected override double Overlap(double both, double sum) => Jaccard(both, sum);
}

/// <summary>TP / (TP + FP + FN), intersection over union, of scores that are each 0 or 1, averaged over both.</summary>
/// <inheritdoc cref="OverlapMetric"/>
/// <param name="targetClassIds">Which of 0 and 1 count; null for both.</param>
/// <param name="threshold">Above it a score is 1.</param>
[Registered("binary_io_u", "binary_iou")]
public sealed class BinaryIoU(IReadOnlyList<int>? targetClassIds = null, double threshold = 0.5) : OverlapMetric(null, targetClassIds, null, threshold)
{
    /// <summary>Above it a score is 1.</summary>
    public double Threshold => threshold;

    private protected override double Overlap(double both, double sum) => Jaccard(both, sum);
}

/// <summary>2·TP / (2·TP + FP + FN), averaged over some classes: Sørensen's and Dice's coefficient of masks.</summary>
/// <inheritdoc cref="OverlapMetric"/>
/// <param name="numClasses">How many classes there are; null where scores tell.</param>
/// <param name="targetClassIds">The classes that count; null for all, <c>[1]</c> for the foreground alone.</param>
/// <param name="ignoreClass">A class number of targets that do not count; null for none.</param>
public sealed class Dice(int? numClasses = null, IReadOnlyList<int>? targetClassIds = null, int? ignoreClass = null)
    : OverlapMetric(numClasses, targetClassIds, ignoreClass)
{
    private protected override double Overlap(double both, double sum) => 2 * both / sum;
}
