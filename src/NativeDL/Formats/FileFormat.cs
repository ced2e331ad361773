namespace NativeDL;

/// <summary>
/// A kind of file, known by the ending of its name. What it holds, it says by <see cref="ITensorFormat"/> or
/// <see cref="IDatasetFormat"/>; a class of one's own, marked with <see cref="RegisteredAttribute"/>, is used wherever the library's are.
/// </summary>
/// <example>Weights and data sets in files of one's own:
/// <code>
/// [Registered("my.table")]
/// public sealed class TableFormat : FileFormat, IDatasetFormat
/// {
///     public override string Ending => ".table";
///     public Dataset ReadDataset(string path) => …
/// }
///
/// var data = Datasets.FromFile("flowers.table");
/// </code></example>
[Family]
public abstract class FileFormat
{
    /// <summary>How names of its files end, such as <c>.npz</c>; upper case is understood too.</summary>
    public abstract string Ending { get; }

    /// <summary>The format that a file's name asks for and that holds such things; null where there is none.</summary>
    internal static T? Find<T>(string path) where T : class
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Holding<T>().FirstOrDefault(f => path.EndsWith(f.Ending, StringComparison.OrdinalIgnoreCase)) as T;
    }

    /// <summary>The endings of the formats that hold such things, in order.</summary>
    internal static IEnumerable<string> Endings<T>() => Holding<T>().Select(f => f.Ending).Order(StringComparer.Ordinal);

    /// <summary>The error of a name whose ending says nothing.</summary>
    internal static InvalidInputException Unknown<T>(string what, string path) =>
        Error.Input(what, "the ending of the name is that of no format for this", path, $"one of {string.Join(", ", Endings<T>())}");

    private static IEnumerable<FileFormat> Holding<T>() => Family<FileFormat>.OneOfEach().Where(f => f is T);
}

/// <summary>Holds tensors by their names: what weights are saved in.</summary>
public interface ITensorFormat
{
    /// <summary>Reads all tensors.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    IReadOnlyDictionary<string, Tensor> ReadTensors(string path);

    /// <summary>Writes tensors: the whole file, or (when anything fails) none, and an older file stays.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors, each name once.</param>
    void WriteTensors(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors);
}

/// <summary>Holds a data set.</summary>
public interface IDatasetFormat
{
    /// <summary>Reads the data set.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    Dataset ReadDataset(string path);
}
