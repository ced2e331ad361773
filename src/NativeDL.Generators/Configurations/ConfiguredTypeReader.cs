using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using static NativeDL.Generators.SettingKinds;
using static NativeDL.Generators.Symbols;

namespace NativeDL.Generators;

/// <summary>Reads a class of a family: its names, its constructor, its settings.</summary>
internal static class ConfiguredTypeReader
{
    /// <summary>What is generated for the class, or null where it takes no part.</summary>
    public static ConfiguredType? Read(INamedTypeSymbol type)
    {
        if (FamilyOf(type.BaseType) is not { } family) return Attribute(type, "RegisteredAttribute") is null || IsOperation(type) ? null : Lost(type);
        if (type.IsAbstract) return Attribute(type, "RegisteredAttribute") is null ? null : Lost(type);
        if (Attribute(type, "RegisteredByHandAttribute") is not null)
            return new(Full(family), "", family.Name, Full(type), $"        {Full(type)}.Enter();\n", "", null);
        if (!IsKept(type)) return null;
        var registered = Attribute(type, "RegisteredAttribute");
        bool isHome = SymbolEqualityComparer.Default.Equals(family.ContainingAssembly, type.ContainingAssembly);
        var fault = default(Fault);
        if (type.IsGenericType)
            fault = FaultAt(type, "NDL004", $"{type.Name} is generic: a file cannot say of what; derive a class that is not, and register that");
        else if (!IsAccessible(type, Accessibility.Internal))
            fault = FaultAt(type, "NDL004", $"{type.Name} cannot be reached from elsewhere in its assembly; make it internal or public to register it");
        else if (UndottedName(type, registered) is { } bare)
            fault = FaultAt(type, "NDL005",
                $"the name '{bare}' of {type.Name} could be one of the library's, now or in its next version: give it a dot, such as 'my.{bare}'");

        var constructor = type.InstanceConstructors
            .Where(c => c.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal)
            .OrderByDescending(c => c.Parameters.Count(p => p.Name != "name")).ThenByDescending(c => c.Parameters.Length).FirstOrDefault();
        if (fault is null && constructor is null) fault = FaultAt(type, "NDL004", $"{type.Name} has no constructor that can be called to make it again");
        string full = Full(type), home = Full(family);
        if (fault is not null) return new(home, "", family.Name, full, "", "", fault);

        var attribute = Attribute(family, "FamilyAttribute")!;
        bool namesItself = Named(attribute, "NamesItself") is true;
        var parameters = new List<Setting>();
        int required = 0;
        foreach (var parameter in constructor!.Parameters)
        {
            if (namesItself && parameter is { Name: "name", IsOptional: true }) continue;
            var (setting, wrong) = SettingOf(type, parameter);
            if (wrong is not null) return new(home, "", family.Name, full, "", "", wrong);
            parameters.Add(setting!);
            if (!parameter.IsOptional) required++;
        }
        if (MarkedProperties(type).FirstOrDefault(p =>
            p.SetMethod is not { IsInitOnly: false, DeclaredAccessibility: Accessibility.Public } && parameters.All(s => s.Property != p.Name)) is { } unset)
            return new(home, "", family.Name, full, "", "", FaultAt(unset, "NDL003", $"{type.Name}'s setting {unset.Name} cannot be set again as a file is read: give it a public 'set', or make it a parameter of the constructor"));
        var properties = MarkedProperties(type).Where(p => parameters.All(s => s.Property != p.Name))
            .Select(p => (Property: p, Kind: Of(p.Type, out bool nullable), Nullable: nullable)).ToList();
        if (properties.FirstOrDefault(p => p.Kind is null).Property is { } strange)
            return new(home, "", family.Name, full, "", "",
                FaultAt(strange, "NDL003", $"the type {strange.Type} of {type.Name}'s setting {strange.Name} cannot be kept in a file; {Allowed}"));
        var settings = properties.Select(p => new Setting(Camel(p.Property.Name), p.Property.Name, p.Kind!, p.Nullable, "", null)).ToList();

        string entry = Entry(home, full, NamesOf(type, registered, Named(attribute, "ByClassName") is true), parameters, settings, required);
        string offer = isHome && IsPartial(family) ? OfferOf(home, type, constructor, (int)(Named(attribute, "Offers") ?? 0)) : "";
        return new(home, family.ContainingNamespace.ToDisplayString(), family.Name, full, entry, offer, null);
    }

