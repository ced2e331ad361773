using NativeDL.Data;

namespace NativeDL;

/// <summary>The data sets that NativeDL can load. Files are kept in <see cref="CacheFolder"/> and checked by SHA-256.</summary>
public static class Datasets
{
    /// <summary>All known data sets, those of one's own among them, in the order of their names.</summary>
    public static IReadOnlyList<NamedDataset> All => Family<NamedDataset>.OneOfEach();

    /// <summary>Where data sets are kept: <c>NATIVEDL_DATA</c>, else <c>nativedl</c> in the user's cache folder.</summary>
    public static string CacheFolder => DatasetCache.Default.Folder;

    /// <summary>Handwritten digits, 60,000 to train on and 10,000 to test: Float32 <c>[N, 28, 28, 1]</c> in 0..1, Int32 labels <c>[N]</c>.</summary>
    /// <exception cref="DatasetException">It is not in the cache and no source has it.</exception>
    public static (Dataset Train, Dataset Test) Mnist(
        IProgress<DatasetProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new MnistData().Load(progress, cancellationToken);

    /// <summary>
    /// Pictures of clothes in ten classes, in the shape of MNIST: 60,000 and 10,000, Float32 <c>[N, 28, 28, 1]</c> in 0..1, Int32 labels <c>[N]</c>.
    /// </summary>
    /// <exception cref="DatasetException">It is not in the cache and no source has it.</exception>
    public static (Dataset Train, Dataset Test) FashionMnist(
        IProgress<DatasetProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new FashionMnistData().Load(progress, cancellationToken);

    /// <summary>The 1,797 handwritten 8×8 digits of UCI, part of the library: Float32 <c>[N, 8, 8, 1]</c> in 0..1, Int32 labels <c>[N]</c>.</summary>
    /// <remarks>One in five of each class, always the same ones, is the test part. Data by E. Alpaydin and C. Kaynak.</remarks>
    public static (Dataset Train, Dataset Test) Digits() => new DigitsData().Load();

    /// <summary>Reads a table of numbers from a CSV file.</summary>
    /// <param name="path">The file, UTF-8.</param>
    /// <param name="options">Delimiter, header, label column; the defaults take commas, the last column as label, and a first line that is not all numbers as
    /// header.</param>
    /// <returns>Features Float32 <c>[N, columns]</c>; labels Int32 <c>[N]</c> for classes, Float32 <c>[N, 1]</c> for values.</returns>
    /// <exception cref="ModelFormatException">A line cannot be read; the message names it.</exception>
    public static Dataset Csv(string path, CsvOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return CsvData.Read(File.ReadAllBytes(path), path, options ?? new CsvOptions());
    }

    /// <summary>Reads a data set from a file, whose ending says how: <c>.csv</c> as <see cref="Csv"/> does with its defaults.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">No format with such an ending holds data sets; those that do are listed.</exception>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    public static Dataset FromFile(string path)
    {
        var format = FileFormat.Find<IDatasetFormat>(path) ?? throw FileFormat.Unknown<IDatasetFormat>("Datasets.FromFile", path);
        return format.ReadDataset(path);
    }

    /// <summary>The endings of files that <see cref="FromFile"/> reads, such as <c>.csv</c>.</summary>
    public static IReadOnlyList<string> FileEndings => [.. FileFormat.Endings<IDatasetFormat>()];

    /// <summary>The data set of this name.</summary>
    /// <exception cref="InvalidInputException">There is none; the known ones are listed.</exception>
    public static NamedDataset Find(string name) =>
        All.FirstOrDefault(d => d.Name == name) ?? throw Error.UnknownName("Dataset", name, All.Select(d => d.Name));
}
