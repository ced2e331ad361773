using System.CommandLine;
using System.Text.Json.Nodes;
using NativeDL.Recipes;

namespace NativeDL.Cli.Commands;

/// <summary><c>ndl evaluate</c>: a saved model against test data.</summary>
internal static class EvaluateCommand
{
    private static string Known => $"{string.Join(", ", Datasets.All.Select(d => d.Name))}, or a file that ends in {string.Join(", ", Datasets.FileEndings)}";

    public static Command Create(Terminal terminal, CancellationToken stop)
    {
        var model = new Argument<string>("model") { Description = "A run's folder, or a .ndl file." };
        var data = new Option<string?>("--data") { Description = $"The data: {Known}; by default what the model was trained for." };
        var device = DeviceOption.Create();
        var threads = DeviceOption.Threads();
        var command = new Command("evaluate", "Tests a saved model.") { model, data, device, threads };
        command.SetAction(parsed =>
        {
            DeviceOption.Apply(parsed.GetValue(threads));
            using var use = Device.Use(DeviceOption.Find(parsed.GetValue(device)));
            string path = ModelPath(parsed.GetRequiredValue(model), terminal);
            var loaded = Model.Load(path, compile: false);
            var recipe = SavedRun.RecipeOf(path);
            var (test, name) = TestData(parsed.GetValue(data), recipe, loaded, stop);
            recipe?.Compile(loaded, steps: 1);
            // A model that does not say how it is measured is taken for a classifier.
            var found = recipe is null ? Predictions.Of(loaded, test, cancellationToken: stop) : recipe.Test(loaded, test, stop);
            terminal.Error.WriteLine($"{found}");
            terminal.Out.WriteLine(new JsonObject([KeyValuePair.Create("model", (JsonNode?)path), KeyValuePair.Create("data", (JsonNode?)name),
                .. Numbers(found)]).ToJsonString());
            return Ndl.Success;
        });
        return command;
    }

    /// <summary>What was measured, for a line of JSON, which has no infinities.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Numbers(Findings found) =>
        found.Measured.Select(m => KeyValuePair.Create(m.Key, double.IsFinite(m.Value) ? (JsonNode?)m.Value : null));

    private static (Dataset Test, string Name) TestData(string? named, Recipe? recipe, Model model, CancellationToken stop)
    {
        if (named is null)
            return recipe is not null ? (recipe.Load(cancellationToken: stop).Test, recipe.Dataset)
                : throw new UsageException($"evaluate: the model does not say what it was trained on. Name the data with --data, {Known}.");
        bool isFile = Datasets.FileEndings.Any(ending => named.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
        // A table numbers its classes by itself, unless it is told the model's.
        if (model.ClassNames.Count > 0 && named.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
            return (Datasets.Csv(named, new CsvOptions { ClassNames = model.ClassNames }), named);
        return (isFile ? Datasets.FromFile(named) : Datasets.Find(named).Load(cancellationToken: stop).Test, named);
    }

    /// <summary>The model's file, given itself or the folder of its run; of a run that is not finished, the checkpoint.</summary>
    public static string ModelPath(string given, Terminal terminal)
    {
        string path = Directory.Exists(given) ? Path.Combine(given, Trainer.ModelFile) : given;
        if (File.Exists(path)) return path;
        string checkpoint = Path.Combine(given, Trainer.CheckpointFile);
        if (!File.Exists(checkpoint))
            throw new FileNotFoundException($"Model(load): there is no file {Path.GetFullPath(path)}. Expected a .ndl file, or the folder of a run.");
        terminal.Error.WriteLine($"The run is not finished: this is its checkpoint, {checkpoint}");
        return checkpoint;
    }
}
