using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NativeDL;

/// <summary>What a metric or a callback keeps in a backup of training: numbers, texts and tensors by name.</summary>
public sealed class SavedState
{
    private readonly JsonObject json;
    private readonly Dictionary<string, Tensor> tensors;
    private readonly string owner;
    private readonly string? file;

    internal SavedState(string owner, JsonObject? json = null, Dictionary<string, Tensor>? tensors = null, string? file = null) =>
        (this.owner, this.json, this.tensors, this.file) = (owner, json ?? [], tensors ?? [], file);

    /// <summary>Whether nothing is kept.</summary>
    internal bool IsEmpty => json.Count == 0 && tensors.Count == 0;

    internal JsonObject Json => json;

    internal IReadOnlyDictionary<string, Tensor> Tensors => tensors;

    /// <summary>Keeps a number; NaN and infinities are numbers too.</summary>
    public void Set(string name, double value) => json[name] = Written(value);

    /// <summary>Keeps a text.</summary>
    public void Set(string name, string value) => json[name] = value;

    /// <summary>Keeps numbers.</summary>
    public void Set(string name, IEnumerable<double> values) => json[name] = new JsonArray([.. values.Select(Written)]);

    /// <summary>Keeps a tensor; its elements are written when the backup is.</summary>
    public void Set(string name, Tensor value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        tensors[name] = value;
    }

    /// <summary>Whether something is kept under the name.</summary>
    public bool Contains(string name) => json.ContainsKey(name) || tensors.ContainsKey(name);

    /// <summary>A number.</summary>
    /// <exception cref="ModelFormatException">It is not there.</exception>
    public double Number(string name) => Get(name, "a number", Read);

    /// <summary>A text.</summary>
    /// <exception cref="ModelFormatException">It is not there.</exception>
    public string Text(string name) => Get(name, "a text", node => node.GetValue<string>());

    /// <summary>Numbers.</summary>
    /// <exception cref="ModelFormatException">They are not there.</exception>
    public double[] Numbers(string name) => Get(name, "numbers", node => node.AsArray().Select(Read).ToArray());

    internal double[] Numbers(string name, long count) => Numbers(name) is var all && all.Length == count ? all
        : throw new ModelFormatException("Backup", file ?? "", null, $"what {owner} kept as '{name}' is of another size", $"{all.Length} numbers", $"{count}");

    /// <summary>A tensor, in main memory.</summary>
    /// <exception cref="ModelFormatException">It is not there.</exception>
    public Tensor Tensor(string name) => tensors.TryGetValue(name, out var value) ? value : throw Missing(name, "a tensor", null);

    // JSON has no word for what is not finite: it is written as text, and comes back as it was.
    internal static JsonNode Written(double value) => double.IsFinite(value) ? value : value.ToString(CultureInfo.InvariantCulture);

    internal static double Read(JsonNode? value) => value!.GetValueKind() != JsonValueKind.String ? value.GetValue<double>() : value.GetValue<string>() switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        var other => throw new FormatException($"the text \"{other}\" for a number"),
    };

    private T Get<T>(string name, string expected, Func<JsonNode, T> read)
    {
        if (!json.TryGetPropertyValue(name, out var node) || node is null) throw Missing(name, expected, null);
        try
        {
            return read(node);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or NullReferenceException)
        {
            throw Missing(name, expected, node);
        }
    }

    private ModelFormatException Missing(string name, string expected, JsonNode? got) =>
        new("Backup", file ?? "", null, $"what {owner} kept as '{name}' is {(got is null ? "missing" : $"not {expected}")}", got?.ToJsonString(), expected);
}
