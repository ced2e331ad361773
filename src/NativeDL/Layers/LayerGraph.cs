using System.Text.Json.Nodes;

namespace NativeDL;

/// <summary>The layers of one file, numbered: one that stands in several places is written once, and then by its number.</summary>
internal sealed class LayerGraph(string path)
{
    private const int MostDepth = 64;

    private readonly Dictionary<Layer, int> numbers = [];
    private readonly Dictionary<int, Layer> layers = [];
    private int depth;

    /// <summary>The file, for errors.</summary>
    public string Path => path;

    public JsonObject Write(Layer layer)
    {
        if (numbers.TryGetValue(layer, out int known)) return new JsonObject { ["same"] = known };
        int number = numbers.Count;
        numbers.Add(layer, number);
        var config = new LayerConfig([], this);
        layer.WriteConfig(config);
        return new JsonObject { ["type"] = layer.GetType().Name, ["number"] = number, ["name"] = layer.Name, ["trainable"] = layer.Trainable, ["config"] = config.Json };
    }

    public Layer Read(JsonObject? json)
    {
        if (json?["same"] is JsonValue same)
            return same.TryGetValue(out int known) && layers.TryGetValue(known, out var shared) ? shared
                : throw new ModelFormatException("Model", path, null, "a layer refers to one that does not come before it", json.ToJsonString());
        if (json?["type"] is not JsonValue type || !type.TryGetValue(out string? name))
            throw new ModelFormatException("Model", path, null, "a layer has no type", json?.ToJsonString() ?? "null");
        var create = LayerFile.Factory(name, path);
        if (depth >= MostDepth) throw new ModelFormatException("Model", path, null, $"layers are nested more than {MostDepth} deep");
        depth++;
        var layer = create(new LayerConfig(json["config"] as JsonObject ?? [], this));
        depth--;
        if (json["name"] is JsonValue given && given.TryGetValue(out string? text)) layer.Restore(text);
        if (json["trainable"] is JsonValue flag && flag.TryGetValue(out bool trainable) && !trainable) layer.Trainable = false;
        if (json["number"] is JsonValue number && number.TryGetValue(out int own)) layers[own] = layer;
        return layer;
    }
}
