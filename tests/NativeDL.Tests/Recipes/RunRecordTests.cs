using NativeDL.Formats;
using NativeDL.Recipes;

namespace NativeDL.Tests.Recipes;

public sealed class RunRecordTests
{
    private static readonly RunRecord Written = new() { Recipe = "digits", Epochs = 5, BatchSize = 32, Seed = ulong.MaxValue, Seconds = 1.5 };

    [Fact]
    public void Everything_comes_back()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(Written, RunRecord.Read(Save(folder, Written.ToJson())));
    }

    [Theory]
    [InlineData("\"batchSize\":32", "\"batchSize\":0")]
    [InlineData("\"batchSize\":32", "\"batchSize\":3e99")]
    [InlineData("\"batchSize\":32", "\"batchSize\":\"32\"")]
    [InlineData("\"batchSize\":32,", "")]
    [InlineData("\"seed\":18446744073709551615", "\"seed\":-7")]
    [InlineData("\"epochs\":5", "\"epochs\":0")]
    [InlineData("\"recipe\":\"digits\"", "\"recipe\":7")]
    [InlineData("\"recipe\":\"digits\"", "\"recipe\":\"\\ud800\"")]
    [InlineData("\"seconds\":1.5", "\"seconds\":-1.5")]
    [InlineData("\"seconds\":1.5", "\"seconds\":\"NaN\"")]
    public void Nonsense_is_refused_by_the_file_s_name(string sense, string nonsense)
    {
        string json = Written.ToJson();
        Assert.Contains(sense, json);
        AssertRefused(json.Replace(sense, nonsense));
    }

    [Fact]
    public void A_record_without_a_training_or_of_an_unknown_recipe_is_not_gone_on_with()
    {
        foreach (var record in new[] { Written with { Recipe = "nosuch" }, Written })
        {
            using var folder = new TemporaryFolder();
            string path = Save(folder, record.ToJson());
            Assert.Equal(path, Assert.Throws<ModelFormatException>(() => Trainer.Resume(folder.Path, cancellationToken: TestContext.Current.CancellationToken))
                .File);
        }
    }

    private static void AssertRefused(string json)
    {
        using var folder = new TemporaryFolder();
        string path = Save(folder, json);
        Assert.Equal(path, Assert.Throws<ModelFormatException>(() => RunRecord.Read(path)).File);
    }

    private static string Save(TemporaryFolder folder, string json)
    {
        string path = folder.File(Trainer.CheckpointFile);
        NdlFile.Write(path, file => file.AddText(NdlFile.Run, json));
        return path;
    }
}
