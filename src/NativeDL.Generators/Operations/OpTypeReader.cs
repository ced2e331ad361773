using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static NativeDL.Generators.SettingKinds;
using static NativeDL.Generators.Symbols;

namespace NativeDL.Generators;

/// <summary>Reads an operation: its names, its constructor, its attributes.</summary>
internal static class OpTypeReader
{
    /// <summary>What is generated for the type, or null where it is no operation, or none for files.</summary>
    public static OpType? Read(INamedTypeSymbol type)
    {
        var function = FunctionOf(type);
        if (function is null && HomeOf(type) is null || type.GetMembers("WhyNotInFiles").Length > 0) return null;
        var registered = Attribute(type, "RegisteredAttribute");
        bool isBuiltIn = function is not null || SymbolEqualityComparer.Default.Equals(HomeOf(type), type.ContainingAssembly);
        if (registered is null && (!isBuiltIn || type.IsAbstract || type.IsGenericType)) return null;
        string full = Full(type);
        if (Unfit(type) is { } unfit) return new(full, isBuiltIn, "", "", unfit);

        if (UndottedName(type, registered) is { } bare)
            return new(full, isBuiltIn, "", "", FaultAt(type, "NDL005",
                $"the name '{bare}' of {type.Name} could be one of the library's, now or in its next version: give it a dot, such as 'my.{bare}'"));
        var (parameters, wrong) = BestConstructor(type);
        if (parameters is null) return new(full, isBuiltIn, "", "", wrong);
        bool isWritten = type.GetMembers("Attributes").OfType<IPropertySymbol>().Any(p => p.IsOverride);
        if (parameters.Count > 0 && !isWritten && !IsPartial(type))
            return new(full, isBuiltIn, "", "", FaultAt(type, "NDL007", $"{type.Name} must be partial: its attributes are written into another part of it"));
        string arguments = string.Join(", ", parameters.Select(p => $"{p.Name}: {p.Read}"));
        string made = function is { } f ? parameters.Count == 0 ? $"global::NativeDL.{f}<{full}>.Instance"
            : $"new global::NativeDL.{f}<{full}>(new {full}({arguments}))"
            : parameters.Count == 0 && type.GetMembers("Instance").OfType<IFieldSymbol>().Any(i => i.IsStatic) ? $"{full}.Instance"
                : $"new {full}({arguments})";
        return new(full, isBuiltIn, parameters.Count == 0 || isWritten ? "" : Part(type, parameters, function),
            Entry(type, full, function, made, registered, isBuiltIn), null);
    }

    private static string Entry(INamedTypeSymbol type, string full, string? function, string made, AttributeData? registered, bool isBuiltIn)
    {
        if (!isBuiltIn)
        {
            var names = new[] { (string)registered!.ConstructorArguments[0].Value! }.Concat(registered.ConstructorArguments[1].Values.Select(v =>
                (string)v.Value!));
            return $"        global::NativeDL.Op.Register<{full}>({Literal(names.First())}, static a => {made}{string.Concat(names.Skip(1).Select(n => $", {Literal(n)}"))});\n";
        }
        string kind = function is null ? full : $"global::NativeDL.{function}<{full}>";
        return string.Concat((function is null ? NamesOf(type).Select(Literal) : [$"{full}.Name"])
            .Select(name => $"        Enter<{kind}>(table, {name}, static a => {made});\n"));
    }

