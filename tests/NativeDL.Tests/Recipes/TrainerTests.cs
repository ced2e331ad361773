using System.Globalization;
using System.Text.RegularExpressions;
using NativeDL.Recipes;

namespace NativeDL.Tests.Recipes;

/// <summary>Whole runs of the smallest recipe. They seed the one default random source, so nothing else runs beside them.</summary>
[Collection(nameof(Alone))]
public sealed class TrainerTests
{
    [Fact]
    public void Digits_are_recognized_and_the_folder_tells_of_it()
    {
        using var folder = new TemporaryFolder();
        var result = Trainer.Run(Recipe.Find("digits"), new TrainingOptions { Folder = folder.Path }, TestContext.Current.CancellationToken);
        Assert.InRange(result.Test.Measured["accuracy"], 0.95, 1);
        Assert.Equal(30, result.History.Epochs);

        string csv = File.ReadAllText(Path.Combine(folder.Path, Trainer.HistoryFile));
        Assert.StartsWith("epoch,loss,accuracy,val_loss,val_accuracy\n", csv);
        Assert.Equal(31, csv.TrimEnd().Split('\n').Length);

        string page = File.ReadAllText(Path.Combine(folder.Path, Trainer.ReportFile));
        foreach (string part in new[] { "Loss", "Accuracy", "Confusion", "Classes", "hardest test examples", "dense_2 (Dense)", result.WeightsSha256,
            "prefers-color-scheme:dark" }) Assert.Contains(part, page);
        Assert.Equal(24, page.Split("src=\"data:image/png;base64,").Length - 1);
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("src=\"http", page);
        Assert.DoesNotContain("NaN", page);
        // The learning rate is drawn to the last step.
        Assert.Contains(">30</text>",
            page[page.IndexOf(">learning rate</text>", StringComparison.Ordinal)..page.IndexOf("hardest test examples", StringComparison.Ordinal)]);
        // A bar is as long as the number before it says.
        var bars = Regex.Matches(page, "([0-9.]+) %<span class=\"meter\"><i style=\"width:([0-9.]+)%").ToList();
        Assert.Equal(20, bars.Count);
        Assert.All(bars, b => Assert.Equal(double.Parse(b.Groups[1].Value, CultureInfo.InvariantCulture),
            double.Parse(b.Groups[2].Value, CultureInfo.InvariantCulture)));

        var loaded = Model.Load(Path.Combine(folder.Path, Trainer.ModelFile));
        Assert.Equal(result.WeightsSha256, WeightsHash.Of(loaded));
        Assert.Equal("digits", SavedRun.RecipeOf(Path.Combine(folder.Path, Trainer.ModelFile))?.Dataset);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_on_any_number_of_threads()
    {
        int before = Threads.Count;
        try
        {
            Assert.Single(new[] { 1, 2, 3, 3 }.Select(threads =>
            {
                Threads.Count = threads;
                return Short(new TrainingOptions()).WeightsSha256;
            }).Distinct());
        }
        finally
        {
            Threads.Count = before;
        }
        Assert.NotEqual(Short(new TrainingOptions()).WeightsSha256, Short(new TrainingOptions { Seed = 2 }).WeightsSha256);
    }

    [Theory]
    [InlineData(1, 0)]  // before the first step
    [InlineData(1, 7)]
    [InlineData(2, 1)]
    [InlineData(2, 46)] // after the last step of an epoch, before its validation
    [InlineData(3, 20)]
    public void A_run_that_was_stopped_ends_as_one_that_never_was(int epoch, int step)
    {
        var whole = Short(new TrainingOptions());
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var stopped = Assert.Throws<TrainingStoppedException>(() =>
            Trainer.Run(Recipe.Find("digits"), new TrainingOptions { Epochs = 3, Folder = folder.Path, Callbacks = [new StopAt(epoch, step, stop)] },
                stop.Token));
        Assert.Equal((epoch, step), (stopped.Epoch, stopped.Step));
        Assert.Equal(Path.Combine(folder.Path, Trainer.CheckpointFile), stopped.Checkpoint);

        RandomState.SetSeed(99); // whatever happened in between
        var resumed = Trainer.Resume(folder.Path, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(whole.WeightsSha256, resumed.WeightsSha256);
        Assert.Equal(whole.History.ToCsv(), resumed.History.ToCsv());
        Assert.False(File.Exists(stopped.Checkpoint));
    }

    [Fact]
    public void A_checkpoint_is_there_from_before_the_first_step_and_after_each_epoch_and_gone_at_the_end()
    {
        using var folder = new TemporaryFolder();
        string checkpoint = folder.File(Trainer.CheckpointFile);
        List<int> kept = [];
        Trainer.Run(Recipe.Find("digits"), new TrainingOptions { Epochs = 3, Folder = folder.Path,
            Callbacks = [new At(1, (_, _) => kept.Add(Epochs(checkpoint)))] }, TestContext.Current.CancellationToken);
        Assert.Equal([0, 1, 2], kept);
        Assert.False(File.Exists(checkpoint));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 0)] // as the epoch ends
    [InlineData(3, 40)]
    public void A_run_that_failed_keeps_what_it_reached(int epoch, int step)
    {
        var whole = Short(new TrainingOptions());
        using var folder = new TemporaryFolder();
        List<string> announced = [];
        var options = new TrainingOptions
        {
            Epochs = 3, Folder = folder.Path, Announce = announced.Add,
            Callbacks = [new At(step, (e, _) => { if (e == epoch) throw new ArithmeticException("the callback's own"); })],
        };
        var error = Assert.Throws<ArithmeticException>(() => Trainer.Run(Recipe.Find("digits"), options, TestContext.Current.CancellationToken));
        Assert.Equal("the callback's own", error.Message);
        Assert.Contains(folder.File(Trainer.CheckpointFile), announced[^1]);
        Assert.Contains(nameof(ArithmeticException), announced[^1]);

        var resumed = Trainer.Resume(folder.Path, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(whole.WeightsSha256, resumed.WeightsSha256);
        Assert.Equal(whole.History.ToCsv(), resumed.History.ToCsv());
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_found_before_the_first_step()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File(Trainer.CheckpointFile)); // in the way, also of a user who may write everywhere
        int steps = 0;
        var error = Assert.Throws<NativeDLException>(() => Trainer.Run(Recipe.Find("digits"),
            new TrainingOptions { Folder = folder.Path, Callbacks = [new At(1, (_, _) => steps++)] }, TestContext.Current.CancellationToken));
        Assert.Contains(folder.File(Trainer.CheckpointFile), error.Message);
        Assert.Equal(0, steps);
    }

    [Fact]
    public void A_run_whose_end_cannot_be_written_keeps_its_last_checkpoint()
    {
        var whole = Short(new TrainingOptions());
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File(Trainer.ReportFile));
        Assert.Throws<NativeDLException>(() =>
            Trainer.Run(Recipe.Find("digits"), new TrainingOptions { Epochs = 3, Folder = folder.Path }, TestContext.Current.CancellationToken));

        Directory.Delete(folder.File(Trainer.ReportFile));
        List<string> announced = [];
        var resumed = Trainer.Resume(folder.Path, new TrainingOptions { Announce = announced.Add }, TestContext.Current.CancellationToken);
        Assert.Equal(whole.WeightsSha256, resumed.WeightsSha256);
        Assert.Equal(whole.History.ToCsv(), resumed.History.ToCsv());
        Assert.Contains("all 3 epochs were done before", announced);
        Assert.Equal([Trainer.HistoryFile, Trainer.ModelFile, Trainer.ReportFile], folder.Names);
    }

