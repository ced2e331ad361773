using System.Globalization;
using System.Text.Json.Nodes;

namespace NativeDL;

public sealed partial class Configuration
{
    /// <summary>Whether a setting is there, be it null; one that has a default may be missing.</summary>
    public bool Has(string name) => json.ContainsKey(name);

    /// <summary>Whether a setting is null or missing.</summary>
    public bool IsNull(string name)
    {
        unread.Remove(name);
        return json[name] is null;
    }

    /// <summary>Gives a setting that an older file has under another name its present one.</summary>
    public void Rename(string former, string name)
    {
        if (json.ContainsKey(name) || !json.Remove(former, out var value)) return;
        json[name] = value;
        if (unread.Remove(former)) unread.Add(name);
    }

    /// <summary>A whole number.</summary>
    /// <exception cref="ModelFormatException">It is missing or another thing; so with the others.</exception>
    public int Int(string name) => Get(name, node => node.GetValue<int>(), "a whole number");

    /// <summary>A whole number.</summary>
    public long Long(string name) => Get(name, node => node.GetValue<long>(), "a whole number");

    /// <summary>A number.</summary>
    public double Number(string name) => Get(name, Number, "a number");

    /// <summary>A truth value.</summary>
    public bool Flag(string name) => Get(name, node => node.GetValue<bool>(), "true or false");

    /// <summary>A text; null stays null.</summary>
    public string? Text(string name) => IsNull(name) ? null : Get(name, node => node.GetValue<string>(), "a text");

    /// <summary>Whole numbers.</summary>
    public int[] Ints(string name) =>
        Get(name, node => node is JsonArray list ? list.Select(v => v!.GetValue<int>()).ToArray() : [node.GetValue<int>()], "whole numbers");

    /// <summary>Whole numbers.</summary>
    public long[] Longs(string name) => Get(name, node => node.AsArray().Select(v => v!.GetValue<long>()).ToArray(), "whole numbers");

    /// <summary>Numbers.</summary>
    public double[] Numbers(string name) => Get(name, node => node.AsArray().Select(v => Number(v!)).ToArray(), "numbers");

    /// <summary>Texts.</summary>
    public string[] Texts(string name) => Get(name, node => node.AsArray().Select(v => v!.GetValue<string>()).ToArray(), "texts");

    /// <summary>A height and a width; a single number stands for both, null for none given.</summary>
    public Size2D Size2D(string name) => IsNull(name) ? default : Ints(name) switch
    {
        [var both] => both,
        [var height, var width] => (height, width),
        _ => throw Fault(name, json[name], "a height and a width"),
    };

    /// <summary>A depth, a height and a width; a single number stands for all, null for none given.</summary>
    public Size3D Size3D(string name) => IsNull(name) ? default : Ints(name) switch
    {
        [var all] => all,
        [var depth, var height, var width] => (depth, height, width),
        _ => throw Fault(name, json[name], "a depth, a height and a width"),
    };

    /// <summary>Axes; none stand for all of them.</summary>
    public Axes Axes(string name) => NativeDL.Axes.Of(Ints(name));

    /// <summary>A padding.</summary>
    public Padding Padding(string name) => Get(name, node => node switch
    {
        JsonArray { Count: 0 } => NativeDL.Padding.Same, // as files of version 1 have it
        JsonArray sides => NativeDL.Padding.FromNumbers([.. sides.Select((_, i) => Side(sides, i))]) ?? throw new FormatException(),
        JsonValue value when value.TryGetValue(out string? text) && text is "same" or "valid" or "causal" => (Padding)text,
        _ => throw new FormatException(),
    }, "'valid', 'same', 'causal', or four or six numbers of 0 or more");

    /// <summary>A random state that goes on where the written one stood; null stays null.</summary>
    public RandomState? RandomState(string name) => IsNull(name) ? null : Get(name, graph.ReadRandomState, "a seed and a position");

    /// <summary>A member of an enumeration.</summary>
    public T Enum<T>(string name) where T : struct, Enum => Get(name,
        node => System.Enum.TryParse(node.GetValue<string>().Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out T value)
            && System.Enum.IsDefined(value) ? value : throw new FormatException(),
        $"one of {string.Join(", ", System.Enum.GetNames<T>().Select(Describe.Snake))}");

    /// <summary>An object of a family; null stays null.</summary>
    public TFamily? Object<TFamily>(string name) where TFamily : class =>
        IsNull(name) ? null : Get(name, graph.Read<TFamily>, $"a {typeof(TFamily).Name.ToLowerInvariant()}");

    /// <summary>Objects of a family.</summary>
    public TFamily[] Objects<TFamily>(string name) where TFamily : class =>
        Get(name, node => node.AsArray().Select(v => graph.Read<TFamily>(v!)).ToArray(), $"a list of {typeof(TFamily).Name.ToLowerInvariant()}s");

    /// <summary>Refuses what nobody asked for: a file of a newer version, or a misspelt setting, is not read in part.</summary>
    internal void RequireAllRead(string type)
    {
        if (unread.Count > 0)
            throw new ModelFormatException("Model", graph.Path, null, $"{type} has no setting '{string.Join("', '", unread.Order(StringComparer.Ordinal))}'");
    }

    private static double Number(JsonNode node) =>
        node.AsValue().TryGetValue(out string? text) ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : node.GetValue<double>();

    private static int Side(JsonArray sides, int i) => sides[i]!.GetValue<int>() is >= 0 and var n ? n : throw new FormatException();

    private T Get<T>(string name, Func<JsonNode, T> read, string expected)
    {
        unread.Remove(name);
        var node = json[name] ?? throw Fault(name, null, expected);
        try
        {
            return read(node);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or OverflowException or NullReferenceException)
        {
            throw Fault(name, node, expected, e);
        }
    }

    private ModelFormatException Fault(string name, JsonNode? found, string expected, Exception? inner = null) => found is null
        ? new("Model", graph.Path, null, $"the setting '{name}' is missing", json.ToJsonString(), expected)
        : new("Model", graph.Path, null, $"the setting '{name}' is not {expected}", found.ToJsonString(), inner: inner);
}
