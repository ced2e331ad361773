using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NativeDL;

/// <summary>Operations in files of graphs: by their names, with their attributes.</summary>
internal static partial class OpFile
{
    private static readonly Lock Gate = new();
    private static readonly Queue<Action> Announced = new();
    private static readonly Dictionary<string, Entry> Own = [];
    private static readonly Dictionary<Type, string> OwnNames = [];
    private static readonly Dictionary<Type, InvalidInputException> Refused = [];
    private static readonly Lazy<Dictionary<string, Entry>> BuiltIn = new(static () =>
    {
        var table = new Dictionary<string, Entry>();
        EnterAll(table);
        return table;
    });

    private static bool isEntering;

    /// <summary>The operation's name and attributes.</summary>
    /// <exception cref="InvalidInputException">No file could tell it.</exception>
    public static (string Name, JsonObject Attributes) Write(Op op)
    {
        var type = op.GetType();
        string name = BuiltIn.Value.TryGetValue(op.Name, out var entry) && entry.Type == type ? op.Name : OwnName(type) ?? throw NoForm(op, type);
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
    public static Op? Find(string name, OpAttributes attributes)
    {
        if (BuiltIn.Value.TryGetValue(name, out var entry)) return entry.Make(attributes);
        lock (Gate)
        {
            EnterAnnounced();
            Own.TryGetValue(name, out entry);
        }
        return entry?.Make(attributes);
    }

    /// <summary>Has operations registered when somebody first asks for one that is not the library's.</summary>
    public static void Announce(Action enter)
    {
        lock (Gate) Announced.Enqueue(enter);
    }

    /// <inheritdoc cref="Op.Register"/>
    public static void Register<T>(string name, Func<OpAttributes, T> make, string[] otherNames) where T : Op
    {
        string[] names = [name, .. otherNames];
        lock (Gate)
        {
            if (!isEntering) EnterAnnounced();
            if (Array.Find(names, n =>
                string.IsNullOrEmpty(n) || BuiltIn.Value.ContainsKey(n) || (Own.TryGetValue(n, out var other) && other.Type != typeof(T))) is { } taken)
            {
                var error = Error.Input("Op.Register", $"the name '{taken}' is taken", $"{typeof(T)}",
                    "a name with a dot, which cannot meet one of the library's");
                // What an assembly announces is entered while somebody asks for something else: the class alone is refused, and says so when it is used.
                if (!isEntering) throw error;
                Refused.TryAdd(typeof(T), error);
                return;
            }
            foreach (string each in names) Own[each] = new Entry(typeof(T), make);
            OwnNames[typeof(T)] = name;
        }
    }

    private static string? OwnName(Type type)
    {
        lock (Gate)
        {
            EnterAnnounced();
            return Refused.TryGetValue(type, out var refusal) ? throw refusal : OwnNames.GetValueOrDefault(type);
        }
    }

    private static void EnterAnnounced()
    {
        isEntering = true;
        while (Announced.TryDequeue(out var enter)) enter();
        isEntering = false;
    }

    // Generated: every operation of the library.
    private static partial void EnterAll(Dictionary<string, Entry> table);

    private static void Enter<T>(Dictionary<string, Entry> table, string name, Func<OpAttributes, T> make) where T : Op =>
        table.Add(name, new Entry(typeof(T), make));

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
            return all.All(v => v is long) ? all.Cast<long>().ToArray()
                : all.Select(v => OpAttributes.NumberOf(v) ?? throw new FormatException(node.ToJsonString())).ToArray();
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
    private static object Number(string text) =>
        text != "-0" && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? (object)whole
        : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private sealed record Entry(Type Type, Func<OpAttributes, Op> Make);
}
