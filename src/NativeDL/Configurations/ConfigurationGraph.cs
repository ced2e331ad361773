using System.Text.Json.Nodes;

namespace NativeDL;

/// <summary>
/// The objects of one file. Layers and random states are numbered: one that stands in several places is written once, and
/// then by its number, so that it is one again when it is read.
/// </summary>
/// <param name="path">The file, for errors.</param>
internal sealed class ConfigurationGraph(string path)
{
    private const int MostDepth = 64;

    private readonly Dictionary<object, int> numbers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int, object> known = [];
    private int depth;

    /// <summary>The file, for errors.</summary>
    public string Path => path;

    /// <summary>Whether an object whose class has no name goes into the file by its type alone, which whoever reads it is told.</summary>
    public bool NamesUnknown { get; set; }

    /// <summary>An object: by its name alone where it has no settings, else with them.</summary>
    public JsonNode Write<TFamily>(TFamily thing) where TFamily : class
    {
        ArgumentNullException.ThrowIfNull(thing);
        if (thing is Layer layer) return WriteLayer(layer);
        if (NamesUnknown && Family<TFamily>.Of(thing) is null) return thing.GetType().ToString();
        var entry = Known(thing);
        var settings = SettingsOf(entry, thing);
        return settings.Count == 0 ? entry.Name : new JsonObject { ["type"] = entry.Name, ["config"] = settings };
    }

    public JsonNode Write(RandomState random)
    {
        if (numbers.TryGetValue(random, out int number)) return new JsonObject { ["same"] = number };
        var state = random.State;
        return new JsonObject { ["number"] = Number(random), ["seed"] = state.Seed, ["position"] = state.Position, ["forks"] = state.Forks };
    }

    /// <summary>The settings of an object, in the order of its constructor.</summary>
    public JsonObject SettingsOf<TFamily>(Registration<TFamily> entry, TFamily thing) where TFamily : class
    {
        var settings = new JsonObject();
        entry.Write(thing, new Configuration(settings, this));
        return settings;
    }

    /// <summary>The object that <see cref="Write{TFamily}"/> wrote.</summary>
    public TFamily Read<TFamily>(JsonNode node) where TFamily : class
    {
        if (node is JsonValue value && value.TryGetValue(out string? name))
        {
            // Older files have settings in the name: l2(0.01).
            if (name.Contains('(', StringComparison.Ordinal)) return Family<TFamily>.Create(name);
            return Make(Find<TFamily>(name), []);
        }
        if (node is JsonObject json && typeof(TFamily) == typeof(Layer)) return (TFamily)(object)ReadLayer(json);
        return Make(Find<TFamily>(TypeOf(node as JsonObject)), (node as JsonObject)!["config"] as JsonObject ?? []);
    }

    public RandomState ReadRandomState(JsonNode node)
    {
        if (node["same"] is { } same) return Earlier<RandomState>(same);
        var random = new RandomState(new RandomSnapshot(node["seed"]!.GetValue<ulong>(), node["position"]!.GetValue<ulong>(),
            node["forks"]?.GetValue<ulong>() ?? 0)); // older files lack the last
        Keep(node["number"], random);
        return random;
    }

    /// <summary>Calls the constructor of a class with settings.</summary>
    public TFamily Make<TFamily>(Registration<TFamily> entry, JsonObject settings) where TFamily : class
    {
        if (depth >= MostDepth) throw new ModelFormatException("Model", path, null, $"objects are nested more than {MostDepth} deep");
        depth++;
        var configuration = new Configuration(settings, this);
        var thing = entry.Read(configuration);
        depth--;
        configuration.RequireAllRead(entry.Type.Name);
        return thing;
    }

    private JsonObject WriteLayer(Layer layer)
    {
        if (numbers.TryGetValue(layer, out int number)) return new JsonObject { ["same"] = number };
        var entry = Known(layer);
        number = Number(layer);
        var json = new JsonObject { ["type"] = entry.Name, ["number"] = number, ["name"] = layer.Name, ["trainable"] = layer.Trainable };
        if (layer.GivenDType is { } dtype) json["dtype"] = dtype.ToString();
        if (layer.IsDTypeSet) json["converts"] = true;
        json["config"] = SettingsOf(entry, layer);
        return json;
    }

    private Layer ReadLayer(JsonObject json)
    {
        if (json["same"] is { } same) return Earlier<Layer>(same);
        var layer = Make(Find<Layer>(TypeOf(json)), json["config"] as JsonObject ?? []);
        if (json["name"] is JsonValue given && given.TryGetValue(out string? text)) layer.Restore(text);
        if (json["dtype"] is JsonValue type && type.TryGetValue(out string? dtype))
            layer.RestoreDType(Enum.TryParse(dtype, out DType known) && Enum.IsDefined(known) ? known
                : throw new ModelFormatException("Model", path, null, "there is no such element type", dtype),
                json["converts"] is JsonValue set && set.TryGetValue(out bool isSet) && isSet);
        if (json["trainable"] is JsonValue flag && flag.TryGetValue(out bool trainable) && !trainable) layer.Trainable = false;
        Keep(json["number"], layer);
        return layer;
    }

    private int Number(object thing)
    {
        int number = numbers.Count;
        numbers.Add(thing, number);
        return number;
    }

    private void Keep(JsonNode? number, object thing)
    {
        if (number is JsonValue value && value.TryGetValue(out int own)) known[own] = thing;
    }

    private T Earlier<T>(JsonNode number) where T : class =>
        number is JsonValue value && value.TryGetValue(out int own) && known.TryGetValue(own, out object? thing) && thing is T earlier ? earlier
        : throw new ModelFormatException("Model", path, null, $"a {typeof(T).Name.ToLowerInvariant()} refers to one that does not come before it",
            number.ToJsonString());

    private static Registration<TFamily> Known<TFamily>(TFamily thing) where TFamily : class => Family<TFamily>.Of(thing) ??
        throw Family<TFamily>.RefusalOf(thing)
            ?? Error.Input("Model.Save", $"the class {thing.GetType().Name} has no name, so that a file with it could not be loaded", $"{thing.GetType()}",
            null, $"mark it with [Registered(\"my.{Describe.Snake(thing.GetType().Name)}\")], or save the weights alone by SaveWeights");

    private string TypeOf(JsonObject? json) => json?["type"] is JsonValue type && type.TryGetValue(out string? name) ? name
        : throw new ModelFormatException("Model", path, null, "an object has no type", json?.ToJsonString() ?? "null");

    private Registration<TFamily> Find<TFamily>(string name) where TFamily : class => Family<TFamily>.TryFind(name, out var entry) ? entry
        : throw new ModelFormatException("Model", path, null, $"there is no {typeof(TFamily).Name.ToLowerInvariant()} named '{name}'", null,
            $"one of {string.Join(", ", Family<TFamily>.Names)}",
            "a class of your own is known by [Registered] once its assembly is loaded; or build the model in code and load its weights");
}
