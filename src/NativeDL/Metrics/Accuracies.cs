namespace NativeDL;

/// <summary>
/// The share of predictions that are right, as the shapes tell: class numbers against scores, one-hot rows against
/// scores, or zeros and ones against one score.
/// </summary>
public sealed class Accuracy : MeanMetric, INamedMetric
{
    private double threshold = 0.5;

    /// <inheritdoc/>
    public override string Name => "accuracy";

    internal override void Beside(Loss loss) => threshold = loss is BinaryCrossentropy { FromLogits: true } ? 0 : 0.5;

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        bool oneScore = prediction.Rank < 2 || prediction.Shape[^1] == 1;
        var (right, count) = oneScore ? Right.Binary(Name, target, prediction, threshold)
            : target.Shape == prediction.Shape ? Right.Categorical(Name, target, prediction)
            : Right.Sparse(Name, target, prediction);
        Add(right, count);
    }

    static NamedSpec<Metric> INamedMetric.Spec => new(["accuracy", "acc"], () => new Accuracy());
}

/// <summary>The share of outputs on the right side of a threshold; targets are 0 or 1.</summary>
/// <param name="threshold">0.5 for probabilities, 0 for logits.</param>
public sealed class BinaryAccuracy(double threshold = 0.5) : MeanMetric, INamedMetric
{
    /// <inheritdoc/>
    public override string Name => "binary_accuracy";

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction)
    {
        var (right, count) = Right.Binary(Name, target, prediction, threshold);
        Add(right, count);
    }

    static NamedSpec<Metric> INamedMetric.Spec => new(["binary_accuracy"], () => new BinaryAccuracy());
}

/// <summary>The share of rows whose highest score is at the target's highest; ties go to the first.</summary>
public sealed class CategoricalAccuracy : MeanMetric, INamedMetric
{
    /// <inheritdoc/>
    public override string Name => "categorical_accuracy";

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction)
    {
        var (right, count) = Right.Categorical(Name, target, prediction);
        Add(right, count);
    }

    static NamedSpec<Metric> INamedMetric.Spec => new(["categorical_accuracy"], () => new CategoricalAccuracy());
}

/// <summary>The share of rows whose highest score is at the class number; ties go to the first.</summary>
public sealed class SparseCategoricalAccuracy : MeanMetric, INamedMetric
{
    /// <inheritdoc/>
    public override string Name => "sparse_categorical_accuracy";

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction)
    {
        var (right, count) = Right.Sparse(Name, target, prediction);
        Add(right, count);
    }

    static NamedSpec<Metric> INamedMetric.Spec => new(["sparse_categorical_accuracy"], () => new SparseCategoricalAccuracy());
}

/// <summary>The share of rows whose right class is among the k highest scores; targets are class numbers or one-hot rows.</summary>
/// <param name="k">How many scores count.</param>
public sealed class TopKAccuracy(int k = 5) : MeanMetric, INamedMetric
{
    private readonly int k = k >= 1 ? k : throw Error.Input("TopKAccuracy", "k must be 1 or more", $"{k}");

    /// <inheritdoc/>
    public override string Name => $"top_{k}_accuracy";

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        var labels = target.Shape == prediction.Shape ? target.ArgMax(-1) : SparseCategoricalCrossentropy.Labels(Name, target, prediction);
        int[] right = labels.Cast(DType.Int32).ToArray<int>();
        double[] scores = prediction.ToDoubles();
        int classes = prediction.Shape[^1], hits = 0;
        for (int row = 0; row < right.Length; row++)
        {
            var own = scores.AsSpan(row * classes, classes);
            if ((uint)right[row] >= (uint)classes) throw Error.Input(Name, $"label number {row} is out of range", $"{right[row]}", $"0 to {classes - 1}");
            // Its rank is the number of scores above it, and of equal ones before it.
            int rank = 0;
            for (int c = 0; c < classes; c++)
                if (double.IsNaN(own[c])) rank = classes;
                else if (own[c] > own[right[row]] || (own[c] == own[right[row]] && c < right[row])) rank++;
            if (rank < Math.Min(k, classes)) hits++;
        }
        Add(hits, right.Length);
    }

    static NamedSpec<Metric> INamedMetric.Spec => new(["top_k_categorical_accuracy", "sparse_top_k_categorical_accuracy"], () => new TopKAccuracy());
}

/// <summary>Counts of right predictions; one that is not a number is never right.</summary>
internal static class Right
{
    public static (double Right, double Count) Binary(string name, Tensor target, Tensor prediction, double threshold)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        if (target.Rank == 0 || prediction.Rank == 0 || target.ElementCount != prediction.ElementCount || target.Shape[0] != prediction.Shape[0])
            throw Error.Shape(name, "targets and predictions differ in shape", $"targets {target.Shape} and predictions {prediction.Shape}", "one target for each prediction");
        double[] y = target.ToDoubles(), p = prediction.ToDoubles();
        int right = 0;
        for (int i = 0; i < y.Length; i++) if (!double.IsNaN(p[i]) && (p[i] > threshold) == (y[i] > 0.5)) right++;
        return (right, y.Length);
    }

    public static (double Right, double Count) Categorical(string name, Tensor target, Tensor prediction)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(prediction);
        if (target.Shape != prediction.Shape) throw Error.Shape(name, "targets and predictions differ in shape", $"targets {target.Shape} and predictions {prediction.Shape}", "equal shapes");
        return Same(target.ArgMax(-1), prediction);
    }

    public static (double Right, double Count) Sparse(string name, Tensor target, Tensor prediction) =>
        Same(SparseCategoricalCrossentropy.Labels(name, target, prediction), prediction);

    private static (double, double) Same(Tensor labels, Tensor scores)
    {
        int[] label = labels.Cast(DType.Int32).ToArray<int>(), best = scores.ArgMax(-1).ToArray<int>();
        double[] score = scores.Max(-1).ToDoubles(); // NaN where a score is: no answer is never right
        int right = 0;
        for (int i = 0; i < label.Length; i++) if (label[i] == best[i] && !double.IsNaN(score[i])) right++;
        return (right, label.Length);
    }
}
