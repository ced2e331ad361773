using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using NativeDL.Layers;

namespace NativeDL;

/// <summary>Layers to and from their configuration in a model file. Only known types are ever made.</summary>
public static class LayerFile
{
    private const int MostDepth = 64;

    private static readonly ConcurrentDictionary<string, Func<LayerConfig, Layer>> Factories =
        new(LayerRegistry.All.Select(spec => KeyValuePair.Create(spec.Type, spec.Create)));

    [ThreadStatic] private static int depth;

    /// <summary>Makes a layer type of one's own known, so that models with it can be loaded.</summary>
    /// <param name="type">The type's name in files: by default the class's name.</param>
    /// <param name="create">Makes the layer from what its <see cref="Layer.WriteConfig"/> wrote.</param>
    public static void Register(string type, Func<LayerConfig, Layer> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentNullException.ThrowIfNull(create);
        if (!Factories.TryAdd(type, create)) throw Error.Input("LayerFile.Register", $"there is a layer type named '{type}' already");
    }

    internal static JsonObject Write(Layer layer)
    {
        var config = new LayerConfig([]);
        layer.WriteConfig(config);
        return new JsonObject { ["type"] = layer.GetType().Name, ["name"] = layer.Name, ["trainable"] = layer.Trainable, ["config"] = config.Json };
    }

    internal static Layer Read(JsonObject? json)
    {
        if (json?["type"] is not JsonValue type || !type.TryGetValue(out string? name))
            throw new ModelFormatException("Model", "model.json", null, "a layer has no type", json?.ToJsonString() ?? "null");
        if (!Factories.TryGetValue(name, out var create))
            throw new ModelFormatException("Model", "model.json", null, $"there is no layer type named '{name}'", null, $"one of {string.Join(", ", Factories.Keys.Order(StringComparer.Ordinal))}", "make a layer of your own known by LayerFile.Register, or build the model in code and load its weights");
        if (depth >= MostDepth) throw new ModelFormatException("Model", "model.json", null, $"layers are nested more than {MostDepth} deep");
        depth++;
        try
        {
            var layer = create(new LayerConfig(json["config"] as JsonObject ?? []));
            if (json["name"] is JsonValue given && given.TryGetValue(out string? text)) layer.Restore(text);
            if (json["trainable"] is JsonValue flag && flag.TryGetValue(out bool trainable) && !trainable) layer.Trainable = false;
            return layer;
        }
        finally
        {
            depth--;
        }
    }
}
