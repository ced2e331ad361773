using System.Text.Json.Nodes;
using NativeDL.Formats;

namespace NativeDL.Tests.Training;

public sealed class TrainingRecordTests
{
    private static readonly TrainingRecord Written = new()
    {
        Epoch = 2, Begun = true, Step = 3, Rows = 96,
        AtBegin = [new RandomSnapshot(7, 8, 1), new RandomSnapshot(ulong.MaxValue, 0)], Now = [new RandomSnapshot(7, 9), new RandomSnapshot(ulong.MaxValue, 5)],
        Sums = [new("loss", [double.PositiveInfinity])],
        Metrics = [new SavedState("m", new JsonObject { ["total"] = new JsonArray("NaN"), ["count"] = new JsonArray(96) })],
        Callbacks = [new("EarlyStopping", new SavedState("c", new JsonObject { ["best"] = 0.5, ["text"] = "é" }, new() { ["0"] = Tensor.FromArray([1f, 2]) }))],
        Rate = TrainingRecord.Write(0.5 * new CosineDecay(0.5, decaySteps: 100)),
        History = [[new("loss", 0.1), new("val_loss", double.PositiveInfinity)], [new("loss", double.NaN), new("val_loss", double.NegativeInfinity)]],
    };

    [Fact]
    public void Everything_comes_back_also_what_is_not_finite()
    {
        using var folder = new TemporaryFolder();
        var read = Read(folder, Save(folder, Json()))!;
        Assert.Equal((2, true, 3, 96L), (read.Epoch, read.Begun, read.Step, read.Rows));
        Assert.Equal(Written.AtBegin, read.AtBegin);
        Assert.Equal(Written.Now, read.Now);
        Assert.Equal([double.PositiveInfinity], Assert.Single(read.Sums).Value);
        Assert.Equal([double.NaN], Assert.Single(read.Metrics).Numbers("total"));
        var callback = Assert.Single(read.Callbacks).Value;
        Assert.Equal((0.5, "é"), (callback.Number("best"), callback.Text("text")));
        Assert.Equal([1f, 2], callback.Tensor("0").ToArray<float>());
        Assert.Equal(0.25, TrainingRecord.ReadRate(read.Rate!, "").At(0));
        Assert.Equal([double.PositiveInfinity, double.NegativeInfinity], read.History.Select(row => row[1].Value));
    }

    [Fact]
    public void Random_states_of_older_files_are_read()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(new RandomSnapshot(7, 8), Read(folder, Save(folder, Json().Replace("[7,8,1]", "[7,8]")))!.AtBegin[0]);
    }

    [Fact]
    public void What_is_missing_is_named_with_its_owner()
    {
        using var folder = new TemporaryFolder();
        string path = Save(folder, Json());
        var callback = Read(folder, path)!.Callbacks[0].Value;
        foreach (var ask in new Action[] { () => callback.Number("waited"), () => callback.Number("text"), () => callback.Numbers("best"), () =>
            callback.Tensor("1") })
        {
            var error = Assert.Throws<ModelFormatException>(ask);
            Assert.Equal(path, error.File);
            Assert.Contains("callback/EarlyStopping", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\"epoch\":2", "\"epoch\":-1")]
    [InlineData("\"epoch\":2", "\"epoch\":1")]
    [InlineData("\"begun\":true", "\"begun\":false")]
    [InlineData("\"begun\":true", "\"begun\":1")]
    [InlineData("\"step\":3", "\"step\":-3")]
    [InlineData("\"step\":3", "\"step\":2.5")]
    [InlineData("\"rows\":96", "\"rows\":-96")]
    [InlineData("\"rows\":96", "\"rows\":null")]
    [InlineData("\"loss\":[\"Infinity\"]", "\"loss\":[\"much\"]")]
    [InlineData("\"loss\":[\"Infinity\"]", "\"loss\":7")]
    [InlineData("\"atBegin\":[[7,8,1],", "\"atBegin\":[")]
    [InlineData("\"atBegin\":[[7,8,1]", "\"atBegin\":[[-7,8,1]")]
    [InlineData("\"atBegin\":[[7,8,1]", "\"atBegin\":[[7]")]
    [InlineData("\"atBegin\":[[7,8,1]", "\"atBegin\":[[7,8,-1]")]
    [InlineData("\"metrics\":[{", "\"metrics\":[null,{")]
    [InlineData("{\"EarlyStopping\":{", "{\"other\":3,\"EarlyStopping\":{")]
    [InlineData("\"val_loss\":\"Infinity\"", "\"loss\":0.2")]
    [InlineData("{\"loss\":0.1", "{\"loss\":true")]
    public void Nonsense_is_refused_by_the_file_s_name(string sense, string nonsense)
    {
        string json = Json();
        Assert.Contains(sense, json);
        AssertRefused(json.Replace(sense, nonsense));
    }

    private static void AssertRefused(string json)
    {
        using var folder = new TemporaryFolder();
        string path = Save(folder, json);
        Assert.Equal(path, Assert.Throws<ModelFormatException>(() => Read(folder, path)).File);
    }

    private static TrainingRecord? Read(TemporaryFolder folder, string path)
    {
        using var file = NdlFile.Open(path);
        return TrainingRecord.Read(file, path);
    }

    private static string Json()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("b.ndl");
        NdlFile.Write(path, Written.Write);
        using var file = NdlFile.Open(path);
        return file.ReadText(NdlFile.Training);
    }

    private static string Save(TemporaryFolder folder, string json)
    {
        string path = folder.File("backup.ndl");
        NdlFile.Write(path, file =>
        {
            file.AddText(NdlFile.Training, json);
            file.AddTensors(NdlFile.TrainingTensors, [new("callback/EarlyStopping/0", Tensor.FromArray([1f, 2]))]);
        });
        return path;
    }
}
