namespace NativeDL.Metrics;

/// <summary>How often each class is taken for each, as <c>Matrix</c>; its result is the share of what is right.</summary>
/// <inheritdoc cref="ConfusionMetric"/>
/// <param name="numClasses">How many classes there are; null where scores tell.</param>
/// <param name="ignoreClass">A class number of targets that do not count; null for none.</param>
public sealed class ConfusionMatrix(int? numClasses = null, int? ignoreClass = null) : ConfusionMetric(numClasses, ignoreClass)
{
    private protected override double Of(double[,] matrix) =>
        Enumerable.Range(0, matrix.GetLength(0)).Sum(i => matrix[i, i]) / matrix.Cast<double>().Sum();
}

/// <summary>How much a disagreement of classes i and j counts.</summary>
public enum KappaWeights
{
    /// <summary>All alike.</summary>
    None,

    /// <summary>|i − j|, for classes in an order.</summary>
    Linear,

    /// <summary>(i − j)², for classes in an order.</summary>
    Quadratic,
}

/// <summary>
/// 1 − Σ w·observed / Σ w·expected: the agreement of predictions and targets beyond what chance would give (Cohen 1960); 1 for perfect agreement, 0 for
/// chance, also where there is only one class. (spec 16.8)
/// </summary>
/// <inheritdoc cref="ConfusionMetric"/>
/// <param name="numClasses">How many classes there are; null where scores tell.</param>
/// <param name="weightage">How much a disagreement counts.</param>
/// <param name="ignoreClass">A class number of targets that do not count; null for none.</param>
public sealed class CohenKappa(int? numClasses = null, KappaWeights weightage = KappaWeights.None, int? ignoreClass = null)
    : ConfusionMetric(numClasses, ignoreClass)
{
    /// <summary>How much a disagreement counts.</summary>
    public KappaWeights Weightage => weightage;

    private protected override double Of(double[,] matrix)
    {
        var (rows, columns, total) = Margins.Of(matrix);
        double observed = 0, expected = 0;
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < columns.Length; j++)
            {
                double weight = weightage switch
                {
                    KappaWeights.None => i == j ? 0 : 1,
                    KappaWeights.Linear => Math.Abs(i - j),
                    _ => (double)(i - j) * (i - j),
                };
                observed += weight * matrix[i, j];
                expected += weight * rows[i] * columns[j] / total;
            }
        return expected == 0 ? 0 : 1 - observed / expected;
    }
}

/// <summary>
/// (TP·TN − FP·FN) / √((TP + FP)(TP + FN)(TN + FP)(TN + FN)) of two classes, and its like of several: the correlation of predictions and targets, from −1 to
/// 1, that unequal classes do not flatter (Matthews 1975, Gorodkin 2004). Where one of both is constant it is 0.
/// </summary>
/// <inheritdoc cref="ConfusionMetric"/>
/// <param name="numClasses">How many classes there are; null where scores tell.</param>
/// <param name="ignoreClass">A class number of targets that do not count; null for none.</param>
[Registered("matthews_correlation", "mcc", "matthews_correlation_coefficient")]
public sealed class MatthewsCorrelation(int? numClasses = null, int? ignoreClass = null) : ConfusionMetric(numClasses, ignoreClass)
{
    private protected override double Of(double[,] matrix)
    {
        var (rows, columns, total) = Margins.Of(matrix);
        // Shares instead of numbers: products of four numbers of rows are large.
        double right = 0, chance = 0, rowSquares = 0, columnSquares = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            double row = rows[i] / total, column = columns[i] / total;
            right += matrix[i, i] / total;
            chance += row * column;
            rowSquares += row * row;
            columnSquares += column * column;
        }
        double spread = Math.Sqrt((1 - rowSquares) * (1 - columnSquares));
        return spread == 0 ? 0 : (right - chance) / spread;
    }
}

/// <summary>Sums of a confusion matrix.</summary>
internal static class Margins
{
    /// <summary>How many there are of each class, how many were taken for it, and how many in all.</summary>
    public static (double[] Rows, double[] Columns, double Total) Of(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        double[] rows = new double[n], columns = new double[n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
            {
                rows[i] += matrix[i, j];
                columns[j] += matrix[i, j];
            }
        return (rows, columns, rows.Sum());
    }
}
