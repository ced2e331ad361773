namespace NativeDL;

/// <summary>What is known of a data set before it is loaded.</summary>
/// <param name="Name">The name it is asked for by, such as <c>fashion-mnist</c>.</param>
/// <param name="Description">What it shows.</param>
/// <param name="ExampleShape">Shape of one example.</param>
/// <param name="TrainCount">Examples to train on.</param>
/// <param name="TestCount">Examples to test with.</param>
/// <param name="ClassNames">What the labels 0, 1, … mean.</param>
/// <param name="Licence">The terms it comes under, as its publishers state them.</param>
/// <param name="Origin">Who made it.</param>
/// <param name="Sources">Where it is looked for after the cache, in order.</param>
public sealed record DatasetInfo(
    string Name, string Description, Shape ExampleShape, int TrainCount, int TestCount, IReadOnlyList<string> ClassNames,
    string Licence, string Origin, IReadOnlyList<string> Sources)
{
    private readonly Func<IProgress<DatasetProgress>?, CancellationToken, (Dataset, Dataset)>? load;
    private readonly Func<bool>? isLocal;
    private readonly Func<bool>? isDamaged;

    internal DatasetInfo(
        DatasetInfo info, Func<IProgress<DatasetProgress>?, CancellationToken, (Dataset, Dataset)> load, Func<bool> isLocal,
        Func<bool>? isDamaged = null)
        : this(info)
    {
        this.load = load;
        this.isLocal = isLocal;
        this.isDamaged = isDamaged;
    }

    /// <summary>Whether it is embedded or in the cache, so that loading needs no network.</summary>
    public bool IsLocal => isLocal?.Invoke() ?? false;

    /// <summary>Whether a file in the cache has the wrong length, so that loading fetches it again. Equal lengths promise nothing: contents are checked when they are used.</summary>
    public bool IsDamaged => isDamaged?.Invoke() ?? false;

    /// <summary>Loads it, fetching it first if it is not there.</summary>
    /// <exception cref="DatasetException">No source has it.</exception>
    public (Dataset Train, Dataset Test) Load(IProgress<DatasetProgress>? progress = null, CancellationToken cancel = default) =>
        load!(progress, cancel);
}