    /// <summary>Whether files keep the objects of a class by what is generated: those of the library, and those that are marked.</summary>
    public static bool IsKept(INamedTypeSymbol type) =>
        !type.IsAbstract && FamilyOf(type.BaseType) is { } family && Attribute(type, "RegisteredByHandAttribute") is null
        && (Attribute(type, "RegisteredAttribute") is not null
            || SymbolEqualityComparer.Default.Equals(family.ContainingAssembly, type.ContainingAssembly) && IsAccessible(type, Accessibility.Public));

    // A mark that would do nothing.
    private static ConfiguredType Lost(INamedTypeSymbol type) => new("", "", "", Full(type), "", "",
        FaultAt(type, "NDL006", type.IsAbstract ? $"{type.Name} is abstract: mark the classes that derive from it"
            : $"{type.Name} is of no kind that files hold: layers, operations, losses, metrics, optimizers and the like are registered"));

    /// <summary>Whether a class derives from Op.</summary>
    public static bool IsOperation(INamedTypeSymbol type) =>
        type.BaseType is { } up && (up is { Name: "Op" } && up.ContainingNamespace.ToDisplayString() == "NativeDL" || IsOperation(up));

    private static (Setting?, Fault?) SettingOf(INamedTypeSymbol type, IParameterSymbol parameter)
    {
        string name = Pascal(parameter.Name);
        var property = Properties(type).FirstOrDefault(p => p.Name == name && p.GetMethod is { DeclaredAccessibility: Accessibility.Public });
        var kind = Of(parameter.Type, out bool nullable);
        if (kind is null) return (null,
            FaultAt(parameter, "NDL003", $"the type {parameter.Type} of {type.Name}'s parameter {parameter.Name} cannot be kept in a file; {Allowed}"));
        if (property is null) return (null, FaultAt(parameter, "NDL002",
            $"{type.Name} needs a public property {name} that gives its constructor's {parameter.Name} back: its configuration is its constructor"));
        if (Of(property.Type, out _) is not { } given || !given.Fits(kind))
            return (null, FaultAt(property, "NDL002",
                $"{type.Name}.{name} is a {property.Type}, from which the constructor's {parameter.Type} {parameter.Name} cannot be read again"));
        string? former = Attribute(parameter, "FormerlyAttribute")?.ConstructorArguments[0].Value as string;
        return (new(parameter.Name, name, kind, nullable, parameter.IsOptional ? Default(parameter) : null, former), null);
    }

    private static string Entry(string family, string type, List<string> names, List<Setting> parameters, List<Setting> properties, int required)
    {
        var text = new StringBuilder("        global::NativeDL.Registry.Add<").Append(family).Append(", ").Append(type).Append(">(").Append(Literal(names[0]))
            .Append(",\n            static (thing, settings) =>\n            {\n");
        foreach (var s in parameters.Concat(properties))
            text.Append("                settings.").Append(s.Kind.Set).Append('(').Append(Literal(s.Name)).Append(", thing.").Append(s.Property)
                .Append(");\n");
        text.Append("            },\n            static settings =>\n            {\n");
        foreach (var s in parameters.Where(s => s.Former is not null))
            text.Append("                settings.Rename(").Append(Literal(s.Former!)).Append(", ").Append(Literal(s.Name)).Append(");\n");
        text.Append("                var thing = new ").Append(type).Append('(').Append(string.Join(", ", parameters.Select(s => $"{s.Name}: {Reading(s)}")))
            .Append(");\n");
        foreach (var s in properties)
            text.Append("                if (settings.Has(").Append(Literal(s.Name)).Append(")) thing.").Append(s.Property).Append(" = ")
                .Append(Reading(s with { Default = null })).Append(";\n");
        text.Append("                return thing;\n            },\n            [").Append(string.Join(", ", names.Skip(1).Select(Literal))).Append("], ")
            .Append(required)
            .Append(", static thing => new ").Append(type).Append('(').Append(string.Join(", ",
                parameters.Where(s => s.Default is null).Select(s => $"{s.Name}: {Kept(s)}"))).Append("), ").Append(properties.Count).Append(");\n");
        return text.ToString();
    }

