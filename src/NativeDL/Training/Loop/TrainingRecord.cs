using System.Text.Json.Nodes;
using NativeDL.Formats;

namespace NativeDL;

/// <summary>Where a training stands, beside the model, its optimizer and the random state, which the same file holds.</summary>
internal sealed record TrainingRecord
{
    /// <summary>Epochs finished.</summary>
    public required int Epoch { get; init; }

    /// <summary>Whether the pass of the next epoch has begun.</summary>
    public required bool Begun { get; init; }

    /// <summary>Steps done of it.</summary>
    public required int Step { get; init; }

    /// <summary>Rows seen of it.</summary>
    public required long Rows { get; init; }

    /// <summary>The random states when that pass began.</summary>
    public required IReadOnlyList<RandomSnapshot> AtBegin { get; init; }

    /// <summary>The random states now.</summary>
    public required IReadOnlyList<RandomSnapshot> Now { get; init; }

    /// <summary>The sums of the losses.</summary>
    public required IReadOnlyList<KeyValuePair<string, double[]>> Sums { get; init; }

    /// <summary>What each metric keeps, in their order.</summary>
    public required IReadOnlyList<SavedState> Metrics { get; init; }

    /// <summary>What callbacks keep, by type, numbered where there are several.</summary>
    public required IReadOnlyList<KeyValuePair<string, SavedState>> Callbacks { get; init; }

    /// <summary>The learning rate, where a callback has set another than was compiled.</summary>
    public required JsonNode? Rate { get; init; }

    /// <summary>The rows of the history.</summary>
    public required IReadOnlyList<IReadOnlyList<KeyValuePair<string, double>>> History { get; init; }

    /// <summary>The file it was read from.</summary>
    public string File { get; init; } = "";

    public void Write(NdlWriter file)
    {
        file.AddText(NdlFile.Training, ToJson());
        file.AddTensors(NdlFile.TrainingTensors, Owners().SelectMany(o => o.Value.Tensors, (o, t) => KeyValuePair.Create($"{o.Key}/{t.Key}", t.Value)));
    }

    /// <summary>Reads the record of a file; null when it holds none.</summary>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    public static TrainingRecord? Read(NdlFile file, string path)
    {
        if (!file.Contains(NdlFile.Training)) return null;
        using var stored = file.Contains(NdlFile.TrainingTensors) ? file.ReadTensors(NdlFile.TrainingTensors) : null;
        return JsonEntry.Read(file, path, "Backup", NdlFile.Training, "a training", json => new TrainingRecord
        {
            File = path,
            Epoch = json["epoch"]!.GetValue<int>(),
            Begun = json["begun"]!.GetValue<bool>(),
            Step = json["step"]!.GetValue<int>(),
            Rows = json["rows"]!.GetValue<long>(),
            AtBegin = Snapshots(json["atBegin"]),
            Now = Snapshots(json["now"]),
            Sums = [.. json["sums"]!.AsObject().Select(s => KeyValuePair.Create(s.Key, s.Value!.AsArray().Select(SavedState.Read).ToArray()))],
            Metrics = [.. json["metrics"]!.AsArray().Select((m, i) => State($"metric/{i}", m))],
            Callbacks = [.. json["callbacks"]!.AsObject().Select(c => KeyValuePair.Create(c.Key, State($"callback/{c.Key}", c.Value)))],
            Rate = json["rate"]?.DeepClone(),
            History = [.. json["history"]!.AsArray().Select(row => row!.AsObject().Select(v => KeyValuePair.Create(v.Key, SavedState.Read(v.Value))).ToList())],
        }, record => record.Nonsense());

        SavedState State(string owner, JsonNode? node)
        {
            string prefix = owner + "/";
            var own = (stored?.Names ?? []).Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
                .ToDictionary(n => n[prefix.Length..], n => stored!.Read(n));
            return new SavedState(owner, node!.AsObject(), own, path);
        }
    }

    /// <summary>What callbacks keep.</summary>
    public static IReadOnlyList<KeyValuePair<string, SavedState>> WriteCallbacks(IReadOnlyList<Callback> callbacks)
    {
        var all = new List<KeyValuePair<string, SavedState>>();
        foreach (var (key, callback) in Named(callbacks))
        {
            var saved = new SavedState($"the callback {key}");
            callback.WriteState(saved);
            if (!saved.IsEmpty) all.Add(KeyValuePair.Create(key, saved));
        }
        return all;
    }

