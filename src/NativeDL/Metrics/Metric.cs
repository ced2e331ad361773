namespace NativeDL;

/// <summary>
/// A number that is reported beside the loss, gathered over batches as sums, never as a mean of means.
/// Converts from its Keras name: <c>Metric m = "accuracy";</c>
/// </summary>
/// <remarks>One of one's own derives from this class and is marked with <see cref="RegisteredAttribute"/>. A metric counts for one model.</remarks>
[Family(Offers = Offer.Methods)]
public abstract partial class Metric
{
    private readonly List<RunningSum> sums = [];

    /// <summary>The name in histories.</summary>
    public virtual string Name => Family<Metric>.NameOf(this);

    /// <summary>Whether a larger result is a better one.</summary>
    public abstract bool HigherIsBetter { get; }

    /// <summary>The number over everything seen since the last reset; NaN when nothing was.</summary>
    public abstract double Result { get; }

    /// <summary>The model that it is compiled into; null where there is none.</summary>
    internal Model? Owner { get; set; }

    /// <summary>Forgets what was seen.</summary>
    public virtual void Reset()
    {
        foreach (var sum in sums) sum.Reset();
    }

    /// <summary>Sees a batch.</summary>
    /// <param name="target">What is right.</param>
    /// <param name="prediction">What the model says, <c>[N, …]</c>.</param>
    /// <param name="weights">How much each row counts, <c>[N]</c>, or each position, <c>[N, T]</c>; all alike by default.</param>
    /// <exception cref="ShapeMismatchException">The shapes do not fit.</exception>
    public abstract void Update(Tensor target, Tensor prediction, Tensor? weights = null);

    /// <summary>The mean of a function as a metric. A model with it is saved without: to be made again, it needs a class.</summary>
    /// <param name="each">What is averaged, in tensor operations: <c>target, prediction -> [N]</c>, or a value for each position.</param>
    /// <param name="name">What it is called in histories.</param>
    /// <param name="higherIsBetter">Whether a larger result is a better one.</param>
    /// <example><code>
    /// model.Compile("adam", "mse", [Metric.From((y, p) => (y - p).Abs().Max(-1), "largest_error")]);
    /// </code></example>
    public static Metric From(Func<Tensor, Tensor, Tensor> each, string name, bool higherIsBetter = false)
    {
        ArgumentNullException.ThrowIfNull(each);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new FromFunction(each, name, higherIsBetter);
    }

    /// <summary>The metric of that Keras name.</summary>
    /// <exception cref="InvalidInputException">The name is unknown; the error lists the known ones.</exception>
    public static implicit operator Metric(string name) => Registry.Create<Metric>(name);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Makes a sum that this metric keeps, 0 at first and after each <see cref="Reset"/>; for use in constructors.</summary>
    /// <param name="name">Its name in files.</param>
    /// <param name="shape">Its dimensions; a single number by default.</param>
    protected RunningSum AddSum(string name, params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Kept(new RunningSum(name, shape));
    }

    /// <summary>
    /// Makes sums <c>[n]</c> that this metric keeps, of which the first batch after a <see cref="Reset"/> tells the number, such as one for each class.
    /// </summary>
    /// <param name="name">Their name in files.</param>
    protected RunningSum AddSums(string name) => Kept(new RunningSum(name, null));

    private RunningSum Kept(RunningSum sum)
    {
        sums.Add(sum);
        return sum;
    }

    /// <summary>Writes what the metric has seen, so that training can go on in another process: its sums. One that keeps more writes that too.</summary>
    /// <param name="saved">Where to.</param>
    protected internal virtual void WriteState(SavedState saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        foreach (var sum in sums) saved.Set(sum.Name, sum.ToArray());
    }

    /// <summary>Takes what <see cref="WriteState"/> wrote.</summary>
    /// <param name="saved">Where from.</param>
    /// <exception cref="ModelFormatException">It is another metric's.</exception>
    protected internal virtual void ReadState(SavedState saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        foreach (var sum in sums) sum.Set(sum.IsOpen ? saved.Numbers(sum.Name) : saved.Numbers(sum.Name, sum.Shape.ElementCount));
    }

    /// <summary>What the metric keeps.</summary>
    internal IReadOnlyList<RunningSum> Sums => sums;

    /// <summary>Told by Compile which loss it stands beside, so that thresholds fit logits or probabilities.</summary>
    internal virtual void Beside(Loss loss) { }

    private sealed class FromFunction(Func<Tensor, Tensor, Tensor> each, string name, bool higherIsBetter) : MeanMetric
    {
        public override string Name => name;

        public override bool HigherIsBetter => higherIsBetter;

        public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => Add(each(target, prediction), weights);
    }
}