    // A required setting of the given object; it may have another form there than the constructor takes.
    private static string Kept(Setting s) => s.Kind.Get switch
    {
        "Ints" or "Longs" or "Numbers" or "Texts" => $"[.. thing.{s.Property}]",
        _ when s.Kind.Set.StartsWith("SetObjects") => "[]", // an object that is part of another stays there
        _ => $"thing.{s.Property}",
    };

    private static string Reading(Setting s)
    {
        string name = Literal(s.Name);
        string read = s.Kind.Cast == "!" ? $"settings.{s.Kind.Get}({name})!" : $"{s.Kind.Cast}settings.{s.Kind.Get}({name})";
        // Both convert from things that may be null themselves, which would be taken for the null of no value.
        string none = s.Kind.Get is "Padding" or "Size2D" or "Size3D" ? $"(global::NativeDL.{s.Kind.Get}?)null" : "null";
        if (s.Nullable && !s.Kind.IsReference) read = $"settings.IsNull({name}) ? {none} : {read}";
        return s.Default is { } otherwise ? $"settings.Has({name}) ? {(read.Contains(" ? ") ? $"({read})" : read)} : {otherwise}" : read;
    }

    private static List<string> NamesOf(INamedTypeSymbol type, AttributeData? registered, bool byClassName)
    {
        var names = new List<string>();
        if (registered is not null)
        {
            names.Add((string)registered.ConstructorArguments[0].Value!);
            names.AddRange(registered.ConstructorArguments[1].Values.Select(v => (string)v.Value!));
        }
        // The library's own are known by their class names too, as in Keras' files.
        if (registered is null || SymbolEqualityComparer.Default.Equals(FamilyOf(type)!.ContainingAssembly, type.ContainingAssembly))
        {
            if (registered is null && !byClassName) names.Add(Snake(type.Name));
            names.Add(type.Name);
        }
        return names.Distinct(System.StringComparer.OrdinalIgnoreCase).ToList();
    }

    private static string OfferOf(string family, INamedTypeSymbol type, IMethodSymbol constructor, int offers)
    {
        string full = Full(type), doc = $"    /// <inheritdoc cref=\"{full}\"/>\n    public static {family} {type.Name}";
        if (offers == 2) return constructor.Parameters.All(p => p.IsOptional) ? $"{doc} {{ get; }} = new {full}();\n" : "";
        if (offers != 1) return "";
        string list = string.Join(", ", constructor.Parameters.Select(p =>
            $"{(p.IsParams ? "params " : "")}{p.Type.ToDisplayString(WithNullable)} {p.Name}{(p.IsOptional ? $" = {Default(p)}" : "")}"));
        return $"{doc}({list}) => new {full}({string.Join(", ", constructor.Parameters.Select(p => p.Name))});\n";
    }

    private static IEnumerable<IPropertySymbol> Properties(INamedTypeSymbol type)
    {
        for (var t = type; t is not null; t = t.BaseType)
            foreach (var property in t.GetMembers().OfType<IPropertySymbol>().Where(p => !p.IsStatic)) yield return property;
    }

    private static IEnumerable<IPropertySymbol> MarkedProperties(INamedTypeSymbol type) =>
        Properties(type).Where(p => Attribute(p, "SettingAttribute") is not null);

    private static object? Named(AttributeData attribute, string name) => attribute.NamedArguments.FirstOrDefault(a => a.Key == name).Value.Value;

    private static readonly SymbolDisplayFormat WithNullable =
        SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);
}
