namespace NativeDL.Data;

/// <summary>A data set in the form of MNIST: four IDX files, of which the cache takes care.</summary>
internal abstract class IdxDataset : NamedDataset
{
    private DatasetPackage? package;

    public override Shape ExampleShape => [28, 28, 1];

    public override int TrainCount => 60_000;

    public override int TestCount => 10_000;

    public override IReadOnlyList<string> Sources => [.. Package.Sources.Select(s => s.Name)];

    public override bool IsLocal => DatasetCache.Default.Has(Package);

    public override bool IsDamaged => DatasetCache.Default.HasDamaged(Package);

    /// <summary>Pictures and labels to train on, then those to test with.</summary>
    protected abstract IReadOnlyList<DatasetFile> Files { get; }

    /// <summary>The places that may have the files.</summary>
    protected abstract IReadOnlyList<IDatasetSource> Places { get; }

    private DatasetPackage Package => package ??= new DatasetPackage(Name, Files, Places);

    public override (Dataset Train, Dataset Test) Load(IProgress<DatasetProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        string[] paths = DatasetCache.Default.EnsureAsync(Package, progress, cancellationToken).GetAwaiter().GetResult();
        return (IdxPictures.Read(paths[0], paths[1], ClassNames), IdxPictures.Read(paths[2], paths[3], ClassNames));
    }
}
