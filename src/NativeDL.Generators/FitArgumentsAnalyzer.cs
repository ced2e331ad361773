using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace NativeDL.Generators;

/// <summary>
/// Warns of epochs and batch size by position: Keras takes the batch size first, and a program that was written with that in
/// mind, <c>Fit(x, y, 32, 10)</c>, trains 32 epochs of batch 10.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FitArgumentsAnalyzer : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor Rule = new("NDL001", "Epochs and batch size by position",
        "Name the argument: '{0}: {1}'; Keras takes the batch size first, {2} the epochs", "NativeDL", DiagnosticSeverity.Warning, isEnabledByDefault: true,
        description: "Whole numbers for epochs and batch size are easily swapped, and both orders train.");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(static found =>
        {
            var call = (IInvocationOperation)found.Operation;
            if (call.TargetMethod.Name is not ("Fit" or "FitAsync") || call.TargetMethod.ContainingType.ToDisplayString() != "NativeDL.Model") return;
            foreach (var argument in call.Arguments)
                if (argument is { ArgumentKind: ArgumentKind.Explicit, Parameter.Name: "epochs" or "batchSize",
                    Syntax: ArgumentSyntax { NameColon: null } given }
                    && !string.Equals(Last(given.Expression), argument.Parameter.Name, System.StringComparison.OrdinalIgnoreCase))
                    found.ReportDiagnostic(Diagnostic.Create(Rule, given.GetLocation(), argument.Parameter.Name, given.Expression, call.TargetMethod.Name));
        }, OperationKind.Invocation);
    }

    // A variable of the parameter's name says as much as naming it.
    private static string? Last(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax member => member.Name.Identifier.ValueText,
        _ => null,
    };
}
