using System.CommandLine;
using System.Text.Json.Nodes;
using NativeDL.Recipes;

namespace NativeDL.Cli.Commands;

/// <summary><c>ndl evaluate</c>: a saved model against test data.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Terminal terminal, CancellationToken stop)
    {
        var model = new Argument<string>("model") { Description = "A run's folder, or a .ndl file." };
        var data = new Option<string?>("--data") { Description = $"The data: {string.Join(", ", Datasets.All.Select(d => d.Name))}, or a .csv file; by default what the model was trained for." };
        var device = DeviceOption.Create();
        var threads = DeviceOption.Threads();
        var command = new Command("evaluate", "Tests a saved model.") { model, data, device, threads };
        command.SetAction(parsed =>
        {
            DeviceOption.Apply(parsed.GetValue(threads));
            using var use = Device.Use(DeviceOption.Find(parsed.GetValue(device)));
            string path = ModelPath(parsed.GetRequiredValue(model), terminal);
            var loaded = Model.Load(path);
            string name = parsed.GetValue(data) ?? SavedRun.DatasetOf(path)
                ?? throw new UsageException($"evaluate: the model does not say what it was trained on. Name the data with --data, one of {string.Join(", ", Datasets.All.Select(d => d.Name))}, or a .csv file.");
            var test = name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? Datasets.Csv(name) : Datasets.Find(name).Load(cancel: stop).Test;
            var found = Predictions.Of(loaded, test, cancellationToken: stop);
            terminal.Error.WriteLine(FormattableString.Invariant($"accuracy {found.Accuracy:0.0000}: {found.Correct:N0} of {found.Count:N0} right, crossentropy {found.Loss:0.0000}"));
            terminal.Out.WriteLine(new JsonObject { ["model"] = path, ["data"] = name, ["accuracy"] = found.Accuracy, ["loss"] = double.IsFinite(found.Loss) ? found.Loss : null }.ToJsonString());
            return Ndl.Success;
        });
        return command;
    }

    /// <summary>The model's file, given itself or the folder of its run; of a run that is not finished, the checkpoint.</summary>
    public static string ModelPath(string given, Terminal terminal)
    {
        string path = Directory.Exists(given) ? Path.Combine(given, Trainer.ModelFile) : given;
        if (File.Exists(path)) return path;
        string checkpoint = Path.Combine(given, Trainer.CheckpointFile);
        if (!File.Exists(checkpoint)) throw new FileNotFoundException($"Model(load): there is no file {Path.GetFullPath(path)}. Expected a .ndl file, or the folder of a run.");
        terminal.Error.WriteLine($"The run is not finished: this is its checkpoint, {checkpoint}");
        return checkpoint;
    }
}
