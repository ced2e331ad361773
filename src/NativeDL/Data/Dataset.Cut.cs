namespace NativeDL;

public sealed partial class Dataset
{
    /// <summary>The first <paramref name="count"/> examples, or all if there are fewer.</summary>
    public Dataset Take(int count)
    {
        CheckCount("Dataset.Take(count)", count);
        return Freeze().Part(0, Math.Min(count, Count));
    }

    /// <summary>All but the first <paramref name="count"/> examples.</summary>
    public Dataset Skip(int count)
    {
        CheckCount("Dataset.Skip(count)", count);
        count = Math.Min(count, Count);
        return Freeze().Part(count, Count - count);
    }

    /// <summary>The examples of these numbers, in this order; one may come several times.</summary>
    /// <param name="numbers">From 0, counted in the data set's order.</param>
    /// <exception cref="InvalidInputException">There is no such example.</exception>
    public Dataset Rows(params int[] numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        foreach (var i in numbers)
            if ((uint)i >= (uint)Count)
                throw Error.Input("Dataset.Rows(numbers)", "there is no such example", $"{i} of {Count}",
                    Count == 0 ? "none: the data set is empty" : $"0 to {Count - 1}");
        var whole = Freeze();
        return new Dataset(whole, 0, numbers.Length, [.. numbers.Select(i => whole.rows is null ? whole.start + i : whole.rows[i])], null, map);
    }

    /// <summary>Cuts the data set in two that share no example.</summary>
    /// <param name="fraction">The share of the first part, between 0 and 1; its size is rounded to the nearest.</param>
    /// <param name="seed">Seeds a shuffle before the cut; without one the order stays.</param>
    public (Dataset First, Dataset Second) Split(double fraction, ulong? seed = null)
    {
        if (!(fraction is >= 0 and <= 1))
            throw Error.Input("Dataset.Split(fraction)", "the fraction cannot be", $"{fraction}", "0 to 1");
        var whole = seed is { } s ? Shuffle(new RandomState(s)).Freeze() : Freeze();
        var first = (int)Math.Round(fraction * Count, MidpointRounding.AwayFromZero);
        return (whole.Part(0, first), whole.Part(first, Count - first));
    }

    /// <summary>
    /// Cuts the data set in <paramref name="k"/> parts at random and gives <paramref name="k"/> pairs: all parts but one to train on, and the one that is held
    /// back.
    /// </summary>
    /// <param name="k">How many; where the examples cannot be shared evenly, the first parts have one more.</param>
    /// <param name="random">Draws which examples go together; <see cref="RandomState.Default"/> unless named.</param>
    /// <exception cref="InvalidInputException">There are fewer than 2 parts, or fewer examples than parts.</exception>
    public IReadOnlyList<(Dataset Train, Dataset Held)> KFold(int k, RandomState? random = null)
    {
        if (k < 2 || k > Count)
            throw Error.Input("Dataset.KFold(k)", "the examples cannot be cut in so many parts", $"{k} parts of {Count} examples",
                $"2 to {Math.Max(2, Count)}");
        var whole = Freeze();
        var order = (random ?? RandomState.Default).Permutation(Count);
        var folds = new List<(Dataset, Dataset)>(k);
        for (int i = 0, first = 0; i < k; i++)
        {
            var end = first + Count / k + (i < Count % k ? 1 : 0);
            folds.Add((whole.Rows([.. order[..first], .. order[end..]]), whole.Rows(order[first..end])));
            first = end;
        }
        return folds;
    }

    /// <summary>The same examples in a new random order for each pass.</summary>
    /// <param name="random">Draws one permutation a pass; the same state gives the same orders on every machine. <see cref="RandomState.Default"/> unless
    /// named, in <c>Fit</c> the model's.</param>
    /// <remarks>
    /// <see cref="Take"/>, <see cref="Skip"/> and <see cref="Split"/> of the result draw one order and keep it, so that parts
    /// of a shuffled data set never overlap.
    /// </remarks>
    public Dataset Shuffle(RandomState? random = null) =>
        new(this, start, Count, rows, () => random ?? RandomState.Default, map);

    /// <summary>The examples of this data set, then those of another, copied together; what either is mapped by is done once, here.</summary>
    /// <exception cref="InvalidInputException">The two do not have the same tensors.</exception>
    /// <exception cref="ShapeMismatchException">Their examples differ in shape.</exception>
    public Dataset Concat(Dataset other)
    {
        ArgumentNullException.ThrowIfNull(other);
        using var outside = TensorScope.Suspend();
        return new Dataset(
            Join(Inputs, other.Inputs, "inputs"), Join(Targets, other.Targets, "targets"),
            Join(SampleWeights, other.SampleWeights, "sample weights"), Join(Masks, other.Masks, "masks"), ClassNames);
    }

    private static Tensors Join(Tensors a, Tensors b, string what)
    {
        if (a.Count != b.Count || !(a.GivenNames ?? []).SequenceEqual(b.GivenNames ?? []))
            throw Error.Input("Dataset.Concat(other)", $"the data sets do not have the same {what}", $"{a} and {b}");
        return Tensors.Of([.. a.Zip(b, (first, second) => Tensor.Concat([first, second]))]).NamedAs(a);
    }

    /// <summary>This data set with an order that stays; drawn once.</summary>
    private Dataset Freeze()
    {
        if (shuffling is null)
            return this;
        lock (freezing)
            return frozen ??= new Dataset(this, 0, Count, Order(), null, map);
    }

    private Dataset Part(int first, int count) => rows is null
        ? new Dataset(this, start + first, count, null, null, map)
        : new Dataset(this, 0, count, rows[first..(first + count)], null, map);

    private static void CheckCount(string op, int count)
    {
        if (count < 0)
            throw Error.Input(op, "a number of examples is negative", $"{count}", "0 or more");
    }
}
