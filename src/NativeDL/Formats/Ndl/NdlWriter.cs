using System.IO.Compression;
using System.Text;

namespace NativeDL.Formats;

/// <summary>Writes the entries of a zip file one after another; equal entries give equal bytes.</summary>
internal sealed class NdlWriter(Stream stream) : IDisposable
{
    // The first moment zip can express: the file must not depend on the clock.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true);

    public void AddText(string name, string text) =>
        Add(name, CompressionLevel.Optimal, s => s.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Tensors are stored as they are, so that a reader can map them in place.</summary>
    public void AddTensors(
        string name, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        Add(name, CompressionLevel.NoCompression, s => Safetensors.Write(s, tensors, metadata));

    public void Add(string name, CompressionLevel level, Action<Stream> write)
    {
        var entry = zip.CreateEntry(name, level);
        entry.LastWriteTime = Epoch;
        using var content = entry.Open();
        write(content);
    }

    public void Dispose() => zip.Dispose();
}
