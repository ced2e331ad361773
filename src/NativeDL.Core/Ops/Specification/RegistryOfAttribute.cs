namespace NativeDL;

/// <summary>
/// Asks the source generator for a property <c>All</c>: the <c>Spec</c> of every type of this assembly that
/// implements the interface. So nobody keeps a list by hand, and nothing is looked up by reflection.
/// </summary>
/// <param name="contract">An interface with a static abstract property <c>Spec</c>.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RegistryOfAttribute(Type contract) : Attribute
{
    /// <summary>The interface.</summary>
    public Type Contract { get; } = contract;
}
