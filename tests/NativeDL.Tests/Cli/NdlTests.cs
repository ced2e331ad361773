using System.Text.Json.Nodes;
using NativeDL.Cli;
using NativeDL.Layers;
using NativeDL.Recipes;

namespace NativeDL.Tests.Cli;

/// <summary>The program's command line, run within the test's process, whose default random source it seeds.</summary>
[Collection(nameof(Alone))]
public sealed class NdlTests
{
    [Fact]
    public void Unknown_option_is_an_error_of_usage_that_names_it()
    {
        var (code, output, error) = Ndl("train", "--nope");
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains("--nope", error);
        Assert.Contains("ndl train --help", error);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public void Unknown_recipe_lists_the_recipes()
    {
        var (code, output, error) = Ndl("train", "nosuch");
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains("'nosuch'", error);
        foreach (var recipe in Recipe.All) Assert.Contains(recipe.Name, error);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("train", "digits", "--device", "tpu")]
    [InlineData("train", "digits", "--epochs", "many")]
    [InlineData("train", "digits", "--resume", "x")]
    [InlineData("train", "--resume", "x", "--epochs", "3")]
    [InlineData("summary", "nosuch")]
    [InlineData("train", "--resume", "x", "--overwrite")]
    [InlineData("train", "digits", "--epochs", "0")]
    [InlineData("train", "digits", "--batch-size", "0")]
    [InlineData("train", "digits", "--threads", "0")]
    [InlineData("evaluate")]
    [InlineData("nosuch")]
    public void A_wrong_command_line_ends_with_2_and_says_why(params string[] arguments)
    {
        var (code, output, error) = Ndl(arguments);
        Assert.Equal(2, code);
        Assert.NotEmpty(error);
        Assert.DoesNotContain("   at ", error);
        Assert.DoesNotContain("weightsSha256", output);
    }

    [Theory]
    [InlineData("train", "--resume", "no/such/folder")]
    [InlineData("evaluate", "no/such/model.ndl")]
    public void What_cannot_be_done_ends_with_1_and_one_message(params string[] arguments)
    {
        var (code, output, error) = Ndl(arguments);
        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.StartsWith("ndl: ", error);
        Assert.DoesNotContain("   at ", error);
    }

    [Theory]
    [InlineData("ndl: --epochs: 'abc' cannot be. Expected a whole number from 1 on", "train", "digits", "--epochs", "abc")]
    [InlineData("ndl: --epochs: '99999999999' cannot be. Expected a whole number from 1 on, at most 2147483647", "train", "digits", "--epochs", "99999999999")]
    [InlineData("ndl: --batch-size: '-3' cannot be. Expected a whole number from 1 on", "train", "digits", "--batch-size", "-3")]
    [InlineData("ndl: --seed: '-1' cannot be. Expected a whole number from 0 on", "train", "digits", "--seed", "-1")]
    [InlineData("ndl: --threads: '0' cannot be. Expected a whole number from 1 on", "evaluate", "x.ndl", "--threads", "0")]
    [InlineData("ndl: there is no option -e.", "train", "-e", "3")]
    [InlineData("ndl: there is no command 'bogus'. Expected one of train, evaluate, summary, datasets, doctor.", "bogus")]
    [InlineData("ndl: say what to do. Expected one of train, evaluate, summary, datasets, doctor.")]
    public void Errors_of_usage_say_what_is_expected_in_words(string expected, params string[] arguments)
    {
        var (code, output, error) = Ndl(arguments);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.StartsWith(expected, error);
        Assert.DoesNotContain("System.", error);
    }

    [Fact]
    public void After_two_dashes_a_name_may_begin_with_one()
    {
        var (code, _, error) = Ndl("summary", "--", "-nosuch");
        Assert.Equal(2, code);
        Assert.Contains("'-nosuch' is neither a file", error);
    }

    [Fact]
    public void A_run_s_folder_that_cannot_be_made_is_told_by_its_option()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("afile"), "");
        foreach (string path in new[] { folder.File("afile"), Path.Combine(folder.File("afile"), "below"), "" })
        {
            var (code, output, error) = Ndl("train", "digits", "--out", path);
            Assert.Equal(2, code);
            Assert.Empty(output);
            Assert.StartsWith($"ndl: --out: '{path}' cannot be the run's folder: ", error);
        }
    }

    [Fact]
    public void A_folder_that_holds_a_run_is_overwritten_only_where_that_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        string[] train = ["train", "digits", "--epochs", "1", "--quiet", "--out", folder.Path];
        Assert.Equal(0, Ndl(train).Code);
        var (code, _, error) = Ndl(train);
        Assert.Equal(1, code);
        Assert.Contains("--overwrite", error);
        Assert.Equal(0, Ndl([.. train, "--overwrite"]).Code);
    }

    [Fact]
    public void The_checkpoint_of_a_run_that_is_not_finished_can_be_looked_at()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using (StringWriter ignored = new())
            Assert.Equal(130, NativeDL.Cli.Ndl.Run(["train", "digits", "--out", folder.Path], new Terminal(ignored, ignored), stop.Token));
        foreach (string command in new[] { "summary", "evaluate" })
        {
            var (code, output, error) = Ndl(command, folder.Path);
            Assert.Equal(0, code);
            Assert.NotEmpty(output);
            Assert.Contains($"not finished: this is its checkpoint, {folder.File(Trainer.CheckpointFile)}", error);
        }
        File.Delete(folder.File(Trainer.CheckpointFile));
        Assert.Equal(1, Ndl("evaluate", folder.Path).Code);
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_null_in_the_line_of_json()
    {
        using var folder = new TemporaryFolder();
        var model = new Sequential { new Flatten(), new Dense(10) };
        model.Build([1, 8, 8, 1]);
        model.Parameters[1].Assign(Tensor.FromArray([float.PositiveInfinity, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        model.Save(folder.File("model.ndl"));
        var (code, output, _) = Ndl("evaluate", folder.Path, "--data", "digits");
        Assert.Equal(0, code);
        Assert.Null(JsonNode.Parse(output)!["loss"]);
    }

    [Fact]
    public void A_damaged_file_in_the_cache_is_told()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("mnist"));
        File.WriteAllText(Path.Combine(folder.File("mnist"), "train-labels-idx1-ubyte"), "cut sh");
        string? before = Environment.GetEnvironmentVariable("NATIVEDL_DATA");
        try
        {
            Environment.SetEnvironmentVariable("NATIVEDL_DATA", folder.Path);
            string output = Ndl("datasets").Output;
            Assert.Contains("mnist  damaged in the cache; fetched again when it is next used", output);
            Assert.Contains("fashion-mnist  not here yet", output);
        }
        finally
        {
            Environment.SetEnvironmentVariable("NATIVEDL_DATA", before);
        }
    }

    [Fact]
    public void A_foreign_file_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model.ndl");
        File.WriteAllText(path, "this is no model");
        var (code, _, error) = Ndl("evaluate", path);
        Assert.Equal(1, code);
        Assert.Contains(path, error);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public void Summary_of_a_recipe_needs_no_data()
    {
        var (code, output, _) = Ndl("summary", "mnist-mlp");
        Assert.Equal(0, code);
        Assert.Contains("101,770", output);
        Assert.Contains("(None, 128)", output);
    }

    [Fact]
    public void Doctor_tells_of_libraries_threads_and_caches()
    {
        var (code, output, error) = Ndl("doctor");
        Assert.Equal(0, code);
        Assert.Empty(error);
        foreach (string part in new[] { "OpenBLAS", "CUDA", "threads", "vectors", "cache", ".NET" }) Assert.Contains(part, output);
    }

    [Fact]
    public void Datasets_are_listed_with_their_licences()
    {
        var (code, output, _) = Ndl("datasets");
        Assert.Equal(0, code);
        foreach (var data in Datasets.All)
        {
            Assert.Contains(data.Name, output);
            Assert.Contains(data.Licence, output);
        }
    }

    [Fact]
    public void Train_ends_with_a_line_of_json_and_what_it_wrote_can_be_evaluated()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = Ndl("train", "digits", "--epochs", "2", "--seed", "5", "--out", folder.Path);
        Assert.Equal(0, code);
        Assert.Contains("epoch 2/2", error);
        var line = JsonNode.Parse(output.TrimEnd().Split('\n')[^1])!;
        Assert.Equal("digits", (string?)line["recipe"]);
        Assert.Equal(2, (int)line["epochs"]!);
        Assert.InRange((double)line["testAccuracy"]!, 0.5, 1); // five times what guessing gives
        Assert.True((double)line["seconds"]! > 0);
        Assert.Matches("^[0-9a-f]{64}$", (string?)line["weightsSha256"]);

        var (again, evaluated, _) = Ndl("evaluate", folder.Path);
        Assert.Equal(0, again);
        Assert.Equal((double)line["testAccuracy"]!, (double)JsonNode.Parse(evaluated)!["accuracy"]!);
    }

    [Fact]
    public void Quiet_training_writes_the_json_line_alone()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = Ndl("train", "digits", "--epochs", "1", "--quiet", "--out", folder.Path);
        Assert.Equal(0, code);
        Assert.Empty(error);
        Assert.Single(output.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Training_that_is_stopped_says_where_the_checkpoint_is()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using StringWriter output = new(), error = new();
        int code = NativeDL.Cli.Ndl.Run(["train", "digits", "--out", folder.Path], new Terminal(output, error), stop.Token);
        Assert.Equal(130, code);
        Assert.Contains(Path.Combine(folder.Path, Trainer.CheckpointFile), error.ToString());
        Assert.True(File.Exists(Path.Combine(folder.Path, Trainer.CheckpointFile)));
    }

    private static (int Code, string Output, string Error) Ndl(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = NativeDL.Cli.Ndl.Run(arguments, new Terminal(output, error));
        return (code, output.ToString(), error.ToString());
    }
}
