using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace NativeDL.Formats;

/// <summary>One tensor of a safetensors file; offsets count from the start of the file.</summary>
internal sealed record SafetensorsEntry(string Name, ElementKind Kind, int[] Shape, long Offset, long Length);

/// <summary>Parses and checks the header of a safetensors file: nothing is allocated on the word of an unchecked number.</summary>
/// <remarks>
/// The file: 8 bytes of header length (little-endian), the header (JSON), the data.
/// The tensors must fill the data without a hole, an overlap or a byte to spare, so that no small file can claim large
/// tensors and no second file can hide behind the first.
/// </remarks>
internal static class SafetensorsHeader
{
    public const long MaxHeaderBytes = 100_000_000;
    public const int MaxTensors = 100_000;
    public const int MaxRank = 32;
    private const string Format = "Safetensors";
    private const string MetadataKey = "__metadata__";

    public static (List<SafetensorsEntry> Tensors, Dictionary<string, string> Metadata) Parse(ByteSource file)
    {
        if (file.Length < 8)
            throw Fail(file, 0, "the file is shorter than its length field", $"{file.Length} bytes", "at least 8");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span(0, 8));
        if (length > MaxHeaderBytes)
            throw Fail(file, 0, "the header is too long", $"{length} bytes", $"at most {MaxHeaderBytes}");
        if (length > (ulong)(file.Length - 8))
            throw Fail(file, 0, "the header ends past the end of the file",
                $"a header of {length} bytes in a file of {file.Length}", "a complete file");
        var header = file.Span(8, (int)length);
        if (header.IsEmpty || header[0] != (byte)'{')
            throw Fail(file, 8, "the header does not start with '{'",
                header.IsEmpty ? "an empty header" : $"byte 0x{header[0]:x2}", "a JSON object");
        if (!Utf8.IsValid(header))
            throw Fail(file, 8, "the header is not UTF-8");

