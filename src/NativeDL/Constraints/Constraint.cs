using System.Diagnostics.CodeAnalysis;

namespace NativeDL;

/// <summary>
/// What a parameter must be after each step of an optimizer. Converts from its Keras name: <c>Constraint c = "non_neg";</c>, or
/// <c>Constraint.MaxNorm(3)</c>.
/// </summary>
/// <remarks>One of one's own derives from this class and is marked with <see cref="RegisteredAttribute"/>.</remarks>
[Family(Offers = Offer.Methods)]
public abstract partial class Constraint
{
    /// <summary>Its name, as Keras has it.</summary>
    public virtual string Name => Family<Constraint>.NameOf(this);

    /// <summary>The value that the parameter takes instead of what the step made of it.</summary>
    /// <param name="parameter">The value after the step, any shape.</param>
    /// <returns>The same shape.</returns>
    public abstract Tensor Call(Tensor parameter);

    /// <summary>The constraint of that name; null stays null.</summary>
    /// <exception cref="InvalidInputException">The name is unknown; the error lists the known ones.</exception>
    [return: NotNullIfNotNull(nameof(name))]
    public static implicit operator Constraint?(string? name) => name is null ? null : Registry.Create<Constraint>(name);

    /// <summary>The name, with its settings where they are not the usual ones.</summary>
    public override string ToString() => Describe.ByName(this);
}
