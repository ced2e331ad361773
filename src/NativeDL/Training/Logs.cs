using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NativeDL;

/// <summary>Names and values of what was measured, the loss first: in order as pairs, or by name as in <c>logs["accuracy"]</c>.</summary>
public sealed class Logs : IReadOnlyDictionary<string, double>, IFormattable
{
    private readonly List<KeyValuePair<string, double>> values;

    internal Logs(IEnumerable<KeyValuePair<string, double>> values) => this.values = [.. values];

    /// <summary>Nothing measured yet.</summary>
    internal static Logs None { get; } = new([]);

    /// <summary>How many quantities there are.</summary>
    public int Count => values.Count;

    /// <summary>The loss, penalties and added losses included.</summary>
    public double Loss => this["loss"];

    /// <summary>The names in their order.</summary>
    public IEnumerable<string> Keys => values.Select(v => v.Key);

    /// <summary>The values in their order.</summary>
    public IEnumerable<double> Values => values.Select(v => v.Value);

    /// <summary>The value of a quantity, such as <c>loss</c> or <c>val_accuracy</c>; a metric also by another of its names: <c>mae</c>.</summary>
    /// <exception cref="InvalidInputException">There is none of that name; the error lists those there are.</exception>
    public double this[string key] => TryGetValue(key, out double value) ? value : throw Error.UnknownName("measured quantity", key, Keys);

    /// <summary>Whether there is a quantity of that name.</summary>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <summary>The value of a quantity, if there is one.</summary>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out double value)
    {
        string known = MeasuredNames.Find(key, name => values.Exists(v => v.Key == name));
        foreach (var (name, measured) in values)
        {
            if (name != known) continue;
            value = measured;
            return true;
        }
        value = double.NaN;
        return false;
    }

    /// <summary>The quantities in their order.</summary>
    public IEnumerator<KeyValuePair<string, double>> GetEnumerator() => values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Names and values, such as <c>loss 0.123, accuracy 0.98</c>.</summary>
    public override string ToString() => ToString(null, null);

    /// <summary>Names and values, each value in the given format: <c>$"{logs:F4}"</c>.</summary>
    public string ToString(string? format, IFormatProvider? formatProvider) =>
        string.Join(", ", values.Select(v => $"{v.Key} {v.Value.ToString(format ?? "G6", formatProvider ?? CultureInfo.InvariantCulture)}"));
}
