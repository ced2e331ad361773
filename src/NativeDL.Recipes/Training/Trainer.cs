using System.Diagnostics;
using NativeDL.Recipes.Reports;

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
    /// <param name="cancellation">Stops training after the step at hand; what was reached goes into a checkpoint.</param>
    /// <exception cref="TrainingStoppedException">Training was stopped; the exception names the checkpoint.</exception>
    /// <exception cref="DatasetException">No source has the data.</exception>
    public static TrainingResult Run(Recipe recipe, TrainingOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        options ??= new TrainingOptions();
        int epochs = options.Epochs ?? recipe.Epochs, batchSize = options.BatchSize ?? recipe.BatchSize;
        if (epochs < 1) throw Error.Input("Train(epochs)", "training needs an epoch", $"{epochs}", "1 or more");
        if (batchSize < 1) throw Error.Input("Train(batchSize)", "a batch needs at least one row", $"{batchSize}", "1 or more");
        string folder = options.Folder ?? Path.Combine("runs", $"{recipe.Name}-{DateTime.Now:yyyyMMdd-HHmmss}");
        var record = new RunRecord { Recipe = recipe.Name, Epochs = epochs, BatchSize = batchSize, Seed = options.Seed };
        return Run(recipe, record, null, Path.GetFullPath(folder), options, cancellation);
    }

    /// <summary>Goes on with a stopped run; the result equals, to the bit, that of a run never stopped.</summary>
    /// <param name="folder">The folder in which its checkpoint is.</param>
    /// <param name="options">Device and callbacks; epochs, batch size and seed are those of the checkpoint.</param>
    /// <param name="cancellation">Stops training again.</param>
    /// <exception cref="InvalidInputException">There is no checkpoint in the folder.</exception>
    /// <exception cref="ModelFormatException">The checkpoint is damaged.</exception>
    public static TrainingResult Resume(string folder, TrainingOptions? options = null, CancellationToken cancellation = default)
    {
        string checkpoint = Path.GetFullPath(Path.Combine(folder, CheckpointFile));
        if (!File.Exists(checkpoint)) throw Error.Input("Train(resume)", "there is no checkpoint to go on from", $"no file {checkpoint}", "the folder of a run that was stopped");
        var record = RunRecord.Read(checkpoint)
            ?? throw new ModelFormatException("Model", checkpoint, null, "the file was not left by a stopped run", null, null, "models that were saved by other means are gone on with by Model.Resume");
        return Run(Recipe.Find(record.Recipe), record, checkpoint, Path.GetDirectoryName(checkpoint)!, options ?? new TrainingOptions(), cancellation);
    }

    private static TrainingResult Run(Recipe recipe, RunRecord record, string? checkpoint, string folder, TrainingOptions options, CancellationToken cancellation)
    {
        // What can be wrong is found before the first minute is spent.
        _ = Threads.Count;
        Directory.CreateDirectory(folder);
        using var device = Device.Use(options.Device);

        options.Announce?.Invoke($"loading {recipe.Info.Name}{(recipe.Info.IsLocal ? "" : $": not here yet, it is fetched into {Datasets.CacheFolder}")}");
        var (train, test) = recipe.Info.Load(options.Fetching, cancellation);

        RandomState.SetSeed(record.Seed);
        var order = RandomState.Default.Fork();
        long stepsPerEpoch = (train.Count + record.BatchSize - 1) / record.BatchSize;
        var model = recipe.Prepare(stepsPerEpoch * record.Epochs);
        if (checkpoint is not null)
        {
            model.Resume(checkpoint);
            order.State = record.Order;
        }

        options.Announce?.Invoke(checkpoint is null
            ? $"training on {train.Count:N0} examples for {record.Epochs} epochs of {stepsPerEpoch:N0} steps"
            : $"going on in epoch {record.Epoch + 1} after step {record.Begun.Step} of {stepsPerEpoch:N0}");
        var keeper = new RunKeeper(order);
        var recorder = new StepRecorder();
        var clock = Stopwatch.StartNew();
        try
        {
            model.Fit(OnDevice(train), record.Epochs, record.BatchSize, OnDevice(test), 0, shuffle: true,
                [keeper, recorder, .. options.Callbacks], order, record.Epoch, record.Begun, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            string path = Path.Combine(folder, CheckpointFile);
            var stopped = record with
            {
                Epoch = record.Epoch + keeper.Rows.Count, Begun = keeper.Done, Order = keeper.OrderAtEpoch,
                Seconds = record.Seconds + clock.Elapsed.TotalSeconds, History = [.. record.History, .. keeper.Rows],
            };
            model.SaveRun(path, stopped.Epoch, stopped.ToJson());
            throw new TrainingStoppedException(path, stopped.Epoch + 1, stopped.Begun.Step, cancellation);
        }

        double seconds = record.Seconds + clock.Elapsed.TotalSeconds;
        // From here on everything is nearly done: a late wish to stop would only lose it.
        options.Announce?.Invoke($"testing on {test.Count:N0} examples");
        var history = new History();
        foreach (var row in record.History.Concat(keeper.Rows)) history.Add(row);
        var result = new TrainingResult(recipe, record.Epochs, record.BatchSize, record.Seed, model, history, Predictions.Of(model, test, cancellation: CancellationToken.None),
            seconds, (double)train.Count * record.Epochs / seconds, WeightsHash.Of(model), folder);
        Write(result, record, recorder, train.Count, test);
        return result;
    }

    private static void Write(TrainingResult result, RunRecord record, StepRecorder recorder, int trained, Dataset test)
    {
        var done = record with { Epoch = record.Epochs, Begun = new EpochProgress(), Seconds = result.Seconds, History = [] };
        result.Model.SaveRun(Path.Combine(result.Folder, ModelFile), record.Epochs, done.ToJson());
        result.History.SaveCsv(Path.Combine(result.Folder, HistoryFile));
        new ReportPage(result, recorder, trained, test).Save(Path.Combine(result.Folder, ReportFile));
        File.Delete(Path.Combine(result.Folder, CheckpointFile)); // of an earlier stop; the model has taken its place
    }

    private static Dataset OnDevice(Dataset data) =>
        Device.Default.IsCpu ? data : data.Map(batch => new Batch(batch.X.To(Device.Default), batch.Y.To(Device.Default)));
}
