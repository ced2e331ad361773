using System.Text.Json;
using System.Text.Json.Nodes;
using NativeDL.Formats;

namespace NativeDL;

public abstract partial class Model
{
    private const int FileVersion = 1;

    /// <summary>
    /// Saves everything that training needs to go on as if it had never stopped: layers, parameters, the optimizer's
    /// state and the random state. An existing file is replaced as a whole, or, when saving fails, stays as it was.
    /// </summary>
    /// <param name="path">The file, usually <c>*.ndl</c>.</param>
    /// <param name="epoch">Epochs done, kept for whoever resumes.</param>
    public void Save(string path, int epoch = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var model = new JsonObject { ["format"] = "NativeDL", ["version"] = FileVersion, ["input"] = InputDims(), ["model"] = LayerFile.Write(this) };
        var random = RandomState.Default.State;
        var state = new JsonObject { ["epoch"] = epoch, ["steps"] = optimizer?.Steps ?? 0, ["seed"] = random.Seed, ["position"] = random.Position };
        NdlFile.Write(path, file =>
        {
            file.AddText(NdlFile.Model, model.ToJsonString());
            file.AddTensors(NdlFile.Weights, Parameters.Select(p => KeyValuePair.Create(p.Name, p.Value)));
            if (optimizer is not null) file.AddTensors(NdlFile.Optimizer, optimizer.State);
            file.AddText(NdlFile.State, state.ToJsonString());
        });
    }

    /// <summary>Saves the parameters alone as safetensors, by their names.</summary>
    public void SaveWeights(string path) => Safetensors.Save(path, Parameters.Select(p => KeyValuePair.Create(p.Name, p.Value)));

    /// <summary>Takes the parameters from a <c>.ndl</c> or <c>.safetensors</c> file; the model must be built.</summary>
    /// <exception cref="ModelFormatException">The file is damaged, or its parameters are not this model's; nothing is changed then.</exception>
    public void LoadWeights(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            using var file = SafetensorsFile.Open(path);
            TakeWeights(path, file);
        }
        else
        {
            using var file = NdlFile.Open(path);
            using var weights = file.ReadTensors(NdlFile.Weights);
            TakeWeights(path, weights);
        }
    }

    /// <summary>
    /// Takes parameters, the optimizer's state and the random state from a file that <see cref="Save"/> wrote, so that
    /// training goes on as if it had never stopped. The model must be built and compiled as it was.
    /// </summary>
    /// <returns>The number of epochs done, for <c>initialEpoch</c> of <c>Fit</c>.</returns>
    /// <exception cref="ModelFormatException">The file is damaged or another model's.</exception>
    public int Resume(string path)
    {
        var (used, _) = RequireCompiled(nameof(Resume));
        using var file = NdlFile.Open(path);
        var state = ParseObject(file, path, NdlFile.State);
        using (var weights = file.ReadTensors(NdlFile.Weights)) TakeWeights(path, weights);
        try
        {
            if (file.Contains(NdlFile.Optimizer))
            {
                using var slots = file.ReadTensors(NdlFile.Optimizer);
                using var outside = TensorScope.Suspend();
                used.Load([.. slots.Names.Select(n => KeyValuePair.Create(n, slots.Read(n)))], state["steps"]!.GetValue<long>());
            }
            RandomState.Default.State = new RandomSnapshot(state["seed"]!.GetValue<ulong>(), state["position"]!.GetValue<ulong>());
            return state["epoch"]!.GetValue<int>();
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or NullReferenceException)
        {
            throw new ModelFormatException("Model", path, null, $"the entry {NdlFile.State} is not what Save writes", inner: e);
        }
    }

    /// <summary>Makes a model from a file that <see cref="Save"/> wrote: layers and parameters, ready to predict; compile it to train on.</summary>
    /// <exception cref="ModelFormatException">The file is damaged, foreign, or holds a layer type that is not known here.</exception>
    public static Model Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = NdlFile.Open(path);
        var json = ParseObject(file, path, NdlFile.Model);
        try
        {
            if (json["format"]?.GetValue<string>() != "NativeDL" || json["version"]?.GetValue<int>() is not FileVersion)
                throw new ModelFormatException("Model", path, null, "the file is of another format or version", json["version"]?.ToJsonString() ?? "none", $"version {FileVersion}");
            if (LayerFile.Read(json["model"] as JsonObject) is not Model model)
                throw new ModelFormatException("Model", path, null, "the file holds a layer that is not a model");
            var input = (json["input"] as JsonArray)?.Select(n => n!.GetValue<int>()).ToArray() ?? [];
            if (input.Length > 0)
            {
                model.Build(input);
                using var weights = file.ReadTensors(NdlFile.Weights);
                model.TakeWeights(path, weights);
            }
            return model;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or NullReferenceException or NativeDLException and not ModelFormatException)
        {
            throw new ModelFormatException("Model", path, null, $"the layers cannot be made: {e.Message}", inner: e);
        }
    }

    private void TakeWeights(string path, SafetensorsFile file)
    {
        var parameters = Parameters;
        if (parameters.Count == 0 && file.Names.Any()) throw Error.Input($"{Name}.LoadWeights", "the model has no parameters yet", null, null, "call Build with the input's shape first");
        var names = file.Names.ToHashSet();
        var missing = parameters.Where(p => !names.Contains(p.Name)).Select(p => p.Name).ToList();
        var unknown = names.Except(parameters.Select(p => p.Name)).ToList();
        if (missing.Count + unknown.Count > 0)
            throw new ModelFormatException("Model", path, null, "the parameters are not this model's", $"missing: {List(missing)}; unknown: {List(unknown)}", null, "names are paths such as dense/kernel; layers of the same kinds in the same order give the same names");

        // Everything is read and checked before anything is changed.
        using var scope = TensorScope.Begin();
        var values = parameters.Select(p => file.Read(p.Name)).ToList();
        for (int i = 0; i < values.Count; i++)
            if (values[i].Shape != parameters[i].Shape || values[i].DType != parameters[i].DType)
                throw new ModelFormatException("Model", path, null, $"parameter {parameters[i].Name} has another shape or element type", $"{values[i].DType} {values[i].Shape}", $"{parameters[i].DType} {parameters[i].Shape}");
        for (int i = 0; i < values.Count; i++) parameters[i].Assign(values[i]);

        static string List(List<string> names) => names.Count == 0 ? "none" : string.Join(", ", names.Take(10)) + (names.Count > 10 ? ", …" : "");
    }

    private JsonArray? InputDims() => FirstInput is null ? null : new JsonArray([.. FirstInput.Dimensions.ToArray().Select((d, i) => (JsonNode)(i == 0 ? 1 : d))]);

    private static JsonObject ParseObject(NdlFile file, string path, string entry)
    {
        try
        {
            return JsonNode.Parse(file.ReadText(entry)) as JsonObject ?? throw new ModelFormatException("Model", path, null, $"the entry {entry} is not an object");
        }
        catch (JsonException e)
        {
            throw new ModelFormatException("Model", path, null, $"the entry {entry} is not JSON: {e.Message}", inner: e);
        }
    }
}
