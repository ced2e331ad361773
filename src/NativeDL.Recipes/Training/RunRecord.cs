using System.Text.Json;
using System.Text.Json.Nodes;
using NativeDL.Formats;

namespace NativeDL.Recipes;

/// <summary>What a model file tells of the run that made it: enough to know its data, and to go on where it was stopped.</summary>
internal sealed record RunRecord
{
    public required string Recipe { get; init; }

    public required int Epochs { get; init; }

    public required int BatchSize { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Epochs finished.</summary>
    public int Epoch { get; init; }

    /// <summary>What was done of the epoch under way.</summary>
    public EpochProgress Begun { get; init; } = new();

    /// <summary>The source of the rows' order, as it stood when the epoch under way began.</summary>
    public RandomSnapshot Order { get; init; }

    /// <summary>Seconds trained so far.</summary>
    public double Seconds { get; init; }

    /// <summary>Columns and rows of the history.</summary>
    public IReadOnlyList<IReadOnlyList<KeyValuePair<string, double>>> History { get; init; } = [];

    public string ToJson() => new JsonObject
    {
        ["recipe"] = Recipe,
        ["epochs"] = Epochs,
        ["batchSize"] = BatchSize,
        ["seed"] = Seed,
        ["epoch"] = Epoch,
        ["step"] = Begun.Step,
        ["rows"] = Begun.Rows,
        ["lossSum"] = Begun.LossSum,
        ["metrics"] = new JsonArray([.. Begun.Metrics.Select(m => (JsonNode)new JsonArray(m.Sum, m.Count))]),
        ["orderSeed"] = Order.Seed,
        ["orderPosition"] = Order.Position,
        ["seconds"] = Seconds,
        ["history"] = new JsonArray([.. History.Select(row => (JsonNode)new JsonObject(row.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value))))]),
    }.ToJsonString();

    /// <summary>Reads the record of a model file; null when the file was saved by other means and has none.</summary>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    public static RunRecord? Read(string path)
    {
        using var file = NdlFile.Open(path);
        if (!file.Contains(NdlFile.Run)) return null;
        try
        {
            var json = JsonNode.Parse(file.ReadText(NdlFile.Run))!.AsObject();
            return new RunRecord
            {
                Recipe = json["recipe"]!.GetValue<string>(),
                Epochs = json["epochs"]!.GetValue<int>(),
                BatchSize = json["batchSize"]!.GetValue<int>(),
                Seed = json["seed"]!.GetValue<ulong>(),
                Epoch = json["epoch"]!.GetValue<int>(),
                Begun = new EpochProgress
                {
                    Step = json["step"]!.GetValue<int>(),
                    Rows = json["rows"]!.GetValue<long>(),
                    LossSum = json["lossSum"]!.GetValue<double>(),
                    Metrics = [.. json["metrics"]!.AsArray().Select(m => (m![0]!.GetValue<double>(), m[1]!.GetValue<double>()))],
                },
                Order = new RandomSnapshot(json["orderSeed"]!.GetValue<ulong>(), json["orderPosition"]!.GetValue<ulong>()),
                Seconds = json["seconds"]!.GetValue<double>(),
                History = [.. json["history"]!.AsArray().Select(row => row!.AsObject().Select(v => KeyValuePair.Create(v.Key, v.Value!.GetValue<double>())).ToList())],
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException or ArgumentOutOfRangeException)
        {
            throw new ModelFormatException("Model", path, null, $"the entry {NdlFile.Run} is not what a training run writes", inner: e);
        }
    }
}
