using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>Something for each output of a model: in the order of the outputs, or by their names.</summary>
/// <example><code>
/// model.Compile("adam", loss: ["mse", "binary_crossentropy"], lossWeights: [1, 0.3]);
/// model.Compile("adam", loss: new PerOutput&lt;Loss> { ["price"] = "mse", ["sold"] = "binary_crossentropy" }, metrics: new() { ["sold"] = ["accuracy"] });
/// </code></example>
/// <typeparam name="T">A loss, metrics, a weight.</typeparam>
[CollectionBuilder(typeof(PerOutput), nameof(PerOutput.Of))]
public sealed class PerOutput<T> : IEnumerable<T>
{
    private readonly List<string>? names;
    private readonly List<T> values;

    /// <summary>Nothing yet: entries are set by the outputs' names.</summary>
    public PerOutput() : this([], []) { }

    internal PerOutput(List<T> values, List<string>? names) => (this.values, this.names) = (values, names);

    /// <summary>What an output has.</summary>
    /// <param name="output">The output's name.</param>
    /// <exception cref="InvalidInputException">The entries have no names, or none is of this output.</exception>
    public T this[string output]
    {
        get => names is not null && names.IndexOf(output) is >= 0 and var at ? values[at] : throw Error.UnknownName("output", output, names ?? []);
        set
        {
            if (names is null) throw Error.Input("PerOutput", "the entries go by the order of the outputs, and have no names", $"'{output}'");
            if (names.IndexOf(output) is >= 0 and var at) values[at] = value;
            else
            {
                names.Add(output);
                values.Add(value);
            }
        }
    }

    /// <summary>The outputs' names; null where the entries go by their order.</summary>
    public IReadOnlyList<string>? Names => names;

    /// <summary>In the order of the outputs.</summary>
    public static implicit operator PerOutput<T>(T[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new([.. values], null);
    }

    /// <summary>The entries in their order.</summary>
    public IEnumerator<T> GetEnumerator() => values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The entry of an output, if it has one.</summary>
    internal bool TryGet(int output, string name, [MaybeNullWhen(false)] out T value)
    {
        int at = names is null ? output : names.IndexOf(name);
        bool found = at >= 0 && at < values.Count;
        value = found ? values[at] : default;
        return found;
    }

    /// <summary>Refuses entries without an output, and too few or too many of them.</summary>
    internal void Require(string op, string what, IReadOnlyList<string> outputs)
    {
        if (names is null && values.Count != outputs.Count)
            throw Error.Input(op, $"the number of {what} is not that of the outputs", $"{values.Count} for {outputs.Count}: {string.Join(", ", outputs)}",
                "one for each, or by the outputs' names");
        if (names?.Find(n => !outputs.Contains(n)) is { } unknown)
            throw Error.Input(op, $"there is no output '{unknown}' for {what}", null, $"one of {string.Join(", ", outputs)}");
    }
}

/// <summary>Makes <see cref="PerOutput{T}"/>.</summary>
public static class PerOutput
{
    /// <summary>In the order of the outputs: what a collection expression makes.</summary>
    public static PerOutput<T> Of<T>(params ReadOnlySpan<T> values) => new([.. values], null);

    /// <inheritdoc cref="Of{T}(ReadOnlySpan{T})"/>
    public static PerOutput<T> Of<T>(params T[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Of((ReadOnlySpan<T>)values);
    }

    /// <summary>By the outputs' names.</summary>
    /// <exception cref="InvalidInputException">A name comes twice.</exception>
    public static PerOutput<T> Named<T>(params (string Output, T Value)[] entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var named = new PerOutput<T>();
        foreach (var (output, value) in entries)
        {
            if (named.Names!.Contains(output)) throw Error.Input("PerOutput.Named", $"the output '{output}' comes twice");
            named[output] = value;
        }
        return named;
    }
}
