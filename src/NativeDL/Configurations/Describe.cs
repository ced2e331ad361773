using System.Text;
using System.Text.Json.Nodes;

namespace NativeDL;

/// <summary>Configured objects as text: what would have to be written to have them.</summary>
internal static class Describe
{
    /// <summary>
    /// The constructor call, without what is left at its default, and what is set after it: <c>Dense(32, "relu")</c>,
    /// <c>Conv2D(8, [3, 3], activation: "relu")</c>, <c>Scale(2) { Limit = 0.5 }</c>, <c>SGD { WeightDecay = 0.1 }</c>.
    /// </summary>
    public static string Call<TFamily>(TFamily thing) where TFamily : class
    {
        string type = thing.GetType().Name;
        if (Differing(thing) is not { } settings) return type;
        var text = new StringBuilder(type).Append('(');
        bool inOrder = true;
        int properties = Family<TFamily>.Of(thing)!.Properties;
        foreach (var (name, value, differs) in settings[..^properties])
        {
            if (differs) text.Append(text[^1] == '(' ? "" : ", ").Append(inOrder ? "" : $"{name}: ").Append(Text(value, quoted: true));
            else inOrder = false;
        }
        var set = settings[^properties..].Where(s => s.Differs).Select(s => $"{char.ToUpperInvariant(s.Name[0])}{s.Name[1..]} = {Text(s.Value, quoted: true)}")
            .ToList();
        if (text[^1] == '(' && set.Count > 0) text.Length--;
        else text.Append(')');
        return set.Count == 0 ? text.ToString() : text.Append(" { ").AppendJoin(", ", set).Append(" }").ToString();
    }

    /// <summary>
    /// The name, with the settings in parentheses where one is not at its default, but for nulls at the end; converts back where the settings are numbers:
    /// <c>l2(0.01)</c>.
    /// </summary>
    public static string ByName<TFamily>(TFamily thing) where TFamily : class
    {
        string name = Family<TFamily>.NameOf(thing);
        if (Differing(thing) is not { } settings || !settings.Any(s => s.Differs)) return name;
        return ByName(name, settings.ConvertAll(s => s.Value));
    }

    /// <summary>A Pascal-case name in snake case, as Keras names things: Conv2D -> conv2d, BatchNormalization -> batch_normalization.</summary>
    public static string Snake(string type)
    {
        var text = new StringBuilder();
        for (int i = 0; i < type.Length; i++)
        {
            bool startsWord = i > 0 && char.IsUpper(type[i]) && !char.IsDigit(type[i - 1])
                && (char.IsLower(type[i - 1]) || (i + 1 < type.Length && char.IsLower(type[i + 1])));
            if (startsWord) text.Append('_');
            text.Append(char.ToLowerInvariant(type[i]));
        }
        return text.ToString();
    }

    // Null where the class is not known, or holds what is not.
    private static List<(string Name, JsonNode? Value, bool Differs)>? Differing<TFamily>(TFamily thing) where TFamily : class
    {
        if (Family<TFamily>.Of(thing) is not { } entry) return null;
        try
        {
            var settings = new ConfigurationGraph("memory").SettingsOf(entry, thing);
            var plain = entry.Plain is null ? [] : new ConfigurationGraph("memory").SettingsOf(entry, entry.Plain(thing));
            return [.. settings.Select((s, i) => (s.Key, s.Value, entry.Plain is null || i < entry.Required || !JsonNode.DeepEquals(s.Value, plain[s.Key])))];
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }

    // Nulls at the end are what is not given.
    private static string ByName(string name, List<JsonNode?> settings)
    {
        int count = settings.Count;
        while (count > 0 && settings[count - 1] is null) count--;
        return count == 0 ? name : $"{name}({string.Join(",", settings[..count].Select(s => Text(s, quoted: false)))})";
    }

    private static string Text(JsonNode? value, bool quoted) => value switch
    {
        null => "null",
        JsonArray list => $"[{string.Join(", ", list.Select(v => Text(v, quoted)))}]",
        JsonObject thing when thing.ContainsKey("number") =>
            $"{(Family<Layer>.TryFind($"{thing["type"]}", out var layer) ? layer.Type.Name : thing["type"])}(…)",
        JsonObject thing when thing["type"] is { } type =>
            Quoted(ByName($"{type}", [.. (thing["config"] as JsonObject ?? []).Select(s => s.Value)]), quoted),
        JsonObject => "…",
        _ => quoted ? value.ToJsonString() : value.ToString(),
    };

    private static string Quoted(string text, bool quoted) => quoted ? $"\"{text}\"" : text;
}
