using NativeDL.Data;
using NativeDL.Formats;

namespace NativeDL;

/// <summary>
/// Examples: tensors whose first axis counts them, and the order they are taken in. A pair <c>(x, y)</c> converts to it, and
/// it comes apart again: <c>var (x, y) = train;</c>
/// </summary>
/// <remarks>
/// A data set is immutable: <see cref="Take"/>, <see cref="Skip"/>, <see cref="Split"/> and <see cref="Shuffle"/> give
/// new ones that share the tensors. Nothing is copied before a batch is made, but for a tensor that is strided or on a
/// device: it is copied into row-major main memory once.
/// </remarks>
/// <example><code>
/// var data = new Dataset([image, meta], [price, sold], sampleWeights: weight);
/// model.Fit(data, epochs: 5, batchSize: 32, validation: ([vi, vm], [vp, vs]));
/// </code></example>
public sealed partial class Dataset
{
    private readonly Batch all; // every row underneath
    private readonly int start;
    private readonly int[]? rows;
    private readonly Func<RandomState>? shuffling; // what each pass draws its order from
    private readonly Lock freezing = new();
    private readonly Func<Func<Batch, Batch>>? map;
    private readonly IReadOnlyList<RandomState?> mapSources = [];
    private Dataset? frozen;
    private Batch? whole;

    /// <summary>A data set of features with labels.</summary>
    /// <param name="x">Features <c>[N, …]</c>.</param>
    /// <param name="y">Labels <c>[N, …]</c>.</param>
    /// <param name="classNames">What the labels 0, 1, … mean, where they are classes.</param>
    /// <exception cref="ShapeMismatchException">The two do not have the same number of rows.</exception>
    public Dataset(Tensor x, Tensor y, IReadOnlyList<string>? classNames = null) : this((Tensors)x, y, classNames: classNames) { }

    /// <summary>A data set of several inputs or targets, or of none to learn, with weights or masks.</summary>
    /// <param name="inputs">What the model is given, each <c>[N, …]</c>: one tensor, several in order, or named.</param>
    /// <param name="targets">What is right, each <c>[N, …]</c>: one tensor, one for each of the model's outputs, or none.</param>
    /// <param name="sampleWeights">How much each example counts, <c>[N]</c>, or each of its positions, <c>[N, T]</c>: one tensor for all outputs, one for each,
    /// or none.</param>
    /// <param name="masks">Which steps of the inputs count, Bool <c>[N, T]</c>: one for each input, or none.</param>
    /// <param name="classNames">What the labels 0, 1, … mean, where they are classes.</param>
    /// <exception cref="ShapeMismatchException">The tensors do not have the same number of rows.</exception>
    public Dataset(Tensors inputs, Tensors targets = default, Tensors sampleWeights = default, Tensors masks = default,
        IReadOnlyList<string>? classNames = null)
    {
        if (inputs.Count == 0)
            throw Error.Input("Dataset(inputs)", "a data set needs features", "no tensor", "one or more");
        Require(inputs, nameof(inputs), inputs);
        Require(targets, nameof(targets), inputs);
        Require(sampleWeights, nameof(sampleWeights), inputs);
        Require(masks, nameof(masks), inputs);
        // Rows are cut out of row-major memory: what lies otherwise is copied here once, and not for each batch.
        using var outside = TensorScope.Suspend();
        all = new Batch(inputs, targets, sampleWeights, masks).Select(TensorBytes.OnHost);
        ClassNames = classNames ?? [];
        Count = inputs[0].Shape[0];
    }

    private Dataset(Dataset of, int start, int count, int[]? rows, Func<RandomState>? shuffling, Func<Func<Batch, Batch>>? map,
        IReadOnlyList<RandomState?>? mapSources = null)
    {
        all = of.all;
        ClassNames = of.ClassNames;
        this.start = start;
        Count = count;
        this.rows = rows;
        this.shuffling = shuffling;
        this.map = map;
        this.mapSources = mapSources ?? of.mapSources;
    }

    /// <summary>Number of examples.</summary>
    public int Count { get; }

    /// <summary>What the labels 0, 1, … mean; empty where they are no classes.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>All features <c>[N, …]</c>, in the data set's order and after any <see cref="Map(Func{Batch, Batch})"/>.</summary>
    /// <exception cref="InvalidInputException">The data set has several inputs; they are in <see cref="Inputs"/>.</exception>
    public Tensor X => Whole.X;

    /// <summary>All labels <c>[N, …]</c>, in the data set's order.</summary>
    /// <exception cref="InvalidInputException">The data set has several targets, or none; they are in <see cref="Targets"/>.</exception>
    public Tensor Y => Whole.Y;

    /// <summary>All inputs, each <c>[N, …]</c>, in the data set's order.</summary>
    public Tensors Inputs => Whole.Inputs;

    /// <summary>All targets, each <c>[N, …]</c>, in the data set's order; there may be none.</summary>
    public Tensors Targets => Whole.Targets;

    /// <summary>How much each example counts; none where all count alike.</summary>
    public Tensors SampleWeights => Whole.SampleWeights;

