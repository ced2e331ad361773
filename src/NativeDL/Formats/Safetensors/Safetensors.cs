using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace NativeDL.Formats;

/// <summary>Reads and writes safetensors files: named tensors and nothing that could run.</summary>
/// <seealso href="https://github.com/huggingface/safetensors"/>
public static class Safetensors
{
    /// <summary>Writes the tensors to a file: the whole file, or (when anything fails) none, and an older file stays.</summary>
    /// <param name="path">The file, usually <c>*.safetensors</c>.</param>
    /// <param name="tensors">The tensors by name; equal tensors give equal bytes, in whatever order they come.</param>
    /// <param name="metadata">Free text pairs for the header.</param>
    public static void Save(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));
    }

    /// <summary>Reads all tensors of a file.</summary>
    /// <exception cref="ModelFormatException">The file is not a sound safetensors file.</exception>
    public static Dictionary<string, Tensor> Load(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return file.Names.ToDictionary(name => name, file.Read, StringComparer.Ordinal);
    }

    internal static void Write(
        Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        foreach (var (name, tensor) in tensors = [.. tensors])
            if (name is null || tensor is null)
                throw Error.Input("Safetensors.Save(tensors)", name is null ? "a name is null" : $"the tensor '{name}' is null");
        // Widest elements first, so that every tensor stands on a multiple of its element size.
        var ordered = tensors.OrderByDescending(t => t.Value.DType.Size()).ThenBy(t => t.Key, StringComparer.Ordinal).ToList();
        var header = Header(ordered, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, tensor) in ordered)
            TensorBytes.Write(stream, tensor);
    }

    private static ReadOnlySpan<byte> Header(
        List<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long at = 0;
            var names = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
            foreach (var (name, tensor) in tensors)
            {
                if (!names.Add(name))
                    throw Error.Input($"Safetensors.Save({name})", "two tensors cannot share a name, nor be called __metadata__");
                var bytes = tensor.ElementCount * tensor.DType.Size();
                json.WriteStartObject(name);
                json.WriteString("dtype", SafetensorsTypes.Name(TensorBytes.Kind(tensor.DType)));
                json.WriteStartArray("shape");
                foreach (var n in tensor.Shape.Dimensions)
                    json.WriteNumberValue(n);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += bytes);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        // Spaces up to a multiple of 8 keep the data aligned.
        while (buffer.WrittenCount % 8 != 0)
            buffer.Write(" "u8);
        if (buffer.WrittenCount > SafetensorsHeader.MaxHeaderBytes)
            throw Error.Input("Safetensors.Save(header)", "the names and metadata are too long",
                $"{buffer.WrittenCount} bytes", $"at most {SafetensorsHeader.MaxHeaderBytes}");
        return buffer.WrittenSpan;
    }
}

/// <summary>Named tensors by <see cref="Safetensors"/>.</summary>
[Registered("safetensors")]
internal sealed class SafetensorsFormat : FileFormat, ITensorFormat
{
    public override string Ending => ".safetensors";

    public IReadOnlyDictionary<string, Tensor> ReadTensors(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return file.Names.ToDictionary(name => name, file.Read);
    }

    public void WriteTensors(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors) => Safetensors.Save(path, tensors);
}
