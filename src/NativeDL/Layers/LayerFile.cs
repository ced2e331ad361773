using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using NativeDL.Layers;

namespace NativeDL;

/// <summary>Layers to and from their configuration in a model file. Only known types are ever made.</summary>
public static class LayerFile
{
    private static readonly ConcurrentDictionary<string, Func<LayerConfig, Layer>> Factories =
        new(LayerRegistry.All.Select(spec => KeyValuePair.Create(spec.Type, spec.Create)));

    /// <summary>Makes a layer type of one's own known, so that models with it can be loaded.</summary>
    /// <param name="type">The type's name in files: by default the class's name.</param>
    /// <param name="create">Makes the layer from what its <see cref="Layer.WriteConfig"/> wrote.</param>
    public static void Register(string type, Func<LayerConfig, Layer> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentNullException.ThrowIfNull(create);
        if (!Factories.TryAdd(type, create)) throw Error.Input("LayerFile.Register", $"there is a layer type named '{type}' already");
    }

    /// <summary>A layer and all inside of it.</summary>
    internal static JsonObject Write(Layer layer, string path) => new LayerGraph(path).Write(layer);

    /// <summary>The layer that <see cref="Write"/> wrote.</summary>
    internal static Layer Read(JsonObject? json, string path) => new LayerGraph(path).Read(json);

    internal static Func<LayerConfig, Layer> Factory(string type, string path) => Factories.TryGetValue(type, out var create) ? create
        : throw new ModelFormatException("Model", path, null, $"there is no layer type named '{type}'", null, $"one of {string.Join(", ", Factories.Keys.Order(StringComparer.Ordinal))}", "make a layer of your own known by LayerFile.Register, or build the model in code and load its weights");
}