        var (tensors, metadata) = ParseJson(file, header);
        CheckLayout(file, tensors, 8 + (long)length);
        return (tensors, metadata);
    }

    private static (List<SafetensorsEntry>, Dictionary<string, string>) ParseJson(ByteSource file, ReadOnlySpan<byte> header)
    {
        var json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 4 });
        try
        {
            var tensors = new List<SafetensorsEntry>();
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            var names = new HashSet<string>(StringComparer.Ordinal);
            json.Read();
            while (Next(ref json) == JsonTokenType.PropertyName)
            {
                var name = json.GetString()!;
                if (!names.Add(name))
                    throw Fail(file, At(json), $"the name \"{Short(name)}\" appears twice");
                if (name == MetadataKey)
                {
                    ReadMetadata(file, ref json, metadata);
                    continue;
                }
                if (tensors.Count == MaxTensors)
                    throw Fail(file, At(json), "there are too many tensors", $"more than {MaxTensors}", $"at most {MaxTensors}");
                tensors.Add(ReadEntry(file, ref json, name, 8 + header.Length));
            }
            // Only white space may follow the object; the reader refuses anything else.
            while (json.Read())
            {
            }
            return (tensors, metadata);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escaped half of a surrogate pair in a string.
            throw new ModelFormatException(Format, file.Name, At(json), "the header is not the JSON it should be",
                inner: error);
        }
    }

    private static void ReadMetadata(ByteSource file, ref Utf8JsonReader json, Dictionary<string, string> metadata)
    {
        Expect(file, ref json, JsonTokenType.StartObject, "an object of strings as __metadata__");
        while (Next(ref json) == JsonTokenType.PropertyName)
        {
            var key = json.GetString()!;
            Expect(file, ref json, JsonTokenType.String, "a string as each value of __metadata__");
            if (!metadata.TryAdd(key, json.GetString()!))
                throw Fail(file, At(json), $"the metadata key \"{Short(key)}\" appears twice");
        }
    }

    private static SafetensorsEntry ReadEntry(ByteSource file, ref Utf8JsonReader json, string name, long dataStart)
    {
        ElementKind? kind = null;
        int[]? shape = null;
        (ulong Begin, ulong End)? range = null;
        Expect(file, ref json, JsonTokenType.StartObject, $"an object describing tensor \"{Short(name)}\"");
        while (Next(ref json) == JsonTokenType.PropertyName)
        {
            var field = json.GetString()!;
            var first = field switch { "dtype" => kind is null, "shape" => shape is null, "data_offsets" => range is null, _ => true };
            if (!first)
                throw Fail(file, At(json), $"tensor \"{Short(name)}\" has two fields \"{field}\"");
            switch (field)
            {
                case "dtype":
                    Expect(file, ref json, JsonTokenType.String, "a dtype as string");
                    kind = SafetensorsTypes.Parse(json.GetString()!)
                        ?? throw Fail(file, At(json), $"tensor \"{Short(name)}\" has an unknown dtype",
                            $"\"{Short(json.GetString()!)}\"", SafetensorsTypes.Known);
                    break;
                case "shape":
                    shape = ReadShape(file, ref json, name);
                    break;
                case "data_offsets":
                    Expect(file, ref json, JsonTokenType.StartArray, "two data_offsets");
                    range = (Whole(file, ref json, "data_offsets"), Whole(file, ref json, "data_offsets"));
                    Expect(file, ref json, JsonTokenType.EndArray, "two data_offsets");
                    break;
                default:
                    throw Fail(file, At(json), $"tensor \"{Short(name)}\" has an unknown field",
                        $"\"{Short(field)}\"", "dtype, shape, data_offsets");
            }
        }
        if (kind is not { } k || shape is null || range is not { } r)
            throw Fail(file, At(json), $"tensor \"{Short(name)}\" lacks a field", null, "dtype, shape and data_offsets");
        return Check(file, ref json, name, k, shape, r, dataStart);
    }

    private static SafetensorsEntry Check(
        ByteSource file, ref Utf8JsonReader json, string name, ElementKind kind, int[] shape,
        (ulong Begin, ulong End) range, long dataStart)
    {
        var room = (ulong)(file.Length - dataStart);
        if (range.Begin > range.End)
            throw Fail(file, At(json), $"the data_offsets of tensor \"{Short(name)}\" run backwards",
                $"[{range.Begin}, {range.End}]", "begin <= end");
        if (range.End > room)
            throw Fail(file, At(json), $"tensor \"{Short(name)}\" ends past the end of the file",
                $"data_offsets [{range.Begin}, {range.End}]", $"at most {room} bytes of data");
        var bytes = kind.ByteCount(shape);
        var length = (long)(range.End - range.Begin);
        if (bytes is null)
            throw Fail(file, At(json), $"the size of tensor \"{Short(name)}\" overflows",
                $"shape [{string.Join(", ", shape)}]", "less than 2^63 bytes");
        if (bytes != length)
            throw Fail(file, At(json), $"the data_offsets of tensor \"{Short(name)}\" do not match its shape",
                $"{length} bytes", $"{bytes} for shape [{string.Join(", ", shape)}] of {kind}");
        return new SafetensorsEntry(name, kind, shape, dataStart + (long)range.Begin, length);
    }

    private static int[] ReadShape(ByteSource file, ref Utf8JsonReader json, string name)
    {
        Expect(file, ref json, JsonTokenType.StartArray, "a shape as array");
        var shape = new List<int>();
        while (Next(ref json) != JsonTokenType.EndArray)
        {
            if (shape.Count == MaxRank)
                throw Fail(file, At(json), $"tensor \"{Short(name)}\" has too many dimensions", null, $"at most {MaxRank}");
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt32(out var n) || n < 0)
                throw Fail(file, At(json), $"tensor \"{Short(name)}\" has a dimension that cannot be",
                    null, $"whole numbers from 0 to {int.MaxValue}");
            shape.Add(n);
        }
        return [.. shape];
    }

    private static void CheckLayout(ByteSource file, List<SafetensorsEntry> tensors, long dataStart)
    {
        var at = dataStart;
        foreach (var t in tensors.OrderBy(t => t.Offset).ThenBy(t => t.Length))
        {
            if (t.Offset != at)
                throw Fail(file, t.Offset, $"tensor \"{Short(t.Name)}\" leaves a hole or overlaps its neighbour",
                    $"a start at byte {t.Offset}", $"{at}");
            at += t.Length;
        }
        if (at != file.Length)
            throw Fail(file, at, "bytes follow the last tensor", $"{file.Length - at} more", "the end of the file");
    }

    private static JsonTokenType Next(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType;
    }

    private static void Expect(ByteSource file, ref Utf8JsonReader json, JsonTokenType token, string expected)
    {
        if (Next(ref json) != token)
            throw Fail(file, At(json), "the header has an unexpected value", json.TokenType.ToString(), expected);
    }

    private static ulong Whole(ByteSource file, ref Utf8JsonReader json, string field)
    {
        if (Next(ref json) != JsonTokenType.Number || !json.TryGetUInt64(out var value))
            throw Fail(file, At(json), $"{field} holds something else than a whole number", null, "0 <= n < 2^64");
        return value;
    }

    private static long At(in Utf8JsonReader json) => 8 + json.BytesConsumed;

    private static string Short(string name) => name.Length <= 80 ? name : name[..80] + "…";

    private static ModelFormatException Fail(
        ByteSource file, long offset, string reason, string? got = null, string? expected = null) =>
        new(Format, file.Name, offset, reason, got, expected);
}
