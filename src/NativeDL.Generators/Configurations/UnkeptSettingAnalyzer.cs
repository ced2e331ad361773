using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using static NativeDL.Generators.SettingKinds;

namespace NativeDL.Generators;

/// <summary>
/// Warns of a property that can be set on an object that files keep, and that no file keeps: it would be lost between Save and Load
/// without a word.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnkeptSettingAnalyzer : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor Rule = new("NDL008", "A setting that is not kept",
        "'{0}.{1}' can be set, and files do not keep it: {2}", "NativeDL", DiagnosticSeverity.Warning, isEnabledByDefault: true,
        description: "What is registered is written to files by its constructor's parameters and by the properties that are marked as settings. What is no configuration needs no public setter.");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(static found => Look((INamedTypeSymbol)found.Symbol, found), SymbolKind.NamedType);
    }

    private static void Look(INamedTypeSymbol type, SymbolAnalysisContext found)
    {
        if (type.IsAbstract) return;
        bool isOperation = ConfiguredTypeReader.IsOperation(type);
        if (!isOperation && !ConfiguredTypeReader.IsKept(type)) return;
        if (isOperation && Attribute(type, "RegisteredAttribute") is null) return;
        // What comes from elsewhere was looked at there, and what is registered by hand keeps its own by hand.
        for (var t = type; t is not null && SymbolEqualityComparer.Default.Equals(t.ContainingAssembly, type.ContainingAssembly); t = t.BaseType)
        {
            if (Attribute(t, "FamilyAttribute") is not null || Attribute(t, "RegisteredByHandAttribute") is not null) return;
            foreach (var property in t.GetMembers().OfType<IPropertySymbol>().Where(p => IsSetFromOutside(p) && Attribute(p, "SettingAttribute") is null))
            {
                if (type.InstanceConstructors.Any(c => c.Parameters.Any(p => string.Equals(p.Name, property.Name, System.StringComparison.OrdinalIgnoreCase))))
                    continue;
                string way = isOperation ? "an operation is kept by its constructor's parameters, make it one of them"
                    : property.SetMethod!.IsInitOnly ? "make it a parameter of the constructor, or give it 'set' for 'init' and mark it [Setting]"
                    : "mark it [Setting], or make it a parameter of the constructor";
                found.ReportDiagnostic(Diagnostic.Create(Rule, property.Locations.FirstOrDefault() ?? type.Locations[0], t.Name, property.Name, way));
            }
        }
    }

    private static bool IsSetFromOutside(IPropertySymbol property) =>
        !property.IsStatic && !property.IsIndexer && property.DeclaredAccessibility == Accessibility.Public
            && property.SetMethod is { DeclaredAccessibility: Accessibility.Public };
}
