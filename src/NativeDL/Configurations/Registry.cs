using System.ComponentModel;

namespace NativeDL;

/// <summary>
/// What is known by name: of each family (<see cref="Layer"/>, <see cref="Loss"/>, <see cref="Optimizer"/> …) the classes,
/// their names, how their settings are written and how they are made from them.
/// </summary>
/// <remarks>
/// The library's classes and those marked with <see cref="RegisteredAttribute"/> are entered by generated code as their
/// assembly is loaded; a class of one's own in another language, or a name of one's own for a setting, by <see cref="Add"/>.
/// </remarks>
public static class Registry
{
    /// <summary>Enters a class.</summary>
    /// <typeparam name="TFamily">The family's base class, such as <see cref="Layer"/>.</typeparam>
    /// <typeparam name="T">The class.</typeparam>
    /// <param name="name">Its name, in files and elsewhere.</param>
    /// <param name="write">Writes the settings of an object.</param>
    /// <param name="read">Makes an object from settings; must do without any where the name alone is to be enough.</param>
    /// <param name="otherNames">Names that are understood too.</param>
    /// <param name="required">How many of the settings, which come first, have no default.</param>
    /// <param name="plain">An object that differs from a given one in having the default wherever there is one; with <paramref name="required"/> it keeps
    /// <c>ToString</c> short.</param>
    /// <param name="properties">How many of the settings, which come last, are properties that are set once the object is made; <c>ToString</c> has them in
    /// braces.</param>
    /// <example>In F#:
    /// <code>
    /// Registry.Add&lt;Layer, Scale>("my.scale", (fun scale settings -> settings.Set("factor", scale.Factor)), (fun settings -> Scale(settings.Number
    /// "factor")))
    /// </code></example>
    /// <exception cref="InvalidInputException">A name is taken, or the class has a name already.</exception>
    public static void Add<TFamily, T>(string name, Action<T, Configuration> write, Func<Configuration, T> read, IReadOnlyList<string>? otherNames = null,
        int required = 0, Func<T, T>? plain = null,
        int properties = 0)
        where TFamily : class where T : class, TFamily
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(read);
        Family<TFamily>.Add(new Registration<TFamily>(typeof(T), [name, .. otherNames ?? []], (thing, settings) => write((T)thing, settings), read, required,
            plain is null ? null : thing => plain((T)thing), properties));
    }

    /// <summary>The names that a family answers to, sorted.</summary>
    /// <typeparam name="TFamily">The family's base class.</typeparam>
    public static IReadOnlyList<string> Names<TFamily>() where TFamily : class => Family<TFamily>.Names;

    /// <summary>
    /// Makes the thing of a name, with its default settings or with all of them in parentheses: <c>l2</c>, <c>l2(0.01)</c>.
    /// </summary>
    /// <typeparam name="TFamily">The family's base class.</typeparam>
    /// <param name="name">One of <see cref="Names"/>, in any case.</param>
    /// <exception cref="InvalidInputException">The name is unknown (the error lists the known ones), or the settings are not what the class takes.</exception>
    public static TFamily Create<TFamily>(string name) where TFamily : class => Family<TFamily>.Create(name);

    /// <summary>Has classes entered when their family is first asked for a name. Called by generated code.</summary>
    /// <typeparam name="TFamily">The family's base class.</typeparam>
    /// <param name="enter">Enters them, by <see cref="Add"/>.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static void Announce<TFamily>(Action enter) where TFamily : class
    {
        ArgumentNullException.ThrowIfNull(enter);
        Family<TFamily>.Announce(enter);
    }
}

/// <summary>A class of a family.</summary>
/// <param name="Type">The class.</param>
/// <param name="Names">Its names; the first is the one that is written.</param>
/// <param name="Write">Writes an object's settings.</param>
/// <param name="Read">Makes an object from settings.</param>
/// <param name="Required">How many of the settings have no default.</param>
/// <param name="Plain">The object with the default wherever there is one.</param>
/// <param name="Properties">How many of the settings, the last, are set once the object is made.</param>
internal sealed record Registration<TFamily>(
    Type Type, string[] Names, Action<TFamily, Configuration> Write, Func<Configuration, TFamily> Read, int Required, Func<TFamily, TFamily>? Plain,
        int Properties) where TFamily : class
{
    public string Name => Names[0];
}
