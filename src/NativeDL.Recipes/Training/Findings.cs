using static System.FormattableString;

namespace NativeDL.Recipes;

/// <summary>What a trained model showed on the test data: numbers, and what else a report can tell.</summary>
public class Findings
{
    /// <summary>The numbers.</summary>
    /// <param name="measured">Names and values, the loss first.</param>
    public Findings(Logs measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        Measured = measured;
    }

    /// <summary>Names and values, the loss first, as <c>Evaluate</c> gives them.</summary>
    public Logs Measured { get; }

    /// <summary>The numbers that a report shows above everything else, the most telling one first.</summary>
    public virtual IReadOnlyList<ReportFact> Facts =>
        [.. Measured.Reverse().Select(m => new ReportFact(Invariant($"{m.Value:G4}"), $"test {m.Key.Replace('_', ' ')}"))];

    /// <summary>What a report tells besides.</summary>
    /// <param name="recipe">What was trained.</param>
    /// <param name="test">The test data.</param>
    public virtual IEnumerable<ReportSection> Sections(Recipe recipe, Dataset test) => [];

    /// <summary>The numbers in one line: <c>test loss 0.0213, mean_absolute_error 0.1041</c>.</summary>
    public override string ToString() => Invariant($"test {Measured:0.0000}");
}

/// <summary>A number at the top of a report.</summary>
/// <param name="Value">The number, as it is shown.</param>
/// <param name="Name">What it is.</param>
public sealed record ReportFact(string Value, string Name);

/// <summary>A section of a report.</summary>
/// <param name="Title">The heading.</param>
/// <param name="About">A line under it; may be empty.</param>
/// <param name="Html">What stands in it, in HTML; text in it must be encoded.</param>
/// <param name="IsWide">Whether it takes the page's whole width.</param>
public sealed record ReportSection(string Title, string About, string Html, bool IsWide = false);