    // What an operation calls itself: the texts in its Name, of which its attributes choose one, or its class's name.
    private static IReadOnlyList<string> NamesOf(INamedTypeSymbol type)
    {
        for (var t = type; t is not null; t = t.BaseType)
            if (t.GetMembers("Name").OfType<IPropertySymbol>().FirstOrDefault() is { IsOverride: true } property
                && property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } syntax)
                return [.. syntax.DescendantTokens().Where(k => k.IsKind(SyntaxKind.StringLiteralToken)).Select(k => k.ValueText)];
        return [Snake(type.Name.EndsWith("Op", System.StringComparison.Ordinal) ? type.Name.Substring(0, type.Name.Length - 2) : type.Name)];
    }

    private static string Part(INamedTypeSymbol type, List<OpParameter> parameters, string? function)
    {
        var text = new StringBuilder();
        if (!type.ContainingNamespace.IsGlobalNamespace) text.Append("namespace ").Append(type.ContainingNamespace.ToDisplayString()).Append("\n{\n");
        var around = new Stack<INamedTypeSymbol>();
        for (var t = type; t is not null; t = t.ContainingType) around.Push(t);
        foreach (var t in around) text.Append("partial ").Append(t.IsRecord ? "record " : "").Append(t.TypeKind == TypeKind.Struct ? "struct " : "class ")
            .Append(t.Name).Append("\n{\n");
        if (function is not null) text.Append("    public global::System.ReadOnlySpan<double> Numbers => new double[] { ")
            .Append(string.Join(", ", parameters.Select(p => p.Value))).Append(" };\n\n");
        text.Append("    /// <inheritdoc/>\n    public ").Append(function is null ? "override " : "")
            .Append("global::NativeDL.OpAttributes Attributes => global::NativeDL.OpAttributes.None")
            .Append(string.Concat(parameters.Select(p => p.Write))).Append(";\n");
        foreach (var _ in around) text.Append("}\n");
        if (!type.ContainingNamespace.IsGlobalNamespace) text.Append("}\n");
        return text.ToString();
    }

    // The constructor that takes most of what can be kept.
    private static (List<OpParameter>?, Fault?) BestConstructor(INamedTypeSymbol type)
    {
        var wrong = default(Fault);
        foreach (var constructor in Callable(type).OrderByDescending(c => c.Parameters.Length))
        {
            var parameters = new List<OpParameter>();
            foreach (var p in constructor.Parameters)
            {
                string? value = ValueOf(type, constructor, p);
                var kept = OpParameter.Of(p, value ?? "");
                if (kept is not null && value is not null) parameters.Add(kept);
                else wrong ??= kept is null
                    ? FaultAt(p, "NDL003", $"the type {p.Type} of {type.Name}'s parameter {p.Name} cannot be an attribute: numbers, truth values, texts, enumerations, lists of numbers, Shape, Size2D and Padding can")
                    : FaultAt(p, "NDL002", $"{type.Name} needs a field or property {Pascal(p.Name)} that gives its constructor's {p.Name} back, or a primary constructor: its attributes are its constructor's parameters");
            }
            if (parameters.Count == constructor.Parameters.Length) return (parameters, null);
        }
        return (null, wrong ?? FaultAt(type, "NDL004", $"{type.Name} has no constructor that can be called to make it again"));
    }

    // Where an object keeps a parameter: in a member of that name, or, of a primary constructor, in the parameter itself.
    private static string? ValueOf(INamedTypeSymbol type, IMethodSymbol constructor, IParameterSymbol parameter)
    {
        for (var t = type; t is not null; t = t.BaseType)
            foreach (var member in t.GetMembers()
                .Where(m => !m.IsStatic && m.CanBeReferencedByName && string.Equals(m.Name, parameter.Name, System.StringComparison.OrdinalIgnoreCase)))
                if ((SymbolEqualityComparer.Default.Equals(t, type) || member.DeclaredAccessibility != Accessibility.Private)
                    && (member is IFieldSymbol field ? field.Type : (member as IPropertySymbol)?.Type) is { } given
                        && SymbolEqualityComparer.Default.Equals(given, parameter.Type)) return $"this.{member.Name}";
        return constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is TypeDeclarationSyntax ? parameter.Name : null;
    }

    private static Fault? Unfit(INamedTypeSymbol type)
    {
        if (type.IsAbstract) return FaultAt(type, "NDL004", $"{type.Name} is abstract: mark the classes that derive from it");
        if (type.IsGenericType)
            return FaultAt(type, "NDL004", $"{type.Name} is generic: a file cannot say of what; derive a class that is not, and register that");
        if (!IsAccessible(type, Accessibility.Internal))
            return FaultAt(type, "NDL004", $"{type.Name} cannot be reached from elsewhere in its assembly; make it internal or public to register it");
        for (var t = type.ContainingType; t is not null; t = t.ContainingType)
            if (!IsPartial(t)) return FaultAt(type, "NDL007", $"{type.Name} stands inside of {t.Name}, which must be partial; or put it outside");
        return null;
    }

    private static IEnumerable<IMethodSymbol> Callable(INamedTypeSymbol type) => type.InstanceConstructors
        .Where(c => c.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal);

    // The assembly of the class Op, for what derives from it.
    private static IAssemblySymbol? HomeOf(INamedTypeSymbol type)
    {
        for (var t = type.BaseType; t is not null; t = t.BaseType)
            if (t is { Name: "Op", IsAbstract: true } && t.ContainingNamespace.ToDisplayString() == "NativeDL") return t.ContainingAssembly;
        return null;
    }

    // The generic operation of an elementwise function.
    private static string? FunctionOf(INamedTypeSymbol type) => type.TypeKind != TypeKind.Struct || type.IsGenericType ? null
        : type.AllInterfaces.Where(i => i.ContainingNamespace.ToDisplayString() == "NativeDL"
            && SymbolEqualityComparer.Default.Equals(i.ContainingAssembly, type.ContainingAssembly)).Select(i => i.Name switch
        {
            "IUnary" => "UnaryOp",
            "IBinary" => "BinaryOp",
            "IComparison" => "ComparisonOp",
            _ => null,
        }).FirstOrDefault(n => n is not null);
}
