namespace NativeDL.Formats;

/// <summary>An open safetensors file: its list of tensors is read and checked at once, the tensors themselves when asked for.</summary>
/// <remarks>The file stays open until disposed; tensors that were read live on.</remarks>
public sealed class SafetensorsFile : IDisposable
{
    private readonly ByteSource file;
    private readonly Dictionary<string, SafetensorsEntry> entries = new(StringComparer.Ordinal);

    private SafetensorsFile(ByteSource file)
    {
        this.file = file;
        var (tensors, metadata) = SafetensorsHeader.Parse(file);
        // Names in the order of the data: the one that reads the file from front to back.
        Names = [.. tensors.OrderBy(t => t.Offset).ThenBy(t => t.Length).Select(t => t.Name)];
        foreach (var tensor in tensors)
            entries.Add(tensor.Name, tensor);
        Metadata = metadata;
    }

    /// <summary>The tensors' names, in the order of their data.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The free text pairs of the header.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="ModelFormatException">The file is not a sound safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Open(ByteSource.Open(path));
    }

    /// <summary>Reads a file that is already in memory.</summary>
    /// <exception cref="ModelFormatException">The bytes are not a sound safetensors file.</exception>
    public static SafetensorsFile Parse(ReadOnlyMemory<byte> bytes) => Open(ByteSource.From(bytes, "memory"));

    internal static SafetensorsFile Open(ByteSource file)
    {
        try
        {
            return new SafetensorsFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file has a tensor of this name.</summary>
    public bool Contains(string name) => entries.ContainsKey(name);

    /// <summary>The shape of a tensor, without reading it.</summary>
    public Shape ShapeOf(string name) => Need(name).Shape;

    /// <summary>Reads one tensor. Types that tensors do not have are widened exactly: F16 and BF16 become Float32, small integers Int32 or Int64.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor, or no tensor type holds its elements.</exception>
    public Tensor Read(string name)
    {
        var entry = Need(name);
        return TensorBytes.Read(file, entry.Offset, entry.Kind, entry.Shape, "Safetensors");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    private SafetensorsEntry Need(string name) => entries.TryGetValue(name, out var entry) ? entry
        : throw new ModelFormatException("Safetensors", file.Name, null, $"there is no tensor \"{name}\"",
            Names.Count == 0 ? "an empty file" : string.Join(", ", Names.Take(20)));
}
