using System.Linq;
using Microsoft.CodeAnalysis;
using static NativeDL.Generators.SettingKinds;
using static NativeDL.Generators.Symbols;

namespace NativeDL.Generators;

/// <summary>A parameter of an operation's constructor as one attribute, or, of a structure of settings, as several.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Value">Where the object keeps it.</param>
/// <param name="Write">What follows OpAttributes.None to have it written.</param>
/// <param name="Read">Its value from the attributes a.</param>
internal sealed record OpParameter(string Name, string Value, string Write, string Read)
{
    /// <summary>How a parameter is kept, or null where it cannot be.</summary>
    public static OpParameter? Of(IParameterSymbol parameter, string value)
    {
        string name = Literal(parameter.Name);
        bool nullable = parameter.Type.NullableAnnotation == NullableAnnotation.Annotated;
        if (Reader(parameter.Type) is { } reader)
        {
            string written = parameter.Type.TypeKind == TypeKind.Enum || reader == "Device" ? $"{value}.ToString()" : value;
            // A null of whole numbers is no shape: the conversion stands before the choice.
            bool isShape = reader == "Ints" && parameter.Type is not IArrayTypeSymbol;
            string cast = parameter.Type.SpecialType == SpecialType.System_Single ? "(float)" : isShape ? "(global::NativeDL.Shape)" : "";
            string read = parameter.Type.TypeKind == TypeKind.Enum ? $"a.Enum<{Full(parameter.Type)}>({name})" : $"{cast}a.{reader}({name})";
            string? otherwise = parameter.IsOptional ? Default(parameter) : nullable && reader != "Epilogue" ? "null" : null;
            return new(parameter.Name, value, $".With({name}, {written})", otherwise is null ? read : $"a.Has({name}) ? {read} : {otherwise}");
        }
        if (parameter.Type is not INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None, IsTupleType: false, IsGenericType: false } type)
            return null;
        foreach (var constructor in type.InstanceConstructors.Where(c => c.Parameters.Length > 0).OrderByDescending(c => c.Parameters.Length))
        {
            var parts = constructor.Parameters.Select(p =>
                type.GetMembers(Pascal(p.Name)).OfType<IPropertySymbol>().Any(m => SymbolEqualityComparer.Default.Equals(m.Type, p.Type))
                ? Of(p, $"{value}.{Pascal(p.Name)}") : null).ToList();
            if (parts.All(p => p is not null))
                return new(parameter.Name, value, string.Concat(parts.Select(p => p!.Write)),
                    $"new {Full(type)}({string.Join(", ", parts.Select(p => $"{p!.Name}: {p.Read}"))})");
        }
        return null;
    }

    private static string? Reader(ITypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Enum) return "Enum";
        switch (type.SpecialType)
        {
            case SpecialType.System_Boolean: return "Flag";
            case SpecialType.System_Int32: return "Int";
            case SpecialType.System_Int64: return "Long";
            case SpecialType.System_Single or SpecialType.System_Double: return "Number";
            case SpecialType.System_String: return "Text";
        }
        if (type is IArrayTypeSymbol { Rank: 1, ElementType: var element })
            return element.SpecialType switch
            {
                SpecialType.System_Int32 => "Ints",
                SpecialType.System_Int64 => "Longs",
                SpecialType.System_Double => "Numbers",
                _ => element is INamedTypeSymbol { IsTupleType: true, TupleElements.Length: 2 } pair
                    && pair.TupleElements.All(e => e.Type.SpecialType == SpecialType.System_Int32) ? "Pairs" : null,
            };
        return type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString() switch
        {
            "NativeDL.Shape" => "Ints",
            "NativeDL.Size2D" => "Size2D",
            "NativeDL.Padding" => "Padding",
            "NativeDL.Device" => "Device",
            "NativeDL.Epilogue" => "Epilogue",
            _ => null,
        };
    }
}
