using System.Globalization;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using static NativeDL.Generators.SettingKinds;

namespace NativeDL.Generators;

/// <summary>What readers of types have in common.</summary>
internal static class Symbols
{
    /// <summary>The default of a parameter as it is written in C#.</summary>
    public static string Default(IParameterSymbol parameter) => parameter.ExplicitDefaultValue switch
    {
        null => parameter.Type.IsReferenceType || parameter.Type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T ? "null" : "default",
        bool flag => flag ? "true" : "false",
        string text => Literal(text),
        double number => Number(number, "D"),
        float number => Number(number, "F"),
        object value when parameter.Type.TypeKind == TypeKind.Enum => $"({Full(parameter.Type)}){System.Convert.ToString(value, CultureInfo.InvariantCulture)}",
        object value => System.Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Number(double value, string suffix) =>
        double.IsNaN(value) ? "double.NaN" : double.IsPositiveInfinity(value) ? "double.PositiveInfinity" : double.IsNegativeInfinity(value)
            ? "double.NegativeInfinity"
        : value.ToString("R", CultureInfo.InvariantCulture) + suffix;

    /// <summary>Whether a type, and all that it stands in, can be reached so well.</summary>
    public static bool IsAccessible(INamedTypeSymbol type, Accessibility least)
    {
        for (var t = type; t is not null; t = t.ContainingType)
            if (t.DeclaredAccessibility != Accessibility.Public && (least == Accessibility.Public
                || t.DeclaredAccessibility is not (Accessibility.Internal or Accessibility.ProtectedOrInternal))) return false;
        return true;
    }

    /// <summary>Whether a type is declared partial.</summary>
    public static bool IsPartial(INamedTypeSymbol type) => type.DeclaringSyntaxReferences.Any(r =>
        r.GetSyntax() is Microsoft.CodeAnalysis.CSharp.Syntax.TypeDeclarationSyntax t && t.Modifiers.Any(SyntaxKind.PartialKeyword));

    /// <summary>A fault at the place of a symbol.</summary>
    public static Fault FaultAt(ISymbol symbol, string id, string message)
    {
        var place = symbol.Locations.FirstOrDefault(l => l.IsInSource) ?? symbol.ContainingType?.Locations.FirstOrDefault(l => l.IsInSource) ?? Location.None;
        var line = place.GetLineSpan();
        return new(id, message, line.Path ?? "", place.SourceSpan.Start, place.SourceSpan.Length, line.StartLinePosition.Line,
            line.StartLinePosition.Character, line.EndLinePosition.Character);
    }

    /// <summary>A registered name that could be one of the library's own, which have no dot; null where there is none.</summary>
    public static string? UndottedName(INamedTypeSymbol type, AttributeData? registered)
    {
        if (registered is null || type.ContainingAssembly.Name is "NativeDL"
            || type.ContainingAssembly.Name.StartsWith("NativeDL.", System.StringComparison.Ordinal)) return null;
        return registered.ConstructorArguments[1].Values.Select(v => v.Value as string).Prepend(registered.ConstructorArguments[0].Value as string)
            .FirstOrDefault(n => n?.Contains(".") == false);
    }

    /// <summary>A text as it is written in C#.</summary>
    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>A parameter's name as a property has it.</summary>
    public static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);

    /// <summary>A property's name as a parameter has it.</summary>
    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);

    /// <summary>A type's name in snake case, as SnakeCase of the library has it.</summary>
    public static string Snake(string name)
    {
        var text = new StringBuilder();
        for (int i = 0; i < name.Length; i++)
        {
            bool startsWord = i > 0 && char.IsUpper(name[i]) && !char.IsDigit(name[i - 1])
                && (char.IsLower(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord) text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }
}
