using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace NativeDL;

/// <summary>Operations in files of graphs: by their names, with their attributes.</summary>
internal static class OpFile
{
    private static readonly Dictionary<string, OpSpec> Specs = OpRegistry.All.GroupBy(s => s.Name).ToDictionary(g => g.Key, g => g.First());
    private static readonly ConcurrentDictionary<string, Op?> Plain = new();

    // How those with attributes are made again.
    private static readonly Dictionary<string, Func<JsonObject, Op>> Readers =
        Specs.Values.SelectMany(s => s.Read is null ? s.ReadAs : [(s.Name, s.Read), .. s.ReadAs]).ToDictionary(r => r.Name, r => r.Read);

    /// <summary>The operation's attributes, none for most; null where a file could not tell them.</summary>
    public static JsonObject? AttributesOf(Op op)
    {
        if (op.Attributes is { } attributes) return Readers.ContainsKey(op.Name) ? attributes : null;
        return Specs.TryGetValue(op.Name, out var spec) && ReferenceEquals(op, PlainOf(spec)) ? [] : null;
    }

    /// <summary>The operation of a name with these attributes; null where there is none, or it has others.</summary>
    public static Op? Find(string name, JsonObject attributes) =>
        Readers.TryGetValue(name, out var read) ? read(attributes) : Specs.TryGetValue(name, out var spec) && attributes.Count == 0 ? PlainOf(spec) : null;

    /// <summary>A number as an attribute; JSON has no words for what is not finite.</summary>
    public static JsonNode Write(double number) => double.IsFinite(number) ? number : (JsonNode)number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Numbers by their names; null for none.</summary>
    public static JsonObject? Write(string[] names, ReadOnlySpan<double> numbers)
    {
        if (names.Length == 0) return null;
        var attributes = new JsonObject();
        for (int i = 0; i < names.Length; i++) attributes[names[i]] = Write(numbers[i]);
        return attributes;
    }

    /// <summary>A size as an attribute.</summary>
    public static JsonArray Write(Size2D size) => Write([size.Height, size.Width]);

    /// <summary>A padding as an attribute.</summary>
    public static JsonNode Write(Padding padding) => padding.IsSame ? "same" : Write([padding.Top, padding.Bottom, padding.Left, padding.Right]);

    /// <summary>An activation as an attribute.</summary>
    public static JsonNode? Write(Epilogue? activation) => activation is null ? null : new JsonObject { ["op"] = activation.Name, ["attributes"] = AttributesOf(activation.Function) };

    /// <summary>An attribute that is a whole number.</summary>
    public static int Int(JsonObject attributes, string name) => attributes[name]!.GetValue<int>();

    /// <summary>An attribute that is true or false.</summary>
    public static bool Flag(JsonObject attributes, string name) => attributes[name]!.GetValue<bool>();

    /// <summary>An attribute that is a number.</summary>
    public static double Number(JsonObject attributes, string name) =>
        attributes[name]!.AsValue() is var value && value.TryGetValue(out string? word) ? double.Parse(word, CultureInfo.InvariantCulture) : value.GetValue<double>();

    /// <summary>An attribute that is an element type.</summary>
    public static DType Type(JsonObject attributes, string name) => attributes[name]!.GetValue<string>() is var text && Enum.TryParse(text, out DType dtype) && Enum.IsDefined(dtype) ? dtype : throw new FormatException($"there is no element type '{text}'");

    /// <summary>An attribute that is a size.</summary>
    public static Size2D Size(JsonObject attributes, string name) => Ints(attributes, name) is [var height, var width] ? (height, width) : throw new FormatException($"{name} is not a height and a width");

    /// <summary>The attribute <c>padding</c>.</summary>
    public static Padding PaddingOf(JsonObject attributes) => attributes["padding"] is JsonValue word ? (Padding)word.GetValue<string>()
        : Ints(attributes, "padding") is [var top, var bottom, var left, var right] ? new Padding(top, bottom, left, right) : throw new FormatException("padding is not four numbers");

    /// <summary>The attribute <c>activation</c>; null for none.</summary>
    public static Epilogue? Activation(JsonObject attributes) => attributes["activation"] is not JsonObject activation ? null
        : Find(activation["op"]!.GetValue<string>(), activation["attributes"] as JsonObject ?? [])?.AsEpilogue ?? throw new FormatException($"there is no activation {activation.ToJsonString()}");

    /// <summary>Whole numbers as an attribute.</summary>
    public static JsonArray Write(IEnumerable<int> numbers) => new([.. numbers.Select(n => (JsonNode)n)]);

    /// <summary>An attribute of whole numbers.</summary>
    public static int[] Ints(JsonObject attributes, string name) => [.. attributes[name]!.AsArray().Select(n => n!.GetValue<int>())];

    // An operation without attributes is a single object: the one that every sample call runs.
    private static Op? PlainOf(OpSpec spec) => Plain.GetOrAdd(spec.Name, _ => RunBy(spec) is { } op && ReferenceEquals(op, RunBy(spec)) ? op : null);

    private static Op? RunBy(OpSpec spec)
    {
        using var scope = TensorScope.Begin();
        var sample = spec.Sample(new Draw([]) { MaxElements = 16 });
        return sample.Run([.. sample.Inputs.Select(x => Tensor.Symbolic(x.Shape, x.DType))])[0].Symbol?.From is OpNode node && node.Op.Name == spec.Name ? node.Op : null;
    }
}
