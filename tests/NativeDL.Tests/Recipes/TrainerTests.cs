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
        Assert.InRange(result.TestAccuracy, 0.95, 1);
        Assert.Equal(30, result.History.Epochs);

        string csv = File.ReadAllText(Path.Combine(folder.Path, Trainer.HistoryFile));
        Assert.StartsWith("epoch,loss,accuracy,val_loss,val_accuracy\n", csv);
        Assert.Equal(31, csv.TrimEnd().Split('\n').Length);

        string page = File.ReadAllText(Path.Combine(folder.Path, Trainer.ReportFile));
        foreach (string part in new[] { "Loss", "Accuracy", "Confusion", "Classes", "hardest test examples", "dense_2 (Dense)", result.WeightsSha256, "prefers-color-scheme:dark" }) Assert.Contains(part, page);
        Assert.Equal(24, page.Split("src=\"data:image/png;base64,").Length - 1);
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("src=\"http", page);
        Assert.DoesNotContain("NaN", page);

        var loaded = Model.Load(Path.Combine(folder.Path, Trainer.ModelFile));
        Assert.Equal(result.WeightsSha256, WeightsHash.Of(loaded));
        Assert.Equal("digits", SavedRun.DatasetOf(Path.Combine(folder.Path, Trainer.ModelFile)));
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
            Trainer.Run(Recipe.Find("digits"), new TrainingOptions { Epochs = 3, Folder = folder.Path, Callbacks = [new StopAt(epoch, step, stop)] }, stop.Token));
        Assert.Equal((epoch, step), (stopped.Epoch, stopped.Step));
        Assert.Equal(Path.Combine(folder.Path, Trainer.CheckpointFile), stopped.Checkpoint);

        RandomState.SetSeed(99); // whatever happened in between
        var resumed = Trainer.Resume(folder.Path, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(whole.WeightsSha256, resumed.WeightsSha256);
        Assert.Equal(whole.History.ToCsv(), resumed.History.ToCsv());
        Assert.False(File.Exists(stopped.Checkpoint));
    }

    [Fact]
    public void Every_recipe_can_be_built_and_is_described()
    {
        Assert.Contains("mnist-cnn", Recipe.All.Select(r => r.Name));
        foreach (var recipe in Recipe.All)
        {
            Assert.NotEmpty(recipe.Description);
            var model = recipe.Prepare(steps: 100);
            Assert.Equal(recipe.Info.ClassNames.Count, model.Predict(Tensor.Zeros([1, .. recipe.Info.ExampleShape.Dimensions]), cancellation: TestContext.Current.CancellationToken).Shape[1]);
        }
    }

    private static TrainingResult Short(TrainingOptions options)
    {
        using var folder = new TemporaryFolder();
        return Trainer.Run(Recipe.Find("digits"), options with { Epochs = 3, Folder = folder.Path }, TestContext.Current.CancellationToken);
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
