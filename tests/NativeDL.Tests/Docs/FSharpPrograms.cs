using System.Globalization;
using FSharp.Compiler.CodeAnalysis;
using FSharp.Compiler.Diagnostics;
using Microsoft.FSharp.Control;

namespace NativeDL.Tests;

/// <summary>Compiles F# programs that stand in documents and tests as text. A compilation takes seconds: snippets are checked together.</summary>
internal static class FSharpPrograms
{
    private static readonly Lazy<FSharpChecker> Checker =
        new(() => FSharpChecker.Create(null, null, null, null, null, null, null, null, null, null, null, null, null, null));

    /// <summary>The errors of each snippet, such as <c>FS0001: This expression was expected to have type …</c>.</summary>
    /// <param name="given">What stands above all of them.</param>
    /// <param name="snippets">Statements, each the body of a function of its own.</param>
    public static IReadOnlyList<IReadOnlyList<string>> Errors(string given, IReadOnlyList<string> snippets)
    {
        var lines = new List<string>(("module Snippets\n" + given).TrimEnd().Split('\n'));
        int first = lines.Count;
        var ends = new List<int>();
        for (int i = 0; i < snippets.Count; i++)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"let snippet{i} () ="));
            lines.AddRange(snippets[i].TrimEnd().Split('\n').Select(l => "    " + l));
            lines.Add("    ()");
            ends.Add(lines.Count);
        }
        var errors = Compile(string.Join('\n', lines), "--typecheckonly", "--target:library").Said.Where(d => d.Severity.IsError).ToList();
        Assert.DoesNotContain(errors, d => d.StartLine <= first);
        return [.. ends.Select((end, i) => (IReadOnlyList<string>)[.. errors.Where(d => d.StartLine <= end && d.StartLine > (i == 0 ? first : ends[i - 1]))
            .Select(d => $"{d.ErrorNumberText}: {d.Message}")])];
    }

    /// <summary>A compiled library; what the compiler refuses fails the test.</summary>
    public static byte[] Library(string code) => Compiled(code, "--target:library");

    /// <summary>A compiled program.</summary>
    public static byte[] Program(string code) => Compiled(code, "--target:exe");

    private static byte[] Compiled(string code, string target)
    {
        var (image, said) = Compile(code, target);
        Assert.True(image is not null, string.Join('\n', said.Where(d => d.Severity.IsError)));
        return image!;
    }

    private static (byte[]? Image, FSharpDiagnostic[] Said) Compile(string code, params string[] options)
    {
        using var folder = new TemporaryFolder();
        string source = folder.File("program.fs"), image = folder.File(options.Contains("--target:exe") ? "main.dll" : "library.dll");
        File.WriteAllText(source, code);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => "-r:" + path);
        string[] arguments = ["fsc", "--noframework", "--targetprofile:netcore", "--simpleresolution", "--nologo", "--optimize-", "--deterministic",
            "--nowin32manifest", .. options, "-o:" + image, .. references, source];
        var (said, _) = FSharpAsync.RunSynchronously(Checker.Value.Compile(arguments, null), null, null);
        return (File.Exists(image) ? File.ReadAllBytes(image) : null, said);
    }
}
