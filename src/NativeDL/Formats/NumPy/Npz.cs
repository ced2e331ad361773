using System.IO.Compression;

namespace NativeDL.Formats;

/// <summary>Reads and writes NumPy's <c>.npz</c> files: named arrays in a zip.</summary>
public static class Npz
{
    private const string Format = "Npz";
    private const string Suffix = ".npy";

    /// <summary>Reads all arrays, stored or compressed.</summary>
    /// <exception cref="ModelFormatException">The file is no sound npz file, or holds arrays that cannot be read.</exception>
    public static Dictionary<string, Tensor> Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = ByteSource.Open(path);
        return Read(file);
    }

    /// <summary>Writes named arrays: the whole file, or (when anything fails) none, and an older file stays.</summary>
    /// <param name="path">The file, usually <c>*.npz</c>.</param>
    /// <param name="tensors">The arrays by name.</param>
    /// <param name="compress">Whether to deflate them.</param>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, bool compress = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        AtomicFile.Write(path, stream =>
        {
            using var zip = new NdlWriter(stream);
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (name, tensor) in tensors)
            {
                if (name is null || tensor is null) throw Error.Input("Npz.Save(tensors)", name is null ? "a name is null" : $"the array '{name}' is null");
                if (!names.Add(name))
                    throw Error.Input($"Npz.Save({name})", "two arrays cannot share a name");
                zip.Add(name + Suffix, compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression,
                    s => Npy.Write(s, tensor));
            }
        });
    }

    internal static Dictionary<string, Tensor> Read(ByteSource file)
    {
        var zip = new ZipReader(file, Format);
        var arrays = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var name in zip.Names)
        {
            if (!name.EndsWith(Suffix, StringComparison.Ordinal))
                throw new ModelFormatException(Format, file.Name, zip.Find(name)!.Offset,
                    $"the entry \"{name}\" is not an array", null, "names that end in .npy");
            using var content = zip.Open(zip.Find(name)!, long.MaxValue);
            arrays.Add(name[..^Suffix.Length], Npy.Read(content));
        }
        return arrays;
    }
}

/// <summary>Named arrays by <see cref="Npz"/>.</summary>
[Registered("npz")]
internal sealed class NpzFormat : FileFormat, ITensorFormat
{
    public override string Ending => ".npz";

    public IReadOnlyDictionary<string, Tensor> ReadTensors(string path) => Npz.Load(path);

    public void WriteTensors(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors) => Npz.Save(path, tensors);
}
