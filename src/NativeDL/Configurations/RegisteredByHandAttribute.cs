namespace NativeDL;

/// <summary>
/// Marks a class whose objects are more than their constructor's parameters: it enters itself into the registry, by a static
/// method <c>Enter</c> that calls <see cref="Registry.Add"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class RegisteredByHandAttribute : Attribute;
