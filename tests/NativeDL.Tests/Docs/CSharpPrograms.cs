using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NativeDL.Tests;

/// <summary>Compiles and runs C# programs that stand in documents and tests as text.</summary>
internal static class CSharpPrograms
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly Lazy<CSharpCompilation> Empty = new(() =>
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create("program", [Parse(ImplicitUsings)], references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
    });

    /// <summary>What the compiler refuses in a program of top-level statements.</summary>
    public static IReadOnlyList<Diagnostic> Errors(string code) => [.. With(code).GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error)];

    /// <summary>The compiled program; what the compiler refuses fails the test.</summary>
    /// <param name="code">Top-level statements.</param>
    /// <param name="library">The image of a library that the program uses.</param>
    public static Assembly Compile(string code, byte[]? library = null)
    {
        using var image = new MemoryStream();
        var result = With(code).AddReferences(library is null ? [] : [MetadataReference.CreateFromImage(library)]).Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        return Load(library is null ? [image.ToArray()] : [library, image.ToArray()]);
    }

    /// <summary>Images that refer to each other, loaded; the last one is given back.</summary>
    public static Assembly Load(params byte[][] images)
    {
        var context = new AssemblyLoadContext("programs");
        return Array.ConvertAll(images, image => context.LoadFromStream(new MemoryStream(image)))[^1];
    }

    /// <summary>Runs the program and gives back what it printed; the default random state stays as it was.</summary>
    public static string Run(Assembly program)
    {
        var before = Console.Out;
        var random = RandomState.Default.State;
        using var output = new StringWriter();
        Console.SetOut(output);
        try
        {
            var main = program.EntryPoint!;
            main.Invoke(null, main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]);
        }
        finally
        {
            Console.SetOut(before);
            RandomState.Default.State = random;
        }
        return output.ToString();
    }

    private static CSharpCompilation With(string code) => Empty.Value.AddSyntaxTrees(Parse(code));

    private static SyntaxTree Parse(string code) => CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.Preview));
}
