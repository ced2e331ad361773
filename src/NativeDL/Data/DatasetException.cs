namespace NativeDL;

/// <summary>One source of a data set and why it did not help.</summary>
/// <param name="Source">The source.</param>
/// <param name="Reason">Why it gave nothing, or not everything.</param>
public sealed record DatasetAttempt(string Source, string Reason);

/// <summary>No source had a data set; the message names each with its reason.</summary>
public sealed class DatasetException : NativeDLException
{
    internal DatasetException(string dataset, string folder, IReadOnlyList<string> files, IReadOnlyList<DatasetAttempt> attempts)
        : base(Error.Message(
            $"Datasets({dataset})", $"no source has {string.Join(", ", files)}",
            string.Join("; ", attempts.Select(a => $"{a.Source}: {a.Reason}")), "one source that answers",
            $"copy the files, gzipped or not, into {folder}, or set NATIVEDL_DATA to a folder that has {dataset}/ in it"))
    {
        Dataset = dataset;
        Attempts = attempts;
    }

    /// <summary>The data set asked for.</summary>
    public string Dataset { get; }

    /// <summary>All sources that were tried, in order, with their reasons.</summary>
    public IReadOnlyList<DatasetAttempt> Attempts { get; }
}
