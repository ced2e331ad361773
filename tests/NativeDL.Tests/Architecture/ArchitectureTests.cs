using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace NativeDL.Tests;

[Trait("needs", "repository")]
public partial class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["NativeDL.Interop"] = [],
        ["NativeDL.Core"] = ["NativeDL.Interop"],
        ["NativeDL"] = ["NativeDL.Core"],
        ["NativeDL.Recipes"] = ["NativeDL", "NativeDL.Core"],
        ["NativeDL.FSharp"] = ["NativeDL", "NativeDL.Core"],
        ["ndl"] = ["NativeDL.Recipes", "NativeDL", "NativeDL.Core"],
    };

    [Fact]
    public void Arrows_between_assemblies_point_down_only()
    {
        Assert.Contains(Assembly.Load("NativeDL").GetReferencedAssemblies(), a => a.Name == "NativeDL.Core"); // so the names are those that are looked for
        foreach (var (name, below) in Allowed)
            Assert.All(Assembly.Load(name).GetReferencedAssemblies().Select(a => a.Name!).Where(Allowed.ContainsKey), referenced =>
                Assert.Contains(referenced, below));
    }

    [Fact]
    public void Native_imports_stand_in_Interop_only()
    {
        string[] with = [.. Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && NativeImport().IsMatch(File.ReadAllText(file)))];
        Assert.NotEmpty(with);
        Assert.All(with, file => Assert.Contains("NativeDL.Interop", file, StringComparison.Ordinal));
    }

    [Fact]
    public void The_top_folder_holds_what_the_design_names()
    {
        string[] known = ["src", "native", "tests", "bench", "artifacts", "runs", "BenchmarkDotNet.Artifacts", ".git", ".config", ".ci", ".vs", ".idea"];
        Assert.All(Directory.GetDirectories(Root()).Select(d => Path.GetFileName(d)), folder => Assert.Contains(folder, known));
    }

    internal static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "NativeDL.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("the tests run outside of the repository");
    }

    [GeneratedRegex(@"\[(Library|Dll)Import")]
    private static partial Regex NativeImport();
}
