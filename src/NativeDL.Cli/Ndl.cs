using System.CommandLine;
using System.CommandLine.Parsing;
using NativeDL.Cli.Commands;
using NativeDL.Recipes;

namespace NativeDL.Cli;

/// <summary>The program <c>ndl</c>: reads the command line, runs a command, and turns every error into one clear message.</summary>
internal static class Ndl
{
    public const int Success = 0, Failure = 1, Usage = 2, Stopped = 130;

    /// <summary>Runs the program.</summary>
    /// <returns>0; 1 after an error; 2 when the command line is wrong; 130 when stopped from outside.</returns>
    public static int Run(string[] arguments, Terminal terminal, CancellationToken stop = default)
    {
        var verbose = new Option<bool>("--verbose") { Description = "Show the stack trace of an error.", Recursive = true };
        var root = new RootCommand("NativeDL: trains, evaluates and describes neural networks.")
        {
            TrainCommand.Create(terminal, stop), EvaluateCommand.Create(terminal, stop), SummaryCommand.Create(terminal),
            DatasetsCommand.Create(terminal), DoctorCommand.Create(terminal), verbose,
        };
        var parsed = root.Parse(arguments);
        // An unknown option would pass for a recipe's or file's name; after "--" it is one.
        List<string> errors = [.. parsed.Tokens.TakeWhile(t => t.Type != TokenType.DoubleDash).Where(t => t.Type == TokenType.Argument && IsOption(t.Value))
            .Select(t => $"there is no option {t.Value}.")];
        if (errors.Count == 0 && parsed.CommandResult.Command == root && parsed.Errors.Count > 0)
        {
            string wrong = parsed.UnmatchedTokens.Count > 0 ? $"there is no command '{parsed.UnmatchedTokens[0]}'" : "say what to do";
            errors.Add($"{wrong}. Expected one of {string.Join(", ", root.Subcommands.Select(c => c.Name))}.");
        }
        if (errors.Count == 0) errors.AddRange(parsed.Errors.Select(e => e.Message));
        if (errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction)
        {
            foreach (string error in errors) terminal.Error.WriteLine($"ndl: {error}");
            string command = string.Join(' ', new[] { "ndl", parsed.CommandResult.Command.Name }.Distinct());
            terminal.Error.WriteLine($"Hint: {command} --help shows what can be asked for.");
            return Usage;
        }
        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false });
        }
        catch (UsageException error)
        {
            return Tell(error, Usage);
        }
        catch (OperationCanceledException error) when (stop.IsCancellationRequested)
        {
            terminal.Error.WriteLine(error is TrainingStoppedException stopped
                ? $"Stopped in epoch {stopped.Epoch} after step {stopped.Step}. The checkpoint is {stopped.Checkpoint}\n"
                    + $"To go on: ndl train --resume {Path.GetDirectoryName(stopped.Checkpoint)}"
                : "Stopped before training began; nothing was saved.");
            return Stopped;
        }
        catch (Exception error)
        {
            return Tell(error, Failure);
        }

        // "-1" is a number.
        static bool IsOption(string text) => text is ['-', var second, ..] && !char.IsAsciiDigit(second);

        int Tell(Exception error, int code)
        {
            // What nobody expected is told by its kind too.
            bool isKnown = error is NativeDLException or UsageException or IOException or UnauthorizedAccessException or NotSupportedException;
            string told = isKnown ? error.Message : $"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")} Hint: --verbose shows where.";
            terminal.Error.WriteLine($"ndl: {(parsed.GetValue(verbose) ? error : told)}");
            return code;
        }
    }
}

/// <summary>What was asked for makes no sense, although it could be read.</summary>
/// <param name="message">What, and what would.</param>
internal sealed class UsageException(string message) : Exception(message);
