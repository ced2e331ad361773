using System.Text.Json.Nodes;
using NativeDL.Cli;
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
    [InlineData("train", "digits", "--epochs", "0")]
    [InlineData("train", "digits", "--batch-size", "0")]
    [InlineData("train", "digits", "--threads", "0")]
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
        Assert.InRange((double)line["testAccuracy"]!, 0.1, 1);
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
