using System.Collections.Concurrent;

namespace NativeDL;

/// <summary>The names that a kind of thing answers to, and how to make it from one: for losses, optimizers, metrics …</summary>
/// <param name="kind">The kind, for errors.</param>
/// <param name="specs">The built-in ones.</param>
internal sealed class NameTable<T>(string kind, IEnumerable<NamedSpec<T>> specs) where T : class
{
    private readonly ConcurrentDictionary<string, Func<T>> factories =
        new(specs.SelectMany(spec => spec.Names, (spec, name) => KeyValuePair.Create(name, spec.Create)), StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes the thing of that name.</summary>
    /// <exception cref="InvalidInputException">The name is unknown; the error lists the known ones.</exception>
    public T Create(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return factories.TryGetValue(name, out var create) ? create() : throw Error.UnknownName(kind, name, factories.Keys);
    }

    /// <summary>Makes a thing of the user's own known by name.</summary>
    /// <exception cref="InvalidInputException">The name is taken.</exception>
    public void Register(string name, Func<T> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(create);
        if (!factories.TryAdd(name, create)) throw Error.Input($"{kind}.Register", $"the name '{name}' is taken");
    }
}

/// <summary>The names of one built-in thing, as Keras knows it, and how to make it.</summary>
internal sealed record NamedSpec<T>(string[] Names, Func<T> Create);
