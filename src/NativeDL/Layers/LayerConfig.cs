using System.Text.Json.Nodes;

namespace NativeDL;

/// <summary>A layer's configuration as it stands in a model file.</summary>
public sealed class LayerConfig
{
    private readonly JsonObject json;
    private readonly LayerGraph graph;

    internal LayerConfig(JsonObject json, LayerGraph graph) => (this.json, this.graph) = (json, graph);

    internal JsonObject Json => json;

    /// <summary>Writes a whole number.</summary>
    public void Set(string name, int value) => json[name] = value;

    /// <summary>Writes a number.</summary>
    public void Set(string name, double value) => json[name] = value;

    /// <summary>Writes a truth value.</summary>
    public void Set(string name, bool value) => json[name] = value;

    /// <summary>Writes a text, or nothing for null.</summary>
    public void Set(string name, string? value) => json[name] = value;

    /// <summary>Writes whole numbers.</summary>
    public void Set(string name, IEnumerable<int> values) => json[name] = new JsonArray([.. values.Select(v => (JsonNode)v)]);

    /// <summary>Writes layers inside of this one.</summary>
    public void Set(string name, IEnumerable<Layer> layers) => json[name] = new JsonArray([.. layers.Select(l => (JsonNode)graph.Write(l))]);

    /// <summary>A whole number.</summary>
    /// <exception cref="ModelFormatException">It is not there.</exception>
    public int Int(string name) => Get(name, node => node.GetValue<int>(), "a whole number");

    /// <summary>A number.</summary>
    public double Number(string name) => Get(name, node => node.GetValue<double>(), "a number");

    /// <summary>A truth value.</summary>
    public bool Flag(string name) => Get(name, node => node.GetValue<bool>(), "true or false");

    /// <summary>A text, or null.</summary>
    public string? Text(string name) => json.TryGetPropertyValue(name, out var node) && node is not null ? Get(name, n => n.GetValue<string>(), "a text") : null;

    /// <summary>Whole numbers.</summary>
    public int[] Ints(string name) => Get(name, node => node.AsArray().Select(v => v!.GetValue<int>()).ToArray(), "whole numbers");

    /// <summary>Layers.</summary>
    public IReadOnlyList<Layer> LayersOf(string name) => Get(name, node => node.AsArray().Select(v => graph.Read(v as JsonObject)).ToArray(), "layers");

    private T Get<T>(string name, Func<JsonNode, T> read, string expected)
    {
        if (json.TryGetPropertyValue(name, out var node) && node is not null)
        {
            try
            {
                return read(node);
            }
            catch (Exception e) when (e is InvalidOperationException or FormatException or NullReferenceException)
            {
                throw new ModelFormatException("Model", graph.Path, null, $"the layer's '{name}' is not {expected}", node.ToJsonString(), inner: e);
            }
        }
        throw new ModelFormatException("Model", graph.Path, null, $"the layer's '{name}' is missing", json.ToJsonString(), expected);
    }
}
