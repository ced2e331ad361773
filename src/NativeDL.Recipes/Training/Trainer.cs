using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using NativeDL.Formats;
using NativeDL.Recipes.Reports;
using static System.FormattableString;

namespace NativeDL.Recipes;

/// <summary>Runs recipes: loads the data, trains, tests, and writes model, history and report into a folder.</summary>
public static class Trainer
{
    /// <summary>The model's file in a run's folder.</summary>
    public const string ModelFile = "model.ndl";

    /// <summary>What a stopped run leaves in its folder.</summary>
    public const string CheckpointFile = "checkpoint.ndl";

    /// <summary>The curves' numbers in a run's folder.</summary>
    public const string HistoryFile = "history.csv";

    /// <summary>The report in a run's folder.</summary>
    public const string ReportFile = "report.html";

    /// <summary>Trains a recipe from its beginning.</summary>
    /// <param name="recipe">What to train.</param>
    /// <param name="options">How; the recipe's own settings by default.</param>
    /// <param name="cancellationToken">Stops training after the step at hand; what was reached goes into a checkpoint.</param>
    /// <exception cref="TrainingStoppedException">Training was stopped; the exception names the checkpoint.</exception>
    /// <exception cref="DatasetException">No source has the data.</exception>
    /// <exception cref="InvalidInputException">A size makes no sense, or the folder holds a run and <see cref="TrainingOptions.Overwrite"/> is not
    /// set.</exception>
    /// <remarks>A checkpoint is written before the first step, after each epoch, and where training fails; it is gone when the run is finished.</remarks>
    public static TrainingResult Run(Recipe recipe, TrainingOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        options ??= new TrainingOptions();
        int epochs = options.Epochs ?? recipe.Epochs, batchSize = options.BatchSize ?? recipe.BatchSize;
        if (epochs < 1) throw Error.Input("Train(epochs)", "training needs an epoch", $"{epochs}", "1 or more");
        if (batchSize < 1) throw Error.Input("Train(batchSize)", "a batch needs at least one row", $"{batchSize}", "1 or more");
        string folder = Path.GetFullPath(options.Folder ?? FolderFor(recipe));
        using var held = FolderLock.Take("Train(folder)", folder);
        if (!options.Overwrite) RequireNoRun(folder);
        var record = new RunRecord { Recipe = recipe.Name, Epochs = epochs, BatchSize = batchSize, Seed = options.Seed, Products = Machine.Products };
        return Run(recipe, record, null, folder, options, cancellationToken);
    }

    /// <summary>Goes on with a stopped run; the result equals, to the bit, that of a run never stopped.</summary>
    /// <param name="folder">The folder in which its checkpoint is.</param>
    /// <param name="options">Device and callbacks; epochs, batch size and seed are those of the checkpoint.</param>
    /// <param name="cancellationToken">Stops training again.</param>
    /// <exception cref="InvalidInputException">There is no checkpoint in the folder.</exception>
    /// <exception cref="ModelFormatException">The checkpoint is damaged.</exception>
    public static TrainingResult Resume(string folder, TrainingOptions? options = null, CancellationToken cancellationToken = default)
    {
        string checkpoint = Path.GetFullPath(Path.Combine(folder, CheckpointFile));
        if (!File.Exists(checkpoint))
            throw Error.Input("Train(resume)", "there is no checkpoint to go on from", $"no file {checkpoint}", "the folder of a run that was stopped");
        using var held = FolderLock.Take("Train(resume)", Path.GetDirectoryName(checkpoint)!);
        var record = RunRecord.Read(checkpoint)
            ?? throw new ModelFormatException("Model", checkpoint, null, "the file was not left by a stopped run", null, null,
                "models that were saved by other means are gone on with by Model.Resume");
        var recipe = Recipe.All.FirstOrDefault(r => r.Name == record.Recipe)
            ?? throw new ModelFormatException("Model", checkpoint, null, "there is no recipe of that name here", record.Recipe,
                string.Join(", ", Recipe.All.Select(r => r.Name)));
        return Run(recipe, record, checkpoint, Path.GetDirectoryName(checkpoint)!, options ?? new TrainingOptions(), cancellationToken);
    }