    /// <summary>Gives callbacks back what they kept.</summary>
    /// <param name="callbacks">The callbacks.</param>
    /// <param name="all">Whether each that kept something must be there.</param>
    /// <exception cref="ModelFormatException">One that kept something is not there any more.</exception>
    public void ReadCallbacks(IReadOnlyList<Callback> callbacks, bool all)
    {
        var named = Named(callbacks).ToDictionary();
        foreach (var (key, saved) in Callbacks)
        {
            bool isThere = named.TryGetValue(key, out var callback);
            if (!isThere && !all) continue;
            if (!isThere)
                throw new ModelFormatException("Backup", File, null, $"the training had a callback {key} that this one has not", named.Count == 0
                    ? "no callbacks" : string.Join(", ", named.Keys), key, "a training is gone on with by the same callbacks; others may be added");
            callback!.ReadState(saved);
        }
    }

    /// <summary>A random state as a file has it.</summary>
    public static JsonNode Write(RandomSnapshot random) => new JsonArray(random.Seed, random.Position, random.Forks);

    /// <summary>The random state that <see cref="Write(RandomSnapshot)"/> wrote; older files lack the last number.</summary>
    public static RandomSnapshot ReadSnapshot(JsonNode json) =>
        new(json[0]!.GetValue<ulong>(), json[1]!.GetValue<ulong>(), json.AsArray().Count > 2 ? json[2]!.GetValue<ulong>() : 0);

    /// <summary>A learning rate as a file has it.</summary>
    /// <exception cref="InvalidInputException">It is of a class that is not registered, so that it could not be made again.</exception>
    public static JsonNode Write(Schedule rate) => new ConfigurationGraph("a backup").Write(rate);

    /// <summary>The same; null where it could not be made again.</summary>
    public static JsonNode? TryWrite(Schedule rate)
    {
        try
        {
            return Write(rate);
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }

    /// <summary>The learning rate that <see cref="Write(Schedule)"/> wrote.</summary>
    public static Schedule ReadRate(JsonNode rate, string file) => new ConfigurationGraph(file).Read<Schedule>(rate);

    private string ToJson() => new JsonObject
    {
        ["epoch"] = Epoch,
        ["begun"] = Begun,
        ["step"] = Step,
        ["rows"] = Rows,
        ["atBegin"] = Snapshots(AtBegin),
        ["now"] = Snapshots(Now),
        ["sums"] = new JsonObject(Sums.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)new JsonArray([.. s.Value.Select(SavedState.Written)])))),
        ["metrics"] = new JsonArray([.. Metrics.Select(m => m.Json.DeepClone())]),
        ["callbacks"] = new JsonObject(Callbacks.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value.Json.DeepClone()))),
        ["rate"] = Rate?.DeepClone(),
        ["history"] = new JsonArray([.. History.Select(row =>
            (JsonNode)new JsonObject(row.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)SavedState.Written(v.Value)))))]),
    }.ToJsonString();

    private IEnumerable<KeyValuePair<string, SavedState>> Owners() =>
        Metrics.Select((m, i) => KeyValuePair.Create($"metric/{i}", m)).Concat(Callbacks.Select(c => KeyValuePair.Create($"callback/{c.Key}", c.Value)));

    private static IEnumerable<KeyValuePair<string, Callback>> Named(IReadOnlyList<Callback> callbacks) =>
        callbacks.GroupBy(c => c.GetType().Name).SelectMany(g => g.Select((c, i) => KeyValuePair.Create(i == 0 ? g.Key : $"{g.Key}_{i}", c)));

    // Numbers that could be read and that no training can have written.
    private string? Nonsense() =>
        Epoch < 0 ? $"epoch {Epoch}"
        : Step < 0 || Rows < 0 || (!Begun && Step > 0) ? $"{Rows} rows in {Step} steps"
        : History.Count > Epoch ? $"a history of {History.Count} epochs in epoch {Epoch}"
        : AtBegin.Count != Now.Count ? $"{AtBegin.Count} and {Now.Count} random states"
        : null;

    private static JsonArray Snapshots(IReadOnlyList<RandomSnapshot> snapshots) => new([.. snapshots.Select(Write)]);

    private static RandomSnapshot[] Snapshots(JsonNode? json) => [.. json!.AsArray().Select(s => ReadSnapshot(s!))];
}
