using NativeDL.Formats;
using NativeDL.Recipes;

namespace NativeDL.Tests.Recipes;

public sealed class RunRecordTests
{
    private static readonly RunRecord Written = new()
    {
        Recipe = "digits", Epochs = 5, BatchSize = 32, Seed = ulong.MaxValue, Epoch = 2, Seconds = 1.5,
        Begun = new EpochProgress { Step = 3, Rows = 96, LossSum = double.PositiveInfinity, Metrics = [(double.NaN, 96)] },
        Order = new RandomSnapshot(7, 8),
        History = [[new("loss", 0.1), new("val_loss", double.PositiveInfinity)], [new("loss", double.NaN), new("val_loss", double.NegativeInfinity)]],
    };

    [Fact]
    public void Everything_comes_back_also_what_is_not_finite()
    {
        using var folder = new TemporaryFolder();
        var read = RunRecord.Read(Save(folder, Written.ToJson()))!;
        Assert.Equal(Written.ToJson(), read.ToJson());
        Assert.Equal(double.PositiveInfinity, read.Begun.LossSum);
        Assert.Equal((double.NaN, 96), Assert.Single(read.Begun.Metrics));
        Assert.Equal([double.PositiveInfinity, double.NegativeInfinity], read.History.Select(row => row[1].Value));
    }

    [Theory]
    [InlineData("\"epoch\":2", "\"epoch\":2,\"epoch\":2")]
    [InlineData("\"val_loss\":\"Infinity\"", "\"loss\":0.2")]
    [InlineData("\"batchSize\":32", "\"batchSize\":0")]
    [InlineData("\"batchSize\":32", "\"batchSize\":3e99")]
    [InlineData("\"batchSize\":32", "\"batchSize\":\"32\"")]
    [InlineData("\"batchSize\":32,", "")]
    [InlineData("\"epochs\":5", "\"epochs\":0")]
    [InlineData("\"epochs\":5", "\"epochs\":1")]
    [InlineData("\"epoch\":2", "\"epoch\":-1")]
    [InlineData("\"epoch\":2", "\"epoch\":1")]
    [InlineData("\"step\":3", "\"step\":-3")]
    [InlineData("\"step\":3", "\"step\":2.5")]
    [InlineData("\"rows\":96", "\"rows\":-96")]
    [InlineData("\"rows\":96", "\"rows\":null")]
    [InlineData("\"lossSum\":\"Infinity\"", "\"lossSum\":\"much\"")]
    [InlineData("\"lossSum\":\"Infinity\"", "\"lossSum\":[]")]
    [InlineData("[[\"NaN\",96]]", "[[96]]")]
    [InlineData("[[\"NaN\",96]]", "[{}]")]
    [InlineData("[[\"NaN\",96]]", "[null]")]
    [InlineData("[[\"NaN\",96]]", "7")]
    [InlineData("\"recipe\":\"digits\"", "\"recipe\":7")]
    [InlineData("\"recipe\":\"digits\"", "\"recipe\":\"\\ud800\"")]
    [InlineData("\"orderSeed\":7", "\"orderSeed\":-7")]
    [InlineData("\"seconds\":1.5", "\"seconds\":-1.5")]
    [InlineData("\"seconds\":1.5", "\"seconds\":\"NaN\"")]
    [InlineData("{\"loss\":0.1", "{\"loss\":true")]
    public void Nonsense_is_refused_by_the_file_s_name(string sense, string nonsense)
    {
        string json = Written.ToJson();
        Assert.Contains(sense, json);
        AssertRefused(json.Replace(sense, nonsense));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    public void What_is_no_record_is_refused(string json) => AssertRefused(json);

    [Fact]
    public void A_record_with_more_steps_than_an_epoch_or_an_unknown_recipe_is_not_gone_on_with()
    {
        foreach (var record in new[] { Written with { Recipe = "nosuch" }, Written with { Begun = new EpochProgress { Step = int.MaxValue, Rows = int.MaxValue } } })
        {
            using var folder = new TemporaryFolder();
            string path = Save(folder, record.ToJson());
            Assert.Equal(path, Assert.Throws<ModelFormatException>(() => Trainer.Resume(folder.Path, cancellation: TestContext.Current.CancellationToken)).File);
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
