namespace NativeDL;

/// <summary>How far the fetching of a data set has come.</summary>
/// <param name="Dataset">The data set, such as <c>mnist</c>.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="File">The file on its way; empty while the source is being asked.</param>
/// <param name="Bytes">Bytes of the file that have arrived, uncompressed.</param>
/// <param name="TotalBytes">Bytes of the whole file, uncompressed.</param>
public readonly record struct DatasetProgress(string Dataset, string Source, string File, long Bytes, long TotalBytes);
