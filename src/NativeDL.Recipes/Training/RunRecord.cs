using System.Text.Json.Nodes;
using NativeDL.Formats;

namespace NativeDL.Recipes;

/// <summary>What a model file tells of the run that made it: enough to know its data, and to begin it anew as it was.</summary>
internal sealed record RunRecord
{
    public required string Recipe { get; init; }

    public required int Epochs { get; init; }

    public required int BatchSize { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>What computed matrix products where the run began, which decides on the last bits; null where the file does not say.</summary>
    public string? Products { get; init; }

    /// <summary>Seconds trained so far.</summary>
    public double Seconds { get; init; }

    public string ToJson() => new JsonObject
    {
        ["recipe"] = Recipe,
        ["epochs"] = Epochs,
        ["batchSize"] = BatchSize,
        ["seed"] = Seed,
        ["products"] = Products,
        ["seconds"] = Seconds,
    }.ToJsonString();

    /// <summary>Reads the record of a model file; null when the file was saved by other means and has none.</summary>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    public static RunRecord? Read(string path)
    {
        using var file = NdlFile.Open(path);
        if (!file.Contains(NdlFile.Run)) return null;
        return JsonEntry.Read(file, path, "Model", NdlFile.Run, "a training run", json => new RunRecord
        {
            Recipe = json["recipe"]!.GetValue<string>(),
            Epochs = json["epochs"]!.GetValue<int>(),
            BatchSize = json["batchSize"]!.GetValue<int>(),
            Seed = json["seed"]!.GetValue<ulong>(),
            Products = json["products"]?.GetValue<string>(),
            Seconds = json["seconds"]!.GetValue<double>(),
        }, record => record.Nonsense());
    }

    // Numbers that could be read and that no run can have written.
    private string? Nonsense() =>
        Epochs < 1 ? $"{Epochs} epochs"
        : BatchSize < 1 ? $"a batch size of {BatchSize}"
        : !(Seconds >= 0 && double.IsFinite(Seconds)) ? $"{Seconds} seconds"
        : null;
}
