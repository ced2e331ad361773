using NativeDL.Data;
using NativeDL.Formats;

namespace NativeDL;

/// <summary>Examples with labels: tensors whose first axis counts the examples, and the order they are taken in.</summary>
/// <remarks>
/// A data set is immutable: <see cref="Take"/>, <see cref="Skip"/>, <see cref="Split"/> and <see cref="Shuffle"/> give
/// new ones that share the tensors. Nothing is copied before a batch is made, but for a tensor that is strided or on a
/// device: it is copied into row-major main memory once.
/// </remarks>
public sealed class Dataset
{
    private readonly Tensor[] inputs;
    private readonly int start;
    private readonly int[]? rows;
    private readonly RandomState? random;
    private readonly Lock freezing = new();
    private readonly Func<Batch, Batch>? map;
    private Dataset? frozen;

    /// <summary>A data set of one feature tensor.</summary>
    /// <param name="x">Features <c>[N, …]</c>.</param>
    /// <param name="y">Labels <c>[N, …]</c>.</param>
    /// <param name="classNames">What the labels 0, 1, … mean, where they are classes.</param>
    /// <exception cref="ShapeMismatchException">The two do not have the same number of rows.</exception>
    public Dataset(Tensor x, Tensor y, IReadOnlyList<string>? classNames = null) : this([x], y, classNames)
    {
    }

    /// <summary>A data set for a model with several inputs.</summary>
    /// <param name="inputs">Features, each <c>[N, …]</c>.</param>
    /// <param name="y">Labels <c>[N, …]</c>.</param>
    /// <param name="classNames">What the labels 0, 1, … mean, where they are classes.</param>
    /// <exception cref="ShapeMismatchException">The tensors do not have the same number of rows.</exception>
    public Dataset(IReadOnlyList<Tensor> inputs, Tensor y, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(y);
        if (inputs.Count == 0)
            throw Error.Input("Dataset(inputs)", "a data set needs features", "no tensor", "one or more");
        foreach (var x in inputs)
        {
            ArgumentNullException.ThrowIfNull(x);
            if (x.Rank == 0 || y.Rank == 0 || x.Shape[0] != y.Shape[0])
                throw Error.Shape("Dataset(x, y)", "features and labels differ in their number of rows",
                    $"features {x.Shape} and labels {y.Shape}", "an equal first dimension");
        }
        // Rows are cut out of row-major memory: what lies otherwise is copied here once, and not for each batch.
        using var outside = TensorScope.Suspend();
        this.inputs = [.. inputs.Select(TensorBytes.OnHost)];
        Y = TensorBytes.OnHost(y);
        ClassNames = classNames ?? [];
        Count = y.Shape[0];
    }

    private Dataset(Dataset of, int start, int count, int[]? rows, RandomState? random, Func<Batch, Batch>? map)
    {
        inputs = of.inputs;
        Y = of.Y;
        ClassNames = of.ClassNames;
        this.start = start;
        Count = count;
        this.rows = rows;
        this.random = random;
        this.map = map;
    }

    /// <summary>Number of examples.</summary>
    public int Count { get; }

    /// <summary>What the labels 0, 1, … mean; empty where they are no classes.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Shape of one example's features, without the batch axis, before any <see cref="Map"/>.</summary>
    public Shape FeatureShape => Shape.Of(inputs[0].Shape.Dimensions[1..]);

    /// <summary>Shape of one example's label, without the batch axis, before any <see cref="Map"/>; a scalar for class indices.</summary>
    public Shape LabelShape => Shape.Of(Y.Shape.Dimensions[1..]);

    /// <summary>The labels of all rows underneath, in storage order.</summary>
    internal Tensor Y { get; }

    /// <summary>The features of all rows underneath, in storage order.</summary>
    internal IReadOnlyList<Tensor> Inputs => inputs;

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

    /// <summary>The same examples in a new random order for each pass.</summary>
    /// <param name="random">Draws one permutation a pass; the same state gives the same orders on every machine.</param>
    /// <remarks>
    /// <see cref="Take"/>, <see cref="Skip"/> and <see cref="Split"/> of the result draw one order and keep it, so that parts
    /// of a shuffled data set never overlap.
    /// </remarks>
    public Dataset Shuffle(RandomState random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var fixedOrder = Freeze();
        return new Dataset(fixedOrder, fixedOrder.start, Count, fixedOrder.rows, random, map);
    }

    /// <summary>The examples in batches; each example comes once a pass.</summary>
    /// <param name="size">Examples a batch.</param>
    /// <param name="dropRemainder">Whether to leave out a last batch that is not full.</param>
    /// <exception cref="InvalidInputException">The size is below 1, or the data set is empty.</exception>
    public Batches Batch(int size, bool dropRemainder = false)
    {
        if (size < 1)
            throw Error.Input("Dataset.Batch(size)", "a batch needs examples", $"{size}", "1 or more");
        if (Count == 0)
            throw Error.Input("Dataset.Batch(size)", "the data set is empty", "0 examples", "1 or more",
                "look at what Take, Skip or Split left over");
        return new Batches(this, size, dropRemainder);
    }

    /// <summary>The data set with its examples changed as they are taken: <paramref name="map"/> sees whole batches.</summary>
    /// <param name="map">Gets a batch and gives the one to use instead, such as an augmented one.</param>
    public Dataset Map(Func<Batch, Batch> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var inner = this.map;
        return new Dataset(this, start, Count, rows, random, inner is null ? map : b => map(inner(b)));
    }

    /// <summary>All examples as one batch.</summary>
    public Batch ToBatch() => Make(Order(), 0, Count);

    /// <summary>The rows in the order of this pass, or null when they stand one after another from the first.</summary>
    internal int[]? Order()
    {
        if (random is null)
            return rows;
        var order = random.Permutation(Count);
        for (var i = 0; i < order.Length; i++)
            order[i] = rows is null ? start + order[i] : rows[order[i]];
        return order;
    }

    /// <summary>Copies the examples [first, first + count) of a pass.</summary>
    internal Batch Make(int[]? order, int first, int count)
    {
        var x = new Tensor[inputs.Length];
        for (var i = 0; i < x.Length; i++)
            x[i] = Rows.Gather(inputs[i], order, start + first, first, count);
        var y = Rows.Gather(Y, order, start + first, first, count);
        var batch = x.Length == 1 ? new Batch(x[0], y) : new Batch(x, y);
        return map is null ? batch : map(batch);
    }

    /// <summary>This data set with an order that stays; drawn once.</summary>
    private Dataset Freeze()
    {
        if (random is null)
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
