using System.Diagnostics;
using NativeDL.Formats;
using NativeDL.Layers;
using NativeDL.Recipes;

namespace NativeDL.Tests.Formats;

/// <summary>Two writers of one folder, and what killed ones leave.</summary>
[Collection(nameof(Alone))]
public sealed class FolderLockTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string OwnerFile => folder.File(FolderLock.OwnerName);

    public void Dispose() => folder.Dispose();

    private sealed class Once(Action<TrainingState> act) : Callback
    {
        public override void OnEpochEnd(TrainingState state) => act(state);
    }

    private static InvalidInputException Refused(Action take)
    {
        var error = Assert.Throws<InvalidInputException>(take);
        Assert.Contains("another training's", error.Message, StringComparison.Ordinal);
        return error;
    }

    [Fact]
    public void A_folder_has_one_writer_and_the_second_is_told_of_the_first()
    {
        using (FolderLock.Take("Test", folder.Path))
        {
            string told = Refused(() => FolderLock.Take("Test", folder.Path)).Message;
            Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", told, StringComparison.Ordinal);
        }
        Assert.Empty(folder.Names);
        FolderLock.Take("Test", folder.Path).Dispose();
    }

    [Fact]
    public void What_a_killed_writer_left_is_taken_over_and_cleaned_up()
    {
        File.WriteAllText(OwnerFile, $$"""{"process":1,"host":"{{Environment.MachineName}}","since":"then"}""");
        File.WriteAllText(folder.File($"model.ndl.{Guid.NewGuid():N}.tmp"), "half");
        File.WriteAllText(folder.File("notes.tmp"), "mine");
        using (FolderLock.Take("Test", folder.Path)) Assert.Equal(["notes.tmp", FolderLock.FileName, FolderLock.OwnerName], folder.Names);
        File.WriteAllText(OwnerFile, "{\"proc");
        FolderLock.Take("Test", folder.Path).Dispose();
        Assert.Equal(["notes.tmp"], folder.Names);
    }

    [Fact]
    public void Another_machines_lock_holds_as_long_as_its_holder_gives_signs_of_life()
    {
        File.WriteAllText(OwnerFile, """{"process":7,"host":"elsewhere","since":"then"}""");
        using (new Timer(_ => File.SetLastWriteTimeUtc(OwnerFile, DateTime.UtcNow), null, 50, 50))
            Assert.Contains("process 7 on elsewhere since then", Refused(() => FolderLock.Take("Test", folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains(FolderLock.OwnerName, folder.Names);
        // A container that was killed comes again under another name.
        using (FolderLock.Take("Test", folder.Path, TimeSpan.FromSeconds(0.5)))
            Assert.Contains(Environment.MachineName, File.ReadAllText(OwnerFile), StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void A_killed_process_holds_nothing()
    {
        string run = folder.File("run"), owner = Path.Combine(run, FolderLock.OwnerName);
        string[] train = ["train", "digits", "--epochs", "100000", "--out", run];
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(NativeDL.Cli.Ndl).Assembly.Location, .. train])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            Assert.True(SpinWait.SpinUntil(() => process.HasExited || File.Exists(Path.Combine(run, Trainer.CheckpointFile)), 60_000));
            Assert.Contains($"process {process.Id} on", Refused(() => FolderLock.Take("Test", run)).Message, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
        Assert.True(File.Exists(owner)); // it had no time to tidy up
        FolderLock.Take("Test", run).Dispose();
        Assert.False(File.Exists(owner));
    }

    [Fact]
    public void A_folder_that_somebody_deletes_is_given_free_all_the_same()
    {
        var held = FolderLock.Take("Test", folder.File("gone"));
        Directory.Delete(folder.File("gone"), recursive: true);
        held.Dispose();
    }

    [Fact]
    public void A_folder_that_was_made_for_nothing_goes_again()
    {
        FolderLock.Take("Test", folder.File("new")).Dispose();
        Assert.False(Directory.Exists(folder.File("new")));
        var recipe = Recipe.All.First(r => r.Name == "digits");
        string run = folder.File("run");
        var options = new TrainingOptions { Folder = run, Epochs = 1, Announce = _ => throw new TimeoutException() };
        Assert.Throws<TimeoutException>(() => Trainer.Run(recipe, options, TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(run));
    }

    [Fact]
    public void Two_trainings_do_not_share_a_backup()
    {
        Sequential Made()
        {
            var model = new Sequential { new Dense(1) };
            model.Compile("sgd", "mse");
            return model;
        }
        Tensor x = Tensor.Ones([4, 2]), y = Tensor.Ones([4, 1]);
        int refused = 0;
        Made().Fit(x, y, epochs: 2, resume: folder.Path, callbacks: [new Once(_ =>
        {
            Refused(() => Made().Fit(x, y, epochs: 2, resume: folder.Path));
            refused++;
        })]);
        Assert.Equal(2, refused);
        Made().Fit(x, y, epochs: 1, resume: folder.Path);
        Assert.DoesNotContain(FolderLock.FileName, folder.Names);
    }

    [Fact]
    public void A_run_that_is_still_training_is_not_resumed()
    {
        var recipe = Recipe.All.First(r => r.Name == "digits");
        int refused = 0;
        var again = new Once(_ =>
        {
            Refused(() => Trainer.Resume(folder.Path, cancellationToken: TestContext.Current.CancellationToken));
            Refused(() => Trainer.Run(recipe, new() { Folder = folder.Path, Epochs = 1, Overwrite = true }, TestContext.Current.CancellationToken));
            refused++;
        });
        Trainer.Run(recipe, new() { Folder = folder.Path, Epochs = 1, Callbacks = [again] }, TestContext.Current.CancellationToken);
        Assert.Equal(1, refused);
        Assert.DoesNotContain(FolderLock.FileName, folder.Names);
    }
}
