using NativeDL.Formats;
using NativeDL.Recipes;

namespace NativeDL.Tests.Formats;

/// <summary>What the records of runs and of trainings have in common; what each holds is tested with it.</summary>
public sealed class JsonEntryTests
{
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"epoch\":2,\"epoch\":2}")]
    [InlineData("{\"recipe\":\"digits\",\"epochs\":5,\"epochs\":5}")]
    public void What_is_no_record_is_refused_by_the_file_s_name(string json)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.ndl");
        NdlFile.Write(path, file =>
        {
            file.AddText(NdlFile.Run, json);
            file.AddText(NdlFile.Training, json);
        });
        Assert.Equal(path, Assert.Throws<ModelFormatException>(() => RunRecord.Read(path)).File);
        using var file = NdlFile.Open(path);
        Assert.Equal(path, Assert.Throws<ModelFormatException>(() => TrainingRecord.Read(file, path)).File);
    }
}
