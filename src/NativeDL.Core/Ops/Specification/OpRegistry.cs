namespace NativeDL;

/// <summary>Every operation there is.</summary>
[RegistryOf(typeof(IOp))]
internal static partial class OpRegistry;