    private static TrainingResult Run(Recipe recipe, RunRecord record, string? checkpoint, string folder, TrainingOptions options,
        CancellationToken cancellationToken)
    {
        // What can be wrong is found before the first minute is spent.
        _ = Threads.Count;
        using var device = Device.Use(options.Device);

        options.Announce?.Invoke($"loading {recipe.Data.Name}{(recipe.Data.IsLocal ? "" : $": not here yet, it is fetched into {Datasets.CacheFolder}")}");
        var (train, test) = recipe.Load(options.Fetching, cancellationToken);

        using var random = RandomState.Use(record.Seed);
        long stepsPerEpoch = (train.Count - 1) / record.BatchSize + 1;
        var model = recipe.Prepare(stepsPerEpoch * record.Epochs);
        string path = Path.Combine(folder, CheckpointFile);
        var reached = checkpoint is null ? null : Reached(path);
        if (reached?.Epoch > record.Epochs)
            throw new ModelFormatException("Model", path, null, "more epochs were done than the run has", $"{reached.Epoch}", $"at most {record.Epochs}");
        var clock = new Stopwatch();
        var backup = new BackupAndRestore(folder, deleteCheckpoint: false)
        {
            FileName = CheckpointFile, BeginsAnew = checkpoint is null, IsHeld = true,
            Run = () => (record with { Seconds = record.Seconds + clock.Elapsed.TotalSeconds }).ToJson(),
        };
        if (checkpoint is not null && record.Products is { } products && products != Machine.Products)
            options.Announce?.Invoke($"the run was begun with products by {products} and goes on with {Machine.Products}: "
                + "from here on its numbers differ in their last bits");
        var recorder = new StepRecorder();
        options.Announce?.Invoke(
            reached is null ? Invariant($"training on {train.Count:N0} examples for {record.Epochs} epoch{(record.Epochs == 1 ? "" : "s")} of {stepsPerEpoch:N0} steps")
            : reached.Epoch == record.Epochs ? $"all {record.Epochs} epochs were done before"
            : Invariant($"going on in epoch {reached.Epoch + 1} after step {reached.Step} of {stepsPerEpoch:N0}"));
        try
        {
            clock.Start();
            // The backup is written first: what is in the folder is given up only where something new can be.
            var history = model.Fit(train, record.Epochs, record.BatchSize, test,
                callbacks: [backup, new GivingUp(folder, checkpoint is null && options.Overwrite), recorder, .. options.Callbacks],
                cancellationToken: cancellationToken);
            clock.Stop();

            // From here on everything is nearly done: a late wish to stop would only lose it.
            options.Announce?.Invoke(Invariant($"testing on {test.Count:N0} examples"));
            var end = record with { Seconds = record.Seconds + clock.Elapsed.TotalSeconds };
            var result = new TrainingResult(recipe, record.Epochs, record.BatchSize, record.Seed, model, history,
                recipe.Test(model, test, CancellationToken.None),
                end.Seconds, (double)train.Count * record.Epochs / end.Seconds, WeightsHash.Of(model), folder);
            Write(result, end, recorder, train.Count, test);
            return result;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            var stopped = Reached(path);
            throw new TrainingStoppedException(path, stopped.Epoch + 1, stopped.Step, cancellationToken);
        }
        catch (Exception failure) when (File.Exists(path))
        {
            options.Announce?.Invoke($"training failed ({failure.GetType().Name}); {Kept(backup, path, record.Epochs)}");
            throw;
        }
    }

    private static TrainingRecord Reached(string path)
    {
        using var file = NdlFile.Open(path);
        return TrainingRecord.Read(file, path) ?? throw new ModelFormatException("Model", path, null, "the file was not left by a stopped run", null, null,
            "models that were saved by other means are gone on with by Model.Resume");
    }

    // What failed is thrown on, whether or not there was still room for a checkpoint.
    private static string Kept(BackupAndRestore backup, string path, int epochs)
    {
        if (backup.Failure is { } second) return $"the checkpoint {path} is that of the last epoch's end, for a new one could not be saved: {second.Message}";
        var reached = Reached(path);
        return $"{reached.Epoch} of {epochs} epochs and {reached.Step} steps of the next are in the checkpoint {path}";
    }

    private static void Write(TrainingResult result, RunRecord end, StepRecorder recorder, int trained, Dataset test)
    {
        result.Model.SaveRun(Path.Combine(result.Folder, ModelFile), end.Epochs, end.ToJson());
        result.History.SaveCsv(Path.Combine(result.Folder, HistoryFile));
        new ReportPage(result, recorder, trained, test).Save(Path.Combine(result.Folder, ReportFile));
        File.Delete(Path.Combine(result.Folder, CheckpointFile)); // the model has taken its place
    }

    /// <summary>A folder of its own for a run: of two that begin in the same second, too.</summary>
    internal static string FolderFor(Recipe recipe)
    {
        string started = DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        return Path.Combine("runs", $"{recipe.Name}-{started}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}");
    }

    private static void RequireNoRun(string folder)
    {
        string model = Path.Combine(folder, ModelFile), checkpoint = Path.Combine(folder, CheckpointFile);
        if (File.Exists(checkpoint))
            throw Error.Input("Train(folder)", "a run that was stopped is in the folder", checkpoint, "a folder without one",
                "--resume goes on with it (Trainer.Resume), --overwrite gives it up (TrainingOptions.Overwrite)");
        if (File.Exists(model))
            throw Error.Input("Train(folder)", "a finished run is in the folder", model, "a folder without one",
                "--overwrite replaces it (TrainingOptions.Overwrite)");
    }

    /// <summary>Deletes what an earlier run left, when a new one has begun.</summary>
    private sealed class GivingUp(string folder, bool asked) : Callback
    {
        public override void OnEpochBegin(TrainingState state)
        {
            if (asked && state.Epoch == 1) foreach (string old in new[] { ModelFile, HistoryFile, ReportFile }) File.Delete(Path.Combine(folder, old));
        }
    }
}
