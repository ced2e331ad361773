using System.Text.Json;
using System.Text.Json.Nodes;

namespace NativeDL.Formats;

/// <summary>Entries of model files that are JSON objects.</summary>
internal static class JsonEntry
{
    /// <summary>Reads an entry; whatever its bytes are, the result is a value or the error that names the file.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="path">Its path, for the error.</param>
    /// <param name="what">What the error speaks of, such as <c>Model</c>.</param>
    /// <param name="entry">The entry's name.</param>
    /// <param name="writer">Who writes such entries.</param>
    /// <param name="read">Makes the value; may stumble over what is missing or of another type.</param>
    /// <param name="nonsense">Names numbers that could be read and that nobody can have written; null where there are none.</param>
    /// <exception cref="ModelFormatException">The entry is not what <paramref name="writer"/> writes.</exception>
    public static T Read<T>(NdlFile file, string path, string what, string entry, string writer, Func<JsonObject, T> read, Func<T, string?> nonsense)
    {
        try
        {
            var json = JsonNode.Parse(file.ReadText(entry), null, new JsonDocumentOptions { AllowDuplicateProperties = false })!.AsObject();
            var value = read(json);
            return nonsense(value) is { } reason ? throw new FormatException(reason) : value;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException or ArgumentException
            or OverflowException)
        {
            throw new ModelFormatException(what, path, null, $"the entry {entry} is not what {writer} writes",
                e is FormatException ? e.Message.TrimEnd('.') : null, inner: e);
        }
    }
}
