using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace NativeDL;

/// <summary>The classes of one family, by name and by type.</summary>
internal static class Family<TFamily> where TFamily : class
{
    private static readonly Lock Gate = new();
    private static readonly Queue<Action> Announced = new();
    private static readonly Dictionary<string, Registration<TFamily>> ByName = new(StringComparer.OrdinalIgnoreCase);
    private static readonly Dictionary<Type, Registration<TFamily>> ByType = [];
    private static readonly Dictionary<Type, Func<InvalidInputException>> Refused = [];

    private static bool isEntering;

    // As errors speak of it.
    private static string Kind => typeof(TFamily).Name;

    public static IReadOnlyList<string> Names
    {
        get
        {
            lock (Gate)
            {
                EnterAnnounced();
                return [.. ByName.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Every class, in the order of their names.</summary>
    public static IReadOnlyList<Registration<TFamily>> All
    {
        get
        {
            lock (Gate)
            {
                EnterAnnounced();
                return [.. ByType.Values.OrderBy(r => r.Name, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>An object of every class, made without settings, in the order of their names.</summary>
    public static IReadOnlyList<TFamily> OneOfEach() => [.. All.Select(entry => Create(entry.Name))];

    public static void Announce(Action enter)
    {
        lock (Gate) Announced.Enqueue(enter);
    }

    public static void Add(Registration<TFamily> entry)
    {
        lock (Gate)
        {
            // The library's own names come first, so that none of them can be taken.
            if (!isEntering) EnterAnnounced();
            if (Conflict(entry) is { } conflict)
            {
                // What an assembly announces is entered while somebody asks for something else: the class alone is refused, and says so when it is used.
                if (!isEntering) throw conflict();
                Refused.TryAdd(entry.Type, conflict);
                return;
            }
            foreach (string name in entry.Names) ByName.Add(name, entry);
            ByType.Add(entry.Type, entry);
        }
    }

    /// <summary>Why an object's class could not be registered; null where nobody tried, or it could.</summary>
    public static InvalidInputException? RefusalOf(TFamily thing)
    {
        lock (Gate)
        {
            EnterAnnounced();
            return Refused.GetValueOrDefault(thing.GetType())?.Invoke();
        }
    }

    public static bool TryFind(string name, [NotNullWhen(true)] out Registration<TFamily>? entry)
    {
        lock (Gate)
        {
            EnterAnnounced();
            return ByName.TryGetValue(name, out entry);
        }
    }

    /// <summary>The entry of an object's class; null where the class is not registered.</summary>
    public static Registration<TFamily>? Of(TFamily thing)
    {
        lock (Gate)
        {
            EnterAnnounced();
            return ByType.GetValueOrDefault(thing.GetType());
        }
    }

    /// <summary>Makes the thing of a name, or of a name with all settings in parentheses.</summary>
    public static TFamily Create(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int open = name.IndexOf('(', StringComparison.Ordinal);
        string head = open < 0 ? name : name[..open];
        if (!TryFind(head, out var entry)) throw Error.UnknownName(Kind, name, Names);
        var settings = new JsonObject();
        try
        {
            if (open >= 0) Fill(settings, entry, name, name[(open + 1)..]);
            return new ConfigurationGraph(name).Make(entry, settings);
        }
        catch (ModelFormatException e)
        {
            throw Error.Input(Kind, $"the settings of '{name}' are not those of {entry.Type.Name}: {e.Reason}");
        }
    }

    /// <summary>The name by which an object's class is known; of an unknown class its own name in snake case.</summary>
    public static string NameOf(TFamily thing) => Of(thing)?.Name ?? Describe.Snake(thing.GetType().Name);

    private static void EnterAnnounced()
    {
        if (isEntering) return;
        isEntering = true;
        try
        {
            while (Announced.TryDequeue(out var enter)) enter();
        }
        finally
        {
            isEntering = false;
        }
    }

    private static Func<InvalidInputException>? Conflict(Registration<TFamily> entry)
    {
        if (ByType.TryGetValue(entry.Type, out var earlier))
            return () => Error.Input("Registry", $"the class {entry.Type.Name} is registered already", $"as '{earlier.Name}'");
        foreach (string name in entry.Names)
            if (ByName.TryGetValue(name, out var other))
                return () => Error.Input("Registry", $"the {Kind.ToLowerInvariant()} name '{name}' is taken", $"{entry.Type}, and {other.Type} before it",
                    null, "give a class of your own a name with a dot, such as 'my.name'");
        return null;
    }

    // The settings in the constructor's order, which an object made without any tells.
    private static void Fill(JsonObject settings, Registration<TFamily> entry, string name, string rest)
    {
        var graph = new ConfigurationGraph(name);
        var usual = graph.SettingsOf(entry, graph.Make(entry, [])).ToList();
        string[] keys = [.. usual.Select(s => s.Key)];
        string[] values = rest.EndsWith(')') ? rest[..^1].Split(',', StringSplitOptions.TrimEntries) : [];
        // What is null unless said may be left out at the end.
        bool isWhole = values.Length <= keys.Length && usual.Skip(values.Length).All(s => s.Value is null);
        if (!isWhole || values.Length == 0)
            throw Error.Input(Kind, $"the settings of '{name}' are not those of {entry.Type.Name}", null, $"{entry.Name}({string.Join(", ", keys)})");
        for (int i = 0; i < values.Length; i++)
            settings[keys[i]] = bool.TryParse(values[i], out bool flag) ? flag
                : double.TryParse(values[i], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
                    ? JsonNode.Parse(number.ToString("R", CultureInfo.InvariantCulture))
                : values[i];
    }
}
