using System.Globalization;
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
        ["lossSum"] = Number(Begun.LossSum),
        ["metrics"] = new JsonArray([.. Begun.Metrics.Select(m => (JsonNode)new JsonArray(Number(m.Sum), Number(m.Count)))]),
        ["orderSeed"] = Order.Seed,
        ["orderPosition"] = Order.Position,
        ["seconds"] = Number(Seconds),
        ["history"] = new JsonArray([.. History.Select(row => (JsonNode)new JsonObject(row.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)Number(v.Value)))))]),
    }.ToJsonString();

    /// <summary>Reads the record of a model file; null when the file was saved by other means and has none.</summary>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    public static RunRecord? Read(string path)
    {
        using var file = NdlFile.Open(path);
        if (!file.Contains(NdlFile.Run)) return null;
        try
        {
            var json = JsonNode.Parse(file.ReadText(NdlFile.Run), null, new JsonDocumentOptions { AllowDuplicateProperties = false })!.AsObject();
            var record = new RunRecord
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
                    LossSum = Number(json["lossSum"]),
                    Metrics = [.. json["metrics"]!.AsArray().Select(m => (Number(m![0]), Number(m[1])))],
                },
                Order = new RandomSnapshot(json["orderSeed"]!.GetValue<ulong>(), json["orderPosition"]!.GetValue<ulong>()),
                Seconds = Number(json["seconds"]),
                History = [.. json["history"]!.AsArray().Select(row => row!.AsObject().Select(v => KeyValuePair.Create(v.Key, Number(v.Value))).ToList())],
            };
            return record.Nonsense() is { } nonsense ? throw new FormatException(nonsense) : record;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException or ArgumentException or OverflowException)
        {
            throw new ModelFormatException("Model", path, null, $"the entry {NdlFile.Run} is not what a training run writes", e is FormatException ? e.Message.TrimEnd('.') : null, inner: e);
        }
    }

    // Numbers that could be read and that no run can have written.
    private string? Nonsense() =>
        Epochs < 1 ? $"{Epochs} epochs"
        : BatchSize < 1 ? $"a batch size of {BatchSize}"
        : Epoch < 0 || Epoch > Epochs ? $"epoch {Epoch} of {Epochs}"
        : Begun.Step < 0 || Begun.Rows < Begun.Step ? $"{Begun.Rows} rows in {Begun.Step} steps"
        : !(Seconds >= 0 && double.IsFinite(Seconds)) ? $"{Number(Seconds)} seconds"
        : History.Count > Epoch ? $"a history of {History.Count} epochs in epoch {Epoch}"
        : null;

    // JSON has no word for what is not finite: it is written as text, and comes back as it was.
    private static JsonNode Number(double value) => double.IsFinite(value) ? value : value.ToString(CultureInfo.InvariantCulture);

    private static double Number(JsonNode? value) => value!.GetValueKind() != JsonValueKind.String ? value.GetValue<double>() : value.GetValue<string>() switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        var other => throw new FormatException($"the text \"{other}\" for a number"),
    };
}
