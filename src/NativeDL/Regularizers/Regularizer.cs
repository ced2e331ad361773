using System.Diagnostics.CodeAnalysis;

namespace NativeDL;

/// <summary>
/// A penalty on a parameter that <c>Fit</c> adds to the loss. Converts from its Keras name, with its factors if wished:
/// <c>"l2"</c>, <c>"l2(0.001)"</c>, <c>"l1_l2(0.01,0.001)"</c>; or <c>Regularizer.L2(0.001)</c>.
/// </summary>
/// <remarks>One of one's own derives from this class and is marked with <see cref="RegisteredAttribute"/>.</remarks>
[Family(Offers = Offer.Methods)]
public abstract partial class Regularizer
{
    /// <summary>Its name, as Keras has it.</summary>
    public virtual string Name => Family<Regularizer>.NameOf(this);

    /// <summary>The penalty: a scalar.</summary>
    /// <param name="parameter">The parameter's value, any shape.</param>
    public abstract Tensor Call(Tensor parameter);

    /// <summary>The regularizer of that name; null stays null. Plain <c>l1_l2</c> has both factors 0.01.</summary>
    /// <exception cref="InvalidInputException">The name is unknown; the error lists the known ones.</exception>
    [return: NotNullIfNotNull(nameof(name))]
    public static implicit operator Regularizer?(string? name) => name switch
    {
        null => null,
        "l1_l2" => new Regularizers.L1L2(0.01, 0.01),
        _ => Registry.Create<Regularizer>(name),
    };

    /// <summary>The name with its factors, from which it converts back.</summary>
    public override string ToString() => Describe.ByName(this);

    /// <summary>Refuses a factor that is negative or not finite.</summary>
    private protected static double Checked(double value, string regularizer, string setting) =>
        double.IsFinite(value) && value >= 0 ? value : throw Error.Input(regularizer, $"{setting} is no factor of a penalty", $"{value}", "0 or more");
}
