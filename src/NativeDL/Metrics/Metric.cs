namespace NativeDL;

/// <summary>
/// A number that is reported beside the loss, gathered over batches as sums, never as a mean of means.
/// Converts from its Keras name: <c>Metric m = "accuracy";</c>
/// </summary>
public abstract class Metric
{
    private static readonly NameTable<Metric> Table = new("Metric", MetricRegistry.All);

    /// <summary>The name in histories.</summary>
    public abstract string Name { get; }

    /// <summary>The number over everything seen since the last reset; NaN when nothing was.</summary>
    public abstract double Result { get; }

    /// <summary>Forgets what was seen.</summary>
    public abstract void Reset();

    /// <summary>Sees a batch.</summary>
    /// <param name="target">What is right.</param>
    /// <param name="prediction">What the model says, <c>[N, …]</c>.</param>
    public abstract void Update(Tensor target, Tensor prediction);

    /// <summary>The metric of that Keras name.</summary>
    /// <exception cref="InvalidInputException">The name is unknown; the error lists the known ones.</exception>
    public static implicit operator Metric(string name) => Table.Create(name);

    /// <summary>Makes a metric of one's own known by name.</summary>
    public static void Register(string name, Func<Metric> create) => Table.Register(name, create);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Told by Compile which loss it stands beside, so that thresholds fit logits or probabilities.</summary>
    internal virtual void Beside(Loss loss) { }
}

/// <summary>A metric that is a sum over things divided by their number.</summary>
public abstract class MeanMetric : Metric
{
    private double sum;
    private double count;

    /// <inheritdoc/>
    public override double Result => Finish(sum / count);

    /// <inheritdoc/>
    public override void Reset() => (sum, count) = (0, 0);

    /// <summary>Sum and number, for an exact resumption.</summary>
    internal (double Sum, double Count) Totals
    {
        get => (sum, count);
        set => (sum, count) = value;
    }

    /// <summary>Adds to the sum and to the number.</summary>
    protected void Add(double value, double number)
    {
        sum += value;
        count += number;
    }

    /// <summary>The last step from the mean to the result.</summary>
    protected virtual double Finish(double mean) => mean;
}

/// <summary>Implemented by every built-in metric; the registry is generated from it.</summary>
internal interface INamedMetric
{
    static abstract NamedSpec<Metric> Spec { get; }
}

/// <summary>Every built-in metric.</summary>
[RegistryOf(typeof(INamedMetric))]
internal static partial class MetricRegistry;