    /// <summary>Which steps of the inputs count; none where all do.</summary>
    public Tensors Masks => Whole.Masks;

    /// <summary>Shape of one example's first input, without the batch axis, before any map.</summary>
    public Shape FeatureShape => Shape.Of(all.Inputs[0].Shape.Dimensions[1..]);

    /// <summary>Shape of one example's label, without the batch axis, before any map; a scalar for class indices.</summary>
    public Shape LabelShape => Shape.Of(all.Y.Shape.Dimensions[1..]);

    /// <summary>What random numbers are drawn from at the beginning of a pass, each once.</summary>
    internal IReadOnlyList<RandomState> Sources =>
        [.. mapSources.Select(s => s ?? RandomState.Default).Concat(shuffling is null ? [] : [shuffling()]).Distinct()];

    /// <summary>The only input and the only target, whole and in the data set's order.</summary>
    public void Deconstruct(out Tensor x, out Tensor y) => (x, y) = (X, Y);

    /// <summary>A data set of features and labels.</summary>
    public static implicit operator Dataset((Tensor X, Tensor Y) pair) => new(pair.X, pair.Y);

    /// <summary>A data set of several inputs and targets.</summary>
    public static implicit operator Dataset((Tensors Inputs, Tensors Targets) pair) => new(pair.Inputs, pair.Targets);

    /// <summary>A data set of inputs, targets and how much each example counts.</summary>
    public static implicit operator Dataset((Tensors Inputs, Tensors Targets, Tensors SampleWeights) all) => new(all.Inputs, all.Targets, all.SampleWeights);

    /// <summary>A data set of features and labels, from F#'s plain tuple.</summary>
    public static implicit operator Dataset(Tuple<Tensor, Tensor> pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        return new(pair.Item1, pair.Item2);
    }

    /// <summary>A data set of several inputs and targets, from F#'s plain tuple.</summary>
    public static implicit operator Dataset(Tuple<Tensors, Tensors> pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        return new(pair.Item1, pair.Item2);
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
    /// <param name="map">Gets a batch and gives the one to use instead, such as a scaled one.</param>
    public Dataset Map(Func<Batch, Batch> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return With(() => map, mapSources);
    }

    /// <summary>The data set with its examples changed at random as they are taken, such as by an augmentation.</summary>
    /// <param name="map">Gets a batch and the source its random numbers are to come from.</param>
    /// <param name="random">Gives each pass a source of its own; <see cref="RandomState.Default"/> unless named, in <c>Fit</c> the model's.</param>
    /// <remarks>The numbers are the same with and without <see cref="Batches.Prefetch"/>, whatever else draws numbers meanwhile.</remarks>
    public Dataset Map(Func<Batch, RandomState, Batch> map, RandomState? random = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        return With(() =>
        {
            var own = (random ?? RandomState.Default).Fork();
            return b => map(b, own);
        }, [.. mapSources, random]);
    }

    /// <summary>All examples as one batch: a pass of one step.</summary>
    public Batch ToBatch()
    {
        var batch = Make(Order(), 0, Count);
        return BeginMap() is { } change ? change(batch) : batch;
    }

    /// <summary>The rows in the order of this pass, or null when they stand one after another from the first.</summary>
    internal int[]? Order()
    {
        if (shuffling is null)
            return rows;
        var order = shuffling().Permutation(Count);
        for (var i = 0; i < order.Length; i++)
            order[i] = rows is null ? start + order[i] : rows[order[i]];
        return order;
    }

    /// <summary>What changes the batches of a pass that begins now, or null.</summary>
    internal Func<Batch, Batch>? BeginMap() => map?.Invoke();

    /// <summary>Copies the examples [first, first + count) of a pass, before any map.</summary>
    internal Batch Make(int[]? order, int first, int count) => all.Select(t => Data.Rows.Gather(t, order, start + first, first, count));

    // What belongs together stays together: features and labels are taken in one pass, which is kept.
    private Batch Whole
    {
        get
        {
            lock (freezing)
            {
                if (whole is { } known) return known;
                using var outside = TensorScope.Suspend();
                var fixedOrder = Freeze();
                whole = fixedOrder.map is null && fixedOrder.rows is null ? all.Select(t => t.Shape[0] == Count ? t : t.Narrow(0, fixedOrder.start, Count))
                    : fixedOrder.ToBatch();
                return whole.Value;
            }
        }
    }

    private Dataset With(Func<Func<Batch, Batch>> begin, IReadOnlyList<RandomState?> sources)
    {
        var before = map;
        return new Dataset(this, start, Count, rows, shuffling, before is null ? begin : () =>
        {
            var (first, second) = (before(), begin());
            return b => second(first(b));
        }, sources);
    }

    private static void Require(Tensors tensors, string what, Tensors inputs)
    {
        foreach (var t in tensors)
        {
            if (t is null)
                throw Error.Input($"Dataset({what})", "a tensor is null");
            if (t.Rank == 0 || t.Shape[0] != inputs[0].Shape[0])
                throw Error.Shape("Dataset(x, y)", "the tensors differ in their number of rows", $"inputs {inputs} and {what} {tensors}",
                    "an equal first dimension");
        }
    }
}
