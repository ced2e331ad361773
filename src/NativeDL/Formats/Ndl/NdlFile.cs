using System.Text;
using System.Text.Unicode;

namespace NativeDL.Formats;

/// <summary>A saved model: a zip of <c>model.json</c>, <c>weights.safetensors</c> and what else a run needs to go on.</summary>
/// <remarks>
/// The file stays open until it is disposed, so that all its entries are of one writing; nothing is held beside the tensors that are read.
/// Checksums of the entries are verified as they are opened.
/// </remarks>
internal sealed class NdlFile : IDisposable
{
    public const string Model = "model.json";
    public const string Weights = "weights.safetensors";
    public const string Optimizer = "optimizer.safetensors";
    public const string State = "state.json";
    public const string Run = "run.json";
    public const string Training = "training.json";
    public const string TrainingTensors = "training.safetensors";
    private const string Format = "NdlFile";
    private const long MaxText = 64 << 20;

    private readonly ByteSource file;
    private readonly ZipReader zip;

    private NdlFile(ByteSource file)
    {
        this.file = file;
        zip = new ZipReader(file, Format);
    }

    /// <summary>The entries' names, in the order they were written.</summary>
    public IReadOnlyList<string> Entries => zip.Names;

    public static NdlFile Open(string path) => Open(ByteSource.Open(path));

    public static NdlFile Open(ByteSource file)
    {
        try
        {
            return new NdlFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes a whole file or nothing; see <see cref="AtomicFile"/>.</summary>
    public static void Write(string path, Action<NdlWriter> write) => AtomicFile.Write(path, stream =>
    {
        using var writer = new NdlWriter(stream);
        write(writer);
    });

    public bool Contains(string entry) => zip.Find(entry) is not null;

    /// <summary>The text of an entry, which must be UTF-8.</summary>
    public string ReadText(string entry)
    {
        using var content = zip.Open(Need(entry), MaxText);
        var bytes = content.Span(0, (int)content.Length);
        if (!Utf8.IsValid(bytes))
            throw new ModelFormatException(Format, file.Name, Need(entry).Offset, $"entry \"{entry}\" is not UTF-8 text");
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The tensors of an entry, usable while this file is open.</summary>
    public SafetensorsFile ReadTensors(string entry) =>
        SafetensorsFile.Open(zip.Open(Need(entry), long.MaxValue));

    public void Dispose() => file.Dispose();

    private ZipEntry Need(string entry) => zip.Find(entry) ?? throw new ModelFormatException(
        Format, file.Name, null, $"the entry \"{entry}\" is missing",
        Entries.Count == 0 ? "no entries" : string.Join(", ", Entries.Take(20)), entry,
        "a model is saved with Model.Save");
}
