using System.Collections;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>One tensor or several, in order, and named where they have names: what a layer takes and gives.</summary>
/// <example><code>
/// Tensors both = [image, meta];
/// var (h, state) = lstm.Call(x);
/// var named = Tensors.Named(("image", image), ("meta", meta));
/// </code></example>
/// <remarks>A single tensor is held without an array. Gradients of operands are <c>Tensors</c> too: there null stands for none.</remarks>
[CollectionBuilder(typeof(Tensors), nameof(Of))]
public readonly struct Tensors : IReadOnlyList<Tensor>, IEquatable<Tensors>
{
    private readonly Tensor? first;
    private readonly Tensor?[]? all;   // null where there is one at most
    private readonly string[]? names;
    private readonly bool holdsOne;
    private readonly bool namesTell;   // where results come from; they need not be the names of what takes them

    private Tensors(Tensor? only) => (first, holdsOne) = (only, true);

    private Tensors(Tensor?[] all, string[]? names = null, bool namesTell = false)
    {
        this.all = all;
        this.namesTell = namesTell;
        this.names = names;
        first = all.Length > 0 ? all[0] : null;
    }

    /// <summary>How many there are.</summary>
    public int Count => all?.Length ?? (holdsOne ? 1 : 0);

    /// <summary>The names, in order; null where there are none.</summary>
    public IReadOnlyList<string>? Names => names;

    /// <summary>The names that somebody gave so that they are matched; null where there are none, or where they tell where results come from.</summary>
    internal IReadOnlyList<string>? GivenNames => namesTell ? null : names;

#nullable disable annotations // an entry may be null among gradients, and only there
    /// <summary>The tensor at a place.</summary>
    /// <param name="index">From 0; <c>^1</c> counts from the end.</param>
    public Tensor this[int index]
    {
        get
        {
            if ((uint)index >= (uint)Count) throw Error.Input("Tensors", "there is no tensor at this place", $"{index} of {Count}",
                Count == 0 ? "none: the list is empty" : $"0 to {Count - 1}");
            return all is null ? first : all[index];
        }
    }

    /// <summary>The tensors in order.</summary>
    public IEnumerator<Tensor> GetEnumerator()
    {
        for (int i = 0; i < Count; i++) yield return this[i];
    }

    /// <summary>Several tensors in order: what a collection expression makes.</summary>
    public static Tensors Of(params ReadOnlySpan<Tensor> tensors) => tensors.Length == 1 ? new(tensors[0]) : new(tensors.ToArray());

    /// <summary>
    /// Several tensors in order, for languages that see no <c>params</c> of spans: <c>Tensors.Of(a, b)</c> in F#. Among gradients null stands for none.
    /// </summary>
    public static Tensors Of(params Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return Of((ReadOnlySpan<Tensor>)tensors);
    }

    /// <summary>Several in order.</summary>
    public static implicit operator Tensors(Tensor[] tensors) => Of(tensors);
#nullable restore annotations

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="InvalidInputException">There is none; the error lists the names.</exception>
    public Tensor this[string name]
    {
        get
        {
            int at = names is null ? -1 : Array.IndexOf(names, name);
            return at >= 0 ? this[at] : throw Error.Input("Tensors", $"there is no tensor named '{name}'", null,
                names is null ? "places, for these tensors have no names" : $"one of {string.Join(", ", names)}");
        }
    }

    /// <summary>The only tensor: <c>layer.Call(inputs).Single()</c>.</summary>
    /// <exception cref="InvalidInputException">There is not exactly one.</exception>
    public Tensor Single() => Single("Tensors.Single");

    /// <summary>The same, none of which may be null.</summary>
    internal Tensors There(string what)
    {
        for (int i = 0; i < Count; i++)
            if (this[i] is null) throw Error.Input(what, "a tensor is null", $"number {i} of {Count}");
        return this;
    }

    /// <summary>The only tensor.</summary>
    /// <param name="what">What asks, for the error.</param>
    /// <exception cref="InvalidInputException">There is not exactly one.</exception>
    internal Tensor Single(string what) => Count == 1 ? this[0] : throw Error.Input(what, "there must be one tensor", $"{this}", "one");

    /// <summary>Tensors with names.</summary>
    /// <exception cref="InvalidInputException">A name is empty or comes twice.</exception>
    public static Tensors Named(params (string Name, Tensor Tensor)[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var seen = new HashSet<string>();
        foreach (var (name, tensor) in tensors)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            if (string.IsNullOrEmpty(name) || !seen.Add(name))
                throw Error.Input("Tensors.Named", "names must be there and differ", $"'{string.Join("', '", tensors.Select(t => t.Name))}'");
        }
        return new([.. tensors.Select(t => t.Tensor)], [.. tensors.Select(t => t.Name)]);
    }

    /// <summary>The same tensors with these names.</summary>
    internal Tensors WithNames(IReadOnlyList<string>? given) => given is null ? this : new(all ?? [.. this], [.. given]);

    /// <summary>The same tensors with names that tell where they come from.</summary>
    internal Tensors Told(string[]? from) => from is null ? this : new(all ?? [.. this], from, namesTell: true);

    /// <summary>The same tensors with the names of others.</summary>
    internal Tensors NamedAs(Tensors others) => others.names is null ? this : new(all ?? [.. this], others.names, others.namesTell);

    /// <summary>What a function makes of each, names kept.</summary>
    internal Tensors Select(Func<Tensor, Tensor> function)
    {
        if (all is null) return holdsOne ? new(function(first!)) : this;
        var made = new Tensor?[all.Length];
        for (int i = 0; i < made.Length; i++) made[i] = function(all[i]!);
        return new(made, names, namesTell);
    }

    /// <summary>One tensor.</summary>
    public static implicit operator Tensors(Tensor tensor) => new(tensor);

    /// <summary>Two in order.</summary>
    public static implicit operator Tensors((Tensor First, Tensor Second) pair) => Of(pair.First, pair.Second);

    /// <summary>Three in order.</summary>
    public static implicit operator Tensors((Tensor First, Tensor Second, Tensor Third) all) => Of(all.First, all.Second, all.Third);

    /// <summary>Two in order, as F#'s plain tuple.</summary>
    public static implicit operator Tensors(Tuple<Tensor, Tensor> pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        return Of(pair.Item1, pair.Item2);
    }

    /// <summary>Two tensors.</summary>
    public void Deconstruct(out Tensor one, out Tensor two)
    {
        Require(2);
        (one, two) = (this[0], this[1]);
    }

    /// <summary>Three tensors.</summary>
    public void Deconstruct(out Tensor one, out Tensor two, out Tensor three)
    {
        Require(3);
        (one, two, three) = (this[0], this[1], this[2]);
    }

    /// <summary>Four tensors.</summary>
    public void Deconstruct(out Tensor one, out Tensor two, out Tensor three, out Tensor four)
    {
        Require(4);
        (one, two, three, four) = (this[0], this[1], this[2], this[3]);
    }

    /// <summary>Element types, shapes and names.</summary>
    public override string ToString()
    {
        var (me, labels) = (this, names);
        return $"({string.Join(", ", Enumerable.Range(0, Count).Select(i => Label(i) + (me[i] is { } t ? $"{t.DType} {t.Shape}" : "none")))})";

        string Label(int i) => labels is null ? "" : labels[i] + ": ";
    }

    /// <summary>Whether both hold the very same tensors in the same order.</summary>
    public bool Equals(Tensors other)
    {
        if (Count != other.Count) return false;
        for (int i = 0; i < Count; i++)
            if (!ReferenceEquals(this[i], other[i])) return false;
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Tensors other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Count, first);

    /// <summary>Whether both hold the very same tensors in the same order.</summary>
    public static bool operator ==(Tensors a, Tensors b) => a.Equals(b);

    /// <summary>Whether they do not hold the very same tensors in the same order.</summary>
    public static bool operator !=(Tensors a, Tensors b) => !a.Equals(b);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Require(int count)
    {
        if (Count != count) throw Error.Input("Tensors", "they are taken apart into another number of tensors", $"{count} variables for {this}", $"{Count}");
    }
}
