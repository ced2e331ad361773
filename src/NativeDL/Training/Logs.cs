using System.Collections;

namespace NativeDL;

/// <summary>Names and values of what was measured, the loss first: in order as pairs, or by name as in <c>logs["accuracy"]</c>.</summary>
public sealed class Logs : IReadOnlyList<KeyValuePair<string, double>>
{
    private readonly List<KeyValuePair<string, double>> values;

    internal Logs(IEnumerable<KeyValuePair<string, double>> values) => this.values = [.. values];

    /// <summary>Nothing measured yet.</summary>
    internal static Logs None { get; } = new([]);

    /// <summary>How many quantities there are.</summary>
    public int Count => values.Count;

    /// <summary>A quantity by its place.</summary>
    public KeyValuePair<string, double> this[int index] => values[index];

    /// <summary>The value of a quantity, such as <c>loss</c> or <c>val_accuracy</c>.</summary>
    /// <exception cref="InvalidInputException">There is none of that name; the error lists those there are.</exception>
    public double this[string name]
    {
        get
        {
            foreach (var (key, value) in values) if (key == name) return value;
            throw Error.UnknownName("measured quantity", name, values.Select(v => v.Key));
        }
    }

    /// <summary>The quantities in their order.</summary>
    public IEnumerator<KeyValuePair<string, double>> GetEnumerator() => values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Names and values, such as <c>loss 0.123, accuracy 0.98</c>.</summary>
    public override string ToString() => string.Join(", ", values.Select(v => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{v.Key} {v.Value:G6}")));
}
