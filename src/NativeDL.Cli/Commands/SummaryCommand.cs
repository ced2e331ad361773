using System.CommandLine;
using NativeDL.Recipes;

namespace NativeDL.Cli.Commands;

/// <summary><c>ndl summary</c>: the layers, shapes and parameter counts of a recipe's network or of a saved model.</summary>
internal static class SummaryCommand
{
    public static Command Create(Terminal terminal)
    {
        var what = new Argument<string>("model") { Description =
            $"A recipe ({string.Join(", ", Recipe.All.Select(r => r.Name))}), a run's folder, or a .ndl file." };
        var command = new Command("summary", "Shows the layers of a network.") { what };
        command.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(what);
            terminal.Out.Write((Recipe.All.FirstOrDefault(r => r.Name == name)?.Prepare(steps: 1) ?? Saved(name, terminal)).Summary());
            return Ndl.Success;
        });
        return command;
    }

    private static Model Saved(string name, Terminal terminal)
    {
        if (!File.Exists(name) && !Directory.Exists(name))
            throw new UsageException($"summary: '{name}' is neither a file, nor a folder, nor a recipe. The recipes are {string.Join(", ", Recipe.All.Select(r => r.Name))}.");
        return Model.Load(EvaluateCommand.ModelPath(name, terminal), compile: false);
    }
}
