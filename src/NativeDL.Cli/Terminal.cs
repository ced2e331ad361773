using Spectre.Console;

namespace NativeDL.Cli;

/// <summary>
/// Where the program writes. Results go to <see cref="Out"/>; progress, messages and errors to <see cref="Error"/>,
/// so that a script can read the one and a person the other.
/// </summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Live">A terminal that can be drawn on, or null when lines must do.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, IAnsiConsole? Live = null)
{
    /// <summary>The console; drawn on only where a person looks at it.</summary>
    public static Terminal OfThisProcess()
    {
        bool watched = !Console.IsErrorRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"))
            && Environment.GetEnvironmentVariable("TERM") != "dumb";
        var live = watched ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }) : null;
        return new Terminal(Console.Out, Console.Error, live is { Profile.Capabilities.Interactive: true, Profile.Capabilities.Ansi: true } ? live : null);
    }
}
