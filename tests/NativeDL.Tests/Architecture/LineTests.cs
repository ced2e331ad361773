namespace NativeDL.Tests;

[Trait("needs", "repository")]
public sealed class LineTests
{
    private const int Widest = 160;

    // A text is not broken for the sake of a column.
    private const int LongText = 70;

    [Fact]
    public void Lines_are_at_most_160_columns_wide_unless_a_long_text_stands_in_them()
    {
        List<string> wide = [];
        foreach (string file in Files())
        {
            bool isRaw = false;
            foreach (var (number, line) in File.ReadLines(file).Index())
            {
                bool wasRaw = isRaw;
                if (line.Split("\"\"\"").Length % 2 == 0) isRaw = !isRaw;
                if (line.Length > Widest && !wasRaw && !line.Contains("\"\"\"", StringComparison.Ordinal) && !HasLongText(line))
                    wide.Add($"{file}:{number + 1} has {line.Length}");
            }
        }
        Assert.Empty(wide);
    }

    [Fact]
    public void There_are_files_and_the_rule_can_fail()
    {
        Assert.True(Files().Count() > 300);
        Assert.True(HasLongText($"x = \"{new string('a', LongText)}\";"));
        Assert.False(HasLongText("Call(\"a\", b, \"c\", \"d\")" + new string(' ', 200)));
    }

    private static IEnumerable<string> Files()
    {
        string root = ArchitectureTests.Root(), separator = $"{Path.DirectorySeparatorChar}";
        string[] made = [$"{separator}obj{separator}", $"{separator}bin{separator}"];
        return new[] { "src", "native", "tests", "bench" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".fs" or ".cu" or ".cuh" or ".cpp" or ".h"
                && !made.Any(part => file.Contains(part, StringComparison.Ordinal)));
    }

    private static bool HasLongText(string line) =>
        line.Replace("\\\"", "'", StringComparison.Ordinal).Split('"').Where((_, i) => i % 2 == 1).Any(text => text.Length >= LongText);
}
