namespace NativeDL.Data;

/// <summary>One file of a data set as it lies in the cache, uncompressed, known by its length and SHA-256.</summary>
internal sealed record DatasetFile(string Name, long Length, string Sha256);

/// <summary>The files of a data set and the places that may have them, in the order they are tried.</summary>
internal sealed record DatasetPackage(string Name, IReadOnlyList<DatasetFile> Files, IReadOnlyList<IDatasetSource> Sources);

/// <summary>A place that may have the files of a data set.</summary>
internal interface IDatasetSource
{
    /// <summary>What an error calls this source.</summary>
    string Name { get; }

    /// <summary>Hands each wanted file it can get to <see cref="DatasetFetch.StoreAsync"/>; throws with the reason when it cannot.</summary>
    Task FetchAsync(DatasetFetch fetch, CancellationToken cancel);
}
