using System.Globalization;
using System.Text.Json.Nodes;

namespace NativeDL;

/// <summary>The settings of an object by the names of its constructor's parameters, as they stand in a file.</summary>
/// <remarks>
/// Generated code writes and reads it; by hand only where there is no generator (see <see cref="Registry.Add"/>).
/// A setting may be a number, a truth value, a text, an enumeration, a list of numbers, a size, a padding, a random state, another
/// configured object or a list of those; null stands for null.
/// </remarks>
public sealed partial class Configuration
{
    private readonly JsonObject json;
    private readonly ConfigurationGraph graph;
    private readonly HashSet<string> unread;

    internal Configuration(JsonObject json, ConfigurationGraph graph)
    {
        (this.json, this.graph) = (json, graph);
        unread = [.. json.Select(setting => setting.Key)];
    }

    /// <summary>The settings as they stand in the file, for what is no list of settings.</summary>
    internal JsonObject Json
    {
        get
        {
            unread.Clear();
            return json;
        }
    }

    /// <summary>The objects of the file.</summary>
    internal ConfigurationGraph Graph => graph;

    /// <summary>Writes a whole number.</summary>
    public void Set(string name, int value) => json[name] = value;

    /// <summary>Writes a whole number.</summary>
    public void Set(string name, int? value) => json[name] = value;

    /// <summary>Writes a whole number.</summary>
    public void Set(string name, long? value) => json[name] = value;

    /// <summary>Writes a number.</summary>
    public void Set(string name, double? value) => json[name] = value is { } v ? Number(v) : null;

    /// <summary>Writes a truth value.</summary>
    public void Set(string name, bool? value) => json[name] = value;

    /// <summary>Writes a text.</summary>
    public void Set(string name, string? value) => json[name] = value;

    /// <summary>Writes a height and a width; null where none is given.</summary>
    public void Set(string name, Size2D value) => json[name] = value.IsGiven ? new JsonArray(value.Height, value.Width) : null;

    /// <summary>Writes a depth, a height and a width; null where none is given.</summary>
    public void Set(string name, Size3D value) => json[name] = value.IsGiven ? new JsonArray(value.Depth, value.Height, value.Width) : null;

    /// <summary>
    /// Writes a padding: <c>valid</c>, <c>same</c>, <c>causal</c>, or rows above and below, columns left and right, before them planes where they are given.
    /// </summary>
    public void Set(string name, Padding? value) => json[name] =
        value is not { } p ? null : p.IsInWords ? p.ToString() : new JsonArray([.. p.Numbers.Select(n => (JsonNode)n)]);

    /// <summary>Writes the seed and the position of a random state, which goes on from there when it is read.</summary>
    public void Set(string name, RandomState? value) => json[name] = value is null ? null : graph.Write(value);

    /// <summary>Writes whole numbers.</summary>
    public void Set(string name, IEnumerable<int>? values) => json[name] = values is null ? null : new JsonArray([.. values.Select(v => (JsonNode)v)]);

    /// <summary>Writes whole numbers.</summary>
    public void Set(string name, IEnumerable<long>? values) => json[name] = values is null ? null : new JsonArray([.. values.Select(v => (JsonNode)v)]);

    /// <summary>Writes numbers.</summary>
    public void Set(string name, IEnumerable<double>? values) => json[name] = values is null ? null : new JsonArray([.. values.Select(Number)]);

    /// <summary>Writes texts.</summary>
    public void Set(string name, IEnumerable<string>? values) => json[name] = values is null ? null : new JsonArray([.. values.Select(v => (JsonNode)v)]);

    /// <summary>Writes a member of an enumeration by its name.</summary>
    /// <exception cref="InvalidInputException">The value is no member.</exception>
    public void SetEnum<T>(string name, T value) where T : struct, Enum => json[name] = System.Enum.IsDefined(value) ? Describe.Snake(value.ToString())
        : throw Error.Input("Model.Save", $"the setting '{name}' is no member of {typeof(T).Name}, so that it could not be read again", $"{value}",
            $"one of {string.Join(", ", System.Enum.GetNames<T>())}");

    /// <summary>Writes a member of an enumeration by its name; null stays null.</summary>
    public void SetEnum<T>(string name, T? value) where T : struct, Enum
    {
        if (value is { } v) SetEnum(name, v);
        else json[name] = null;
    }

    /// <summary>Writes an object of a family: its name and its settings.</summary>
    /// <exception cref="InvalidInputException">Its class is not registered, so that it could not be made again.</exception>
    public void SetObject<TFamily>(string name, TFamily? value) where TFamily : class => json[name] = value is null ? null : graph.Write(value);

    /// <summary>Writes objects of a family, such as layers.</summary>
    /// <exception cref="InvalidInputException">A class is not registered, so that it could not be made again.</exception>
    public void SetObjects<TFamily>(string name, IEnumerable<TFamily>? values) where TFamily : class =>
        json[name] = values is null ? null : new JsonArray([.. values.Select(graph.Write)]);

    // JSON has no infinities.
    private static JsonNode Number(double value) => double.IsFinite(value) ? value : value.ToString(CultureInfo.InvariantCulture);
}