    [Fact]
    public void A_run_that_is_in_the_folder_already_is_lost_only_where_that_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        var options = new TrainingOptions { Epochs = 1, Folder = folder.Path };
        var first = Train(options);
        var error = Assert.Throws<InvalidInputException>(() => Train(options with { Seed = 2 }));
        Assert.Contains(folder.File(Trainer.ModelFile), error.Message);
        Assert.Contains("--overwrite", error.Message);
        Assert.Equal(first.WeightsSha256, WeightsHash.Of(Model.Load(folder.File(Trainer.ModelFile))));

        Assert.Throws<ArithmeticException>(() => Train(options with { Overwrite = true, Callbacks = [new At(9, (_, _) => throw new ArithmeticException())] }));
        Assert.Equal([Trainer.CheckpointFile], folder.Names);
        error = Assert.Throws<InvalidInputException>(() => Train(options));
        Assert.Contains(folder.File(Trainer.CheckpointFile), error.Message);
        Assert.Contains("--resume", error.Message);

        Assert.NotEqual(first.WeightsSha256, Train(options with { Seed = 2, Overwrite = true }).WeightsSha256);
        Assert.DoesNotContain(Trainer.CheckpointFile, folder.Names);

        static TrainingResult Train(TrainingOptions options) => Trainer.Run(Recipe.Find("digits"), options, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Runs_of_the_same_second_have_folders_of_their_own()
    {
        string[] folders = [.. Enumerable.Range(0, 50).Select(_ => Trainer.FolderFor(Recipe.Find("digits")))];
        Assert.Equal(50, folders.Distinct().Count());
        Assert.All(folders, f => Assert.Matches("^digits-2[0-3][0-9]{6}-[0-9]{6}-[0-9a-f]{6}$", Path.GetFileName(f)));
    }

    [Fact]
    public void Texts_do_not_depend_on_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = "." } };
            using var folder = new TemporaryFolder();
            List<string> announced = [];
            Trainer.Run(Recipe.Find("digits"), new TrainingOptions { Epochs = 1, Folder = folder.Path, Announce = announced.Add },
                TestContext.Current.CancellationToken);
            Assert.Contains("training on 1,442 examples for 1 epoch of 46 steps", announced);
            string page = File.ReadAllText(folder.File(Trainer.ReportFile));
            Assert.Contains("1,442 to train on, 355 to test with", page);
            Assert.DoesNotContain("1.442", page);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Every_recipe_can_be_built_and_is_described()
    {
        Assert.Contains("mnist-cnn", Recipe.All.Select(r => r.Name));
        foreach (var recipe in Recipe.All)
        {
            Assert.NotEmpty(recipe.Description);
            var model = recipe.Prepare(steps: 100);
            if (recipe is ClassifierRecipe) Assert.Equal(recipe.Data.ClassNames.Count,
                model.Predict(Tensor.Zeros([1, .. recipe.Data.ExampleShape.Dimensions]), cancellationToken: TestContext.Current.CancellationToken).Shape[1]);
        }
    }

    private static int Epochs(string checkpoint)
    {
        using var file = NativeDL.Formats.NdlFile.Open(checkpoint);
        return TrainingRecord.Read(file, checkpoint)!.Epoch;
    }

    private static TrainingResult Short(TrainingOptions options)
    {
        using var folder = new TemporaryFolder();
        return Trainer.Run(Recipe.Find("digits"), options with { Epochs = 3, Folder = folder.Path }, TestContext.Current.CancellationToken);
    }

    /// <summary>Does something after a step of each epoch; after step 0 is after the last.</summary>
    private sealed class At(int step, Action<int, int> act) : Callback
    {
        public override void OnBatchEnd(TrainingState state)
        {
            if (state.Step == step) act(state.Epoch, state.Step);
        }

        public override void OnEpochEnd(TrainingState state)
        {
            if (step == 0) act(state.Epoch, state.Step);
        }
    }

    private sealed class StopAt(int epoch, int step, CancellationTokenSource stop) : Callback
    {
        public override void OnEpochBegin(TrainingState state)
        {
            if (step == 0 && state.Epoch == epoch) stop.Cancel();
        }

        public override void OnBatchEnd(TrainingState state)
        {
            if (state.Epoch == epoch && state.Step == step) stop.Cancel();
        }
    }
}
