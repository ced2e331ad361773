using System.CommandLine;
using System.Text.Json.Nodes;
using NativeDL.Recipes;

namespace NativeDL.Cli.Commands;

/// <summary><c>ndl train</c>: runs a recipe. The last line on standard output is a JSON object for programs.</summary>
internal static class TrainCommand
{
    public static Command Create(Terminal terminal, CancellationToken stop)
    {
        var recipe = new Argument<string?>("recipe") { Description = $"What to train: {string.Join(", ", Recipe.All.Select(r => r.Name))}.",
            Arity = ArgumentArity.ZeroOrOne };
        recipe.CompletionSources.Add(_ => Recipe.All.Select(r => new System.CommandLine.Completions.CompletionItem(r.Name)));
        var epochs = NumberOption.Count("--epochs", "Passes over the data, unless the recipe's own number will do.");
        var batch = NumberOption.Count("--batch-size", "Rows a step, unless the recipe's own number will do.");
        var seed = NumberOption.Seed("--seed", "Seeds weights, order and dropout; 1 by default. The same seed gives the same weights.");
        var folder = new Option<string?>("--out") { Description = "Folder for model, history and report; one below 'runs' by default." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Give up a run that is in the folder already." };
        var resume = new Option<string?>("--resume") { Description = "Folder of a stopped run to go on with." };
        var quiet = new Option<bool>("--quiet") { Description = "Nothing but the result and errors." };
        var device = DeviceOption.Create();
        var threads = DeviceOption.Threads();
        var command = new Command("train", "Trains a recipe; writes model, history and report into a folder.") { recipe, epochs, batch, seed, folder,
            overwrite, resume, device, threads, quiet };
        command.SetAction(parsed =>
        {
            string? stopped = parsed.GetValue(resume);
            var chosen = parsed.GetValue(recipe) is { } name ? Find(name) : null;
            if (stopped is null && chosen is null)
                throw new UsageException($"train: say which recipe, one of {string.Join(", ", Recipe.All.Select(r => r.Name))}.");
            if (stopped is not null && (chosen is not null
                || new Option[] { epochs, batch, seed, folder, overwrite }.Any(o => parsed.GetResult(o) is { Implicit: false })))
                throw new UsageException("train: --resume goes on with the recipe, epochs, batch size, seed and folder of the stopped run; leave them out.");
            DeviceOption.Apply(parsed.GetValue(threads));
            if (parsed.GetValue(folder) is { } made) Make(made);

            bool silent = parsed.GetValue(quiet);
            var result = TrainingProgress.Show(terminal, silent, progress =>
            {
                var options = new TrainingOptions
                {
                    Epochs = parsed.GetValue(epochs), BatchSize = parsed.GetValue(batch), Seed = parsed.GetValue(seed) ?? 1, Folder = parsed.GetValue(folder),
                        Overwrite = parsed.GetValue(overwrite),
                    Device = DeviceOption.Find(parsed.GetValue(device)), Callbacks = [progress], Announce = progress.Announce, Fetching = progress,
                };
                return stopped is null ? Trainer.Run(chosen!, options, stop) : Trainer.Resume(stopped, options, stop);
            });
            Print(result, terminal, silent);
            return Ndl.Success;
        });
        return command;
    }

    /// <summary>The recipe, or an error of usage that lists those there are.</summary>
    public static Recipe Find(string name) => Recipe.All.FirstOrDefault(r => r.Name == name)
        ?? throw new UsageException($"train: there is no recipe named '{name}'. Expected one of:\n{string.Join('\n', Recipe.All.Select(r => $"  {r.Name,-14}{r.Description}"))}");

    private static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--out: '{folder}' cannot be the run's folder: {error.Message}");
        }
    }

    private static void Print(TrainingResult result, Terminal terminal, bool quiet)
    {
        if (!quiet)
        {
            terminal.Error.WriteLine(FormattableString.Invariant($"{result.Test}; {result.Seconds:0.0} s, {result.ExamplesPerSecond:N0} examples/s"));
            foreach (string file in new[] { Trainer.ModelFile, Trainer.HistoryFile, Trainer.ReportFile })
                terminal.Error.WriteLine($"  {Path.Combine(result.Folder, file)}");
        }
        var line = new JsonObject
        {
            ["recipe"] = result.Recipe.Name, ["epochs"] = result.Epochs, ["test"] = new JsonObject(EvaluateCommand.Numbers(result.Test)),
            ["seconds"] = Math.Round(result.Seconds, 3), ["weightsSha256"] = result.WeightsSha256, ["folder"] = result.Folder,
        };
        if (result.Test is Predictions classes) line["testAccuracy"] = classes.Accuracy;
        terminal.Out.WriteLine(line.ToJsonString());
    }
}
