using System.Text;

namespace NativeDL.Interop;

/// <summary>One place where a native library was looked for.</summary>
/// <param name="Source">Which step of the probe order this was.</param>
/// <param name="Candidate">The path or name that was tried.</param>
/// <param name="Loaded">Whether this candidate is now in use.</param>
/// <param name="Reason">What was found, or why not, in the operating system's own words.</param>
internal sealed record ProbeAttempt(string Source, string Candidate, bool Loaded, string Reason);

/// <summary>What a search for a native library found, and every place where it failed.</summary>
/// <param name="Library">The library's name for people.</param>
/// <param name="Attempts">Every attempt, in the order they were made; the last one may have succeeded.</param>
internal sealed record ProbeReport(string Library, IReadOnlyList<ProbeAttempt> Attempts)
{
    /// <summary>The attempt that succeeded, or null.</summary>
    internal ProbeAttempt? Found => Attempts.FirstOrDefault(a => a.Loaded);

    /// <summary>The report as lines for <c>ndl doctor</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(Library).Append(": ").Append(Found is { } found ? found.Candidate : "not found");
        foreach (var attempt in Attempts)
        {
            text.Append('\n').Append("  ").Append(attempt.Loaded ? "+ " : "- ")
                .Append(attempt.Source).Append(": ").Append(attempt.Candidate)
                .Append(" (").Append(attempt.Reason).Append(')');
        }

        return text.ToString();
    }
}
