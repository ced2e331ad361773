using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NativeDL.Tests;

/// <summary>The README's programs compile, and those marked so run, as they stand there.</summary>
[Collection(nameof(Alone))]
[Trait("needs", "repository")]
public partial class ReadmeTests
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    public static TheoryData<string> Programs => new(Blocks().Select(b => b.Groups["name"].Value));

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_program_of_the_README_works(string name)
    {
        var block = Blocks().Single(b => b.Groups["name"].Value == name);
        var assembly = Compile(block.Groups["code"].Value);
        if (block.Groups["what"].Value == "compile") return;
        var before = Console.Out;
        var random = RandomState.Default.State;
        using var output = new StringWriter();
        Console.SetOut(output);
        try
        {
            assembly.EntryPoint!.Invoke(null, [Array.Empty<string>()]);
        }
        finally
        {
            Console.SetOut(before);
            RandomState.Default.State = random;
        }
        Assert.NotEmpty(output.ToString());
    }

    [Fact]
    public void Every_program_of_the_README_is_tested()
    {
        string text = File.ReadAllText(Path.Combine(ArchitectureTests.Root(), "README.md"));
        Assert.Equal(Regex.Count(text, "^```csharp", RegexOptions.Multiline), Blocks().Count);
        Assert.NotEmpty(Blocks());
    }

    private static MatchCollection Blocks() => Block().Matches(File.ReadAllText(Path.Combine(ArchitectureTests.Root(), "README.md")));

    private static Assembly Compile(string code)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create("readme", [CSharpSyntaxTree.ParseText(ImplicitUsings, options), CSharpSyntaxTree.ParseText(code, options)], references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        return Assembly.Load(image.ToArray());
    }

    [GeneratedRegex(@"<!-- (?<what>run|compile): (?<name>[\w-]+) -->\r?\n```csharp\r?\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
