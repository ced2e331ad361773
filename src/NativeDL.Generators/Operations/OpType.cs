namespace NativeDL.Generators;

/// <summary>What is generated for one operation. Only texts, so that an unchanged one is recognized as such.</summary>
/// <param name="Type">The class, or the struct of an elementwise function.</param>
/// <param name="IsBuiltIn">Whether it belongs to the library itself.</param>
/// <param name="Part">Its other part, in which its attributes are; empty where it has none.</param>
/// <param name="Entry">The statement that makes it known by name.</param>
/// <param name="Fault">Why there is nothing to generate.</param>
internal sealed record OpType(string Type, bool IsBuiltIn, string Part, string Entry, Fault? Fault);
