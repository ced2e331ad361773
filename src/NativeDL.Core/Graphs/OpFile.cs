using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NativeDL;

/// <summary>Operations in files of graphs: by their names, with their attributes.</summary>
internal static partial class OpFile
{
    private static readonly ConcurrentDictionary<string, Entry> Own = new();
    private static readonly ConcurrentDictionary<Type, string> OwnNames = new();
    private static readonly Lazy<Dictionary<string, Entry>> BuiltIn = new(static () =>
    {
        var table = new Dictionary<string, Entry>();
        EnterAll(table);
        return table;
    });

    /// <summary>The operation's name and attributes.</summary>
    /// <exception cref="InvalidInputException">No file could tell it.</exception>
    public static (string Name, JsonObject Attributes) Write(Op op)
    {
        var type = op.GetType();
        if (!OwnNames.TryGetValue(type, out string? name))
        {
            if (!BuiltIn.Value.TryGetValue(op.Name, out var entry) || entry.Type != type) throw NoForm(op, type);
            name = op.Name;
        }
        return (name, new JsonObject(op.Attributes.Select(a => KeyValuePair.Create(a.Key, Node(a.Value)))));
    }

    /// <summary>The operation of a name with these attributes; null where there is none, or it has others.</summary>
    public static Op? Read(string name, JsonObject attributes)
    {
        var given = OpAttributes.None;
        foreach (var (key, node) in attributes)
            if (node is not null) given = given.WithAny(key, Value(node));
        var op = Find(name, given);
        return op is null || given.Keys.Except(op.Attributes.Keys).Any() ? null : op;
    }

    /// <summary>The operation of a name, made of what it needs of these attributes; null where there is none.</summary>
    public static Op? Find(string name, OpAttributes attributes) => BuiltIn.Value.TryGetValue(name, out var entry) || Own.TryGetValue(name, out entry) ? entry.Make(attributes) : null;

    /// <inheritdoc cref="Op.Register"/>
    public static void Register<T>(string name, Func<OpAttributes, T> make, string[] otherNames) where T : Op
    {
        var entry = new Entry(typeof(T), make);
        foreach (string each in (string[])[name, .. otherNames])
        {
            ArgumentException.ThrowIfNullOrEmpty(each);
            if (BuiltIn.Value.ContainsKey(each) || (Own.TryGetValue(each, out var other) && other.Type != typeof(T)))
                throw Error.Input("Op.Register", $"the name '{each}' is taken", $"{typeof(T)}", "a name with a dot, which cannot meet one of the library's");
            Own[each] = entry;
        }
        OwnNames[typeof(T)] = name;
    }

    // Generated: every operation of the library.
    private static partial void EnterAll(Dictionary<string, Entry> table);

    private static void Enter<T>(Dictionary<string, Entry> table, string name, Func<OpAttributes, T> make) where T : Op => table.Add(name, new Entry(typeof(T), make));

    private static InvalidInputException NoForm(Op op, Type type) => op.WhyNotInFiles is { } why
        ? Error.Input("Model.Save", $"the operation '{op.Name}' of the graph has no form in files: {why}", null, null, "put it into a layer of your own")
        : Error.Input("Model.Save", $"the operation {type.Name} of the graph has no name, so that a file with it could not be loaded", $"{type}", null,
            $"mark it with [Registered(\"my.{SnakeCase.Of(type)}\")], or save the weights alone by SaveWeights");

    private static JsonNode? Node(object value) => value switch
    {
        bool b => b,
        long n => n,
        double d => Number(d),
        string s => s,
        long[] list => new JsonArray([.. list.Select(n => (JsonNode)n)]),
        double[] list => new JsonArray([.. list.Select(Number)]),
        _ => throw Error.Input("OpAttributes", "an attribute is of another kind than files have", $"{value.GetType()}"),
    };

    // JSON has no infinities.
    private static JsonNode Number(double value) => double.IsFinite(value) ? value : value.ToString(CultureInfo.InvariantCulture);

    private static object Value(JsonNode node)
    {
        if (node is JsonArray list)
        {
            object[] all = [.. list.Select(v => Value(v!))];
            return all.All(v => v is long) ? all.Cast<long>().ToArray() : all.Select(v => OpAttributes.NumberOf(v) ?? throw new FormatException(node.ToJsonString())).ToArray();
        }
        return node.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String => node.GetValue<string>(),
            JsonValueKind.Number => Number(node.ToJsonString()),
            _ => throw new FormatException(node.ToJsonString()),
        };
    }

    // −0 is a number and no whole one.
    private static object Number(string text) => text != "-0" && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? (object)whole
        : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private sealed record Entry(Type Type, Func<OpAttributes, Op> Make);
}
