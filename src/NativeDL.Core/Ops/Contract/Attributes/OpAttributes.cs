using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NativeDL;

/// <summary>
/// What an operation is told besides its operands, by name and in order: truth values, whole numbers, numbers, texts and lists of
/// numbers, the kinds that exchange formats such as ONNX know.
/// </summary>
/// <example><code>
/// foreach (var (name, value) in call.Operation!.Attributes)
///     Console.WriteLine(value switch { bool b => …, long n => …, double d => …, string s => …, long[] list => …, double[] list => … });
/// </code></example>
/// <remarks>
/// A list of sizes has −1 for one that is not known; sizes of windows are height and width; padding is <c>"same"</c>, <c>"valid"</c>, <c>"causal"</c> or
/// top, bottom, left, right, before them front and back where a volume has its own.
/// </remarks>
public sealed partial class OpAttributes : IReadOnlyDictionary<string, object>
{
    private readonly KeyValuePair<string, object>[] all;

    private OpAttributes(KeyValuePair<string, object>[] all) => this.all = all;

    /// <summary>No attributes: what most operations have. Others begin with it: <c>OpAttributes.None.With("slope", 0.1)</c>.</summary>
    public static OpAttributes None { get; } = new([]);

    /// <summary>How many there are.</summary>
    public int Count => all.Length;

    /// <summary>The names, in order.</summary>
    public IEnumerable<string> Keys => all.Select(a => a.Key);

    /// <summary>The values, in order: each a bool, long, double, string, long[] or double[].</summary>
    public IEnumerable<object> Values => all.Select(a => a.Value);

    /// <summary>The value of a name: a bool, long, double, string, long[] or double[].</summary>
    /// <exception cref="InvalidInputException">There is none; the error lists the names.</exception>
    public object this[string name] => TryGetValue(name, out var value) ? value
        : throw Error.Input("OpAttributes", $"there is no attribute '{name}'", null, Count == 0 ? "no attributes" : $"one of {string.Join(", ", Keys)}");

    /// <summary>Whether there is an attribute of that name; one that is null is not there.</summary>
    public bool Has(string name) => TryGetValue(name, out _);

    bool IReadOnlyDictionary<string, object>.ContainsKey(string key) => Has(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object value)
    {
        foreach (var (known, v) in all)
        {
            if (known != key) continue;
            value = v;
            return true;
        }
        value = null;
        return false;
    }

    /// <summary>These and a truth value.</summary>
    public OpAttributes With(string name, bool value) => And(name, value);

    /// <summary>These and a whole number.</summary>
    public OpAttributes With(string name, int value) => And(name, (long)value);

    /// <summary>These and a whole number.</summary>
    public OpAttributes With(string name, long value) => And(name, value);

    /// <summary>These and a number.</summary>
    public OpAttributes With(string name, double value) => And(name, value);

    /// <summary>These and a text; null adds nothing.</summary>
    public OpAttributes With(string name, string? value) => value is null ? this : And(name, value);

    /// <summary>These and whole numbers, or a shape; null adds nothing.</summary>
    public OpAttributes With(string name, IEnumerable<int>? values) => values is null ? this : And(name, values.Select(v => (long)v).ToArray());

    /// <summary>These and whole numbers; null adds nothing.</summary>
    public OpAttributes With(string name, IEnumerable<long>? values) => values is null ? this : And(name, values.ToArray());

    /// <summary>These and numbers; null adds nothing.</summary>
    public OpAttributes With(string name, IEnumerable<double>? values) => values is null ? this : And(name, values.ToArray());

    /// <summary>These and a height and a width.</summary>
    public OpAttributes With(string name, Size2D value) => value.IsGiven ? With(name, (int[])[value.Height, value.Width]) : this;

    /// <summary>These and a padding.</summary>
    public OpAttributes With(string name, Padding value) =>
        value.IsInWords ? With(name, value.ToString()) : With(name, value.Numbers);

    // Of each axis the numbers before and after.
    internal OpAttributes With(string name, (int Before, int After)[] pairs) => With(name, pairs.SelectMany(p => (int[])[p.Before, p.After]));

    // An activation by its name; its attributes stand beside it.
    internal OpAttributes With(string name, Epilogue? activation) =>
        activation is null ? this : activation.Operation.Attributes.all.Aggregate(With(name, activation.Name), (sum, a) => sum.And(a.Key, a.Value));

    // What a file says.
    internal OpAttributes WithAny(string name, object value) => And(name, value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, object>>)all).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>As a call has them: <c>transposeA: false, transposeB: true</c>.</summary>
    public override string ToString() => string.Join(", ", all.Select(a => $"{a.Key}: {Written(a.Value)}"));

    private OpAttributes And(string name, object value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Has(name)) throw Error.Input("OpAttributes", "two attributes have one name", $"'{name}' twice");
        return new([.. all, KeyValuePair.Create(name, value)]);
    }

    private static string Written(object value) => value switch
    {
        bool b => b ? "true" : "false",
        string s => $"\"{s}\"",
        long[] list => $"[{string.Join(", ", list)}]",
        double[] list => $"[{string.Join(", ", list.Select(v => v.ToString(CultureInfo.InvariantCulture)))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
