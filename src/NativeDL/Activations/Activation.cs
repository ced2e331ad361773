using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace NativeDL;

/// <summary>
/// A function between layers. Converts from its Keras name: <c>Activation a = "relu";</c> One with settings is made by its class
/// in <see cref="NativeDL.Activations"/> or by the name with all settings: <c>new LeakyRelu(0.1)</c>, <c>"leaky_relu(0.1)"</c>.
/// </summary>
/// <remarks>An activation never changes, so that one object may stand in any number of layers.</remarks>
/// <example>An activation of one's own:
/// <code>
/// [Registered("my.cube")]
/// public sealed class Cube : Activation
/// {
///     public override Tensor Call(Tensor x) => x * x * x;
/// }
/// </code></example>
[Family(Offers = Offer.Properties)]
public abstract partial class Activation
{
    private static readonly ConcurrentDictionary<string, Activation> Made = new(StringComparer.Ordinal);

    /// <summary>Its name, as Keras has it.</summary>
    public virtual string Name => Family<Activation>.NameOf(this);

    /// <summary>Applies the function.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The shape of <paramref name="x"/>.</returns>
    public abstract Tensor Call(Tensor x);

    /// <summary>The tensor that a function is applied to, which must be there.</summary>
    private protected static Tensor Given(Tensor? x) => x ?? throw new ArgumentNullException(nameof(x));

    /// <summary>
    /// The form that products and convolutions apply as they go, of a function that works element by element; null where
    /// there is none.
    /// </summary>
    internal virtual Epilogue? Fused => null;

    /// <summary>A function as an activation. A model with it is saved as weights only: to be made again, it needs a class.</summary>
    /// <param name="function">The function, in tensor operations.</param>
    /// <param name="name">What it is called in summaries.</param>
    public static Activation From(Func<Tensor, Tensor> function, string name)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new FromFunction(function, name);
    }

    /// <summary>The activation of that Keras name; null stays null.</summary>
    /// <exception cref="InvalidInputException">The name is unknown; the error lists the known ones.</exception>
    [return: NotNullIfNotNull(nameof(name))]
    public static implicit operator Activation?(string? name) => name is null ? null : Made.GetOrAdd(name, Registry.Create<Activation>);

    /// <summary>The name, with its settings where they are not the usual ones.</summary>
    public override string ToString() => Describe.ByName(this);

    /// <summary>activation(x·W + b): in one pass where the activation works element by element.</summary>
    internal static Tensor LinearCall(Tensor x, Tensor weights, Tensor? bias, Activation? activation) =>
        activation is null or Activations.Linear ? x.Linear(weights, bias)
        : activation.Fused is { } fused ? x.Linear(weights, bias, fused)
        : activation.Call(x.Linear(weights, bias));

    private sealed class FromFunction(Func<Tensor, Tensor> function, string name) : Activation
    {
        public override string Name => name;

        public override Tensor Call(Tensor x) => function(x);

        public override string ToString() => name;
    }
}
