using System.Linq;
using Microsoft.CodeAnalysis;

namespace NativeDL.Generators;

/// <summary>Which types a setting can have.</summary>
internal static class SettingKinds
{
    /// <summary>How the type is written and read, or null where it cannot be.</summary>
    public static SettingKind? Of(ITypeSymbol type, out bool nullable)
    {
        nullable = type.NullableAnnotation == NullableAnnotation.Annotated;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } wrapped)
        {
            nullable = true;
            type = wrapped.TypeArguments[0];
        }
        switch (type.SpecialType)
        {
            case SpecialType.System_Int32: return new("Set", "Int");
            case SpecialType.System_Int64: return new("Set", "Long");
            case SpecialType.System_Double: return new("Set", "Number");
            case SpecialType.System_Single: return new("Set", "Number", "(float)");
            case SpecialType.System_Boolean: return new("Set", "Flag");
            case SpecialType.System_String: return new("Set", "Text", nullable ? "" : "!", IsReference: true);
        }
        if (type.TypeKind == TypeKind.Enum) return new($"SetEnum<{Full(type)}>", $"Enum<{Full(type)}>");
        switch (type.ToDisplayString())
        {
            case "NativeDL.Padding": return new("Set", "Padding");
            case "NativeDL.Size2D": return new("Set", "Size2D");
            case "NativeDL.Size3D": return new("Set", "Size3D");
            case "NativeDL.Axes": return new("Set", "Axes");
            case "NativeDL.RandomState": case "NativeDL.RandomState?": return new("Set", "RandomState", nullable ? "" : "!", IsReference: true);
            case "NativeDL.Shape": case "NativeDL.Shape?": return new("Set", "Ints");
        }
        if (ElementOf(type) is { } element)
            return element.SpecialType switch
            {
                SpecialType.System_Int32 => new("Set", "Ints"),
                SpecialType.System_Int64 => new("Set", "Longs"),
                SpecialType.System_Double => new("Set", "Numbers"),
                SpecialType.System_String => new("Set", "Texts"),
                _ => FamilyOf(element) is { } family && SymbolEqualityComparer.Default.Equals(family, element)
                    ? new($"SetObjects<{Full(family)}>", $"Objects<{Full(family)}>") : null,
            };
        if (FamilyOf(type) is not { } own) return null;
        bool isBase = SymbolEqualityComparer.Default.Equals(own, type);
        return new($"SetObject<{Full(own)}>", $"Object<{Full(own)}>", isBase ? nullable ? "" : "!" : $"({Full(type)}{(nullable ? "?" : "")})",
            IsReference: true);
    }

    /// <summary>What settings may be, for errors.</summary>
    public const string Allowed = "a setting is a number, a truth value, a text, an enumeration, a list of numbers or texts, a Shape, Axes, a Size2D or Size3D, a Padding, a RandomState, an object of a family such as Layer, Activation or Initializer, or a list of those";

    /// <summary>The base class of the family that a type belongs to, or null.</summary>
    public static INamedTypeSymbol? FamilyOf(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
            if (Attribute(type, "FamilyAttribute") is not null) return type as INamedTypeSymbol;
        return null;
    }

    /// <summary>One of this library's attributes on a symbol.</summary>
    public static AttributeData? Attribute(ISymbol symbol, string name) =>
        symbol.GetAttributes().FirstOrDefault(a => a.AttributeClass is { } c && c.Name == name && c.ContainingNamespace.ToDisplayString() == "NativeDL");

    /// <summary>A type by its full name, nullable annotations left out.</summary>
    public static string Full(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    // Of arrays, spans and the interfaces of lists.
    private static ITypeSymbol? ElementOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1 } array => array.ElementType,
        INamedTypeSymbol { TypeArguments.Length: 1, Name: "IReadOnlyList" or "IEnumerable" or "IReadOnlyCollection" or "ReadOnlySpan" } list =>
            list.TypeArguments[0],
        _ => null,
    };
}
