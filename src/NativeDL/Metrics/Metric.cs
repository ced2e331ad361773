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
        var sum = new RunningSum(name, shape);
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
        foreach (var sum in sums) sum.Set(saved.Numbers(sum.Name, sum.Shape.ElementCount));
    }

    /// <summary>What the metric keeps.</summary>
    internal IReadOnlyList<RunningSum> Sums => sums;

    /// <summary>Told by Compile which loss it stands beside, so that thresholds fit logits or probabilities.</summary>
    internal virtual void Beside(Loss loss) { }
}
