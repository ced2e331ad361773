namespace NativeDL;

/// <summary>
/// A data set that is known by a name, such as <c>fashion-mnist</c>: what is known of it before it is loaded, and the way to load it.
/// A class of one's own, marked with <see cref="RegisteredAttribute"/>, is found by <see cref="Datasets.Find"/> as the library's are.
/// </summary>
/// <example><code>
/// [Registered("my.circles")]
/// public sealed class Circles : NamedDataset
/// {
///     public override string Description => "Points inside and outside of a circle";
///     public override Shape ExampleShape => [2];
///     public override int TrainCount => 1000;
///     public override int TestCount => 200;
///     public override string Licence => "none";
///     public override string Origin => "drawn";
///     public override (Dataset Train, Dataset Test) Load(IProgress&lt;DatasetProgress>? progress = null, CancellationToken cancellationToken = default) => …
/// }
/// </code></example>
[Family]
public abstract class NamedDataset
{
    /// <summary>The name it is asked for by.</summary>
    public string Name => Family<NamedDataset>.NameOf(this);

    /// <summary>What it shows.</summary>
    public abstract string Description { get; }

    /// <summary>Shape of one example.</summary>
    public abstract Shape ExampleShape { get; }

    /// <summary>Examples to train on.</summary>
    public abstract int TrainCount { get; }

    /// <summary>Examples to test with.</summary>
    public abstract int TestCount { get; }

    /// <summary>What the labels 0, 1, … mean; none where targets are no classes.</summary>
    public virtual IReadOnlyList<string> ClassNames => [];

    /// <summary>The terms it comes under, as its publishers state them.</summary>
    public abstract string Licence { get; }

    /// <summary>Who made it.</summary>
    public abstract string Origin { get; }

    /// <summary>Where it is looked for after the cache, in order; none where nothing has to be fetched.</summary>
    public virtual IReadOnlyList<string> Sources => [];

    /// <summary>Whether it is embedded, made, or in the cache, so that loading needs no network.</summary>
    public virtual bool IsLocal => true;

    /// <summary>
    /// Whether a file in the cache has the wrong length, so that loading fetches it again. Equal lengths promise nothing: contents are checked when they are
    /// used.
    /// </summary>
    public virtual bool IsDamaged => false;

    /// <summary>Loads it, fetching it first if it is not there.</summary>
    /// <param name="progress">Told how far the fetching has come.</param>
    /// <param name="cancellationToken">Stops the fetching.</param>
    /// <exception cref="DatasetException">No source has it.</exception>
    public abstract (Dataset Train, Dataset Test) Load(IProgress<DatasetProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
