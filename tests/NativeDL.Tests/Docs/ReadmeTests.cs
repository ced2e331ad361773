using System.Text.RegularExpressions;

namespace NativeDL.Tests;

/// <summary>The README's programs compile, and those marked so run, as they stand there.</summary>
[Collection(nameof(Alone))]
[Trait("needs", "repository")]
public partial class ReadmeTests
{
    public static TheoryData<string> Programs => new(Blocks().Select(b => b.Groups["name"].Value));

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_program_of_the_README_works(string name)
    {
        var block = Blocks().Single(b => b.Groups["name"].Value == name);
        var assembly = CSharpPrograms.Compile(block.Groups["code"].Value);
        if (block.Groups["what"].Value == "compile") return;
        Assert.NotEmpty(CSharpPrograms.Run(assembly));
    }

    [Fact]
    public void Every_program_of_the_README_is_tested()
    {
        string text = File.ReadAllText(Path.Combine(ArchitectureTests.Root(), "README.md"));
        Assert.Equal(Regex.Count(text, "^```csharp", RegexOptions.Multiline), Blocks().Count);
        Assert.NotEmpty(Blocks());
    }

    private static MatchCollection Blocks() => Block().Matches(File.ReadAllText(Path.Combine(ArchitectureTests.Root(), "README.md")));

    [GeneratedRegex(@"<!-- (?<what>run|compile): (?<name>[\w-]+) -->\r?\n```csharp\r?\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
