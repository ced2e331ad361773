namespace NativeDL;

/// <summary>
/// Marks the base class of things that are configured by their constructors: layers, losses, optimizers … For each
/// concrete class of a family the generator writes how an object's settings go into a file and how the constructor is
/// called with them. In the family's own assembly every public class takes part, elsewhere those that are <see cref="RegisteredAttribute">registered</see>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class FamilyAttribute : Attribute
{
    /// <summary>What the base class offers for each class of the family.</summary>
    public Offer Offers { get; set; }

    /// <summary>Whether a class goes by its own name in files, as layers do; else by that name in snake case.</summary>
    public bool ByClassName { get; set; }

    /// <summary>Whether an optional constructor parameter <c>name</c> is left to the base class, which names and keeps the name itself.</summary>
    public bool NamesItself { get; set; }
}

/// <summary>What the base class of a family offers for each of its classes.</summary>
public enum Offer
{
    /// <summary>Nothing: the classes are made by <c>new</c>.</summary>
    None,

    /// <summary>A method with the constructor's parameters: <c>Loss.MeanSquaredError()</c>.</summary>
    Methods,

    /// <summary>A property with the default settings: <c>Activation.Relu</c>.</summary>
    Properties,
}
