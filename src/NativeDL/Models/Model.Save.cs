using System.Text.Json;
using System.Text.Json.Nodes;
using NativeDL.Formats;

namespace NativeDL;

public partial class Model
{
    // Version 1 knew fewer settings, some by other names; it is read all the same.
    private const int FileVersion = 2;

    /// <summary>
    /// Saves everything that training needs to go on as if it had never stopped: layers, parameters, what the model is compiled
    /// with, the optimizer's state, the model's own random state and the default one (one handed to a layer is not in the file). An existing
    /// file is replaced as a whole, or, when saving fails, stays as it was.
    /// </summary>
    /// <remarks>
    /// A loss, metric or optimizer of one's own whose class is not registered is saved by its type alone: <see cref="Load(string, bool)"/> then names it.
    /// </remarks>
    /// <param name="path">The file, usually <c>*.ndl</c>.</param>
    /// <param name="epoch">Epochs done, kept for whoever resumes.</param>
    public void Save(string path, int epoch = 0) => SaveRun(path, epoch, null);

    /// <summary>As above, in the midst of training, with what its callbacks keep.</summary>
    internal void SaveCheckpoint(string path, TrainingState training) => SaveRun(path, training.Epoch, null, training.Loop?.Reached());

    /// <summary>As above, with a text about the run that goes into the file as it is, and where its training stands; a backup may lack the layers.</summary>
    internal void SaveRun(string path, int epoch, string? run, TrainingRecord? training = null, bool mayLackLayers = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var model = Described(path, mayLackLayers);
        var state = new JsonObject { ["epoch"] = epoch, ["optimizer"] = optimizer?.Name, ["steps"] = optimizer?.Steps ?? 0,
            ["default"] = loop is null ? TrainingRecord.Write(RandomState.Default.State) : null, // training has its own
            ["own"] = TrainingRecord.Write(OwnRandom.State) };
        if (optimizer is not null) state["rate"] = TrainingRecord.TryWrite(optimizer.LearningRate);
        NdlFile.Write(path, file =>
        {
            if (model is not null) file.AddText(NdlFile.Model, model.ToJsonString());
            file.AddTensors(NdlFile.Weights, NamedParameters.Select(p => KeyValuePair.Create(p.Key, p.Value.Value)));
            if (optimizer is not null) file.AddTensors(NdlFile.Optimizer, optimizer.StateOf(NamedParameters));
            file.AddText(NdlFile.State, state.ToJsonString());
            if (run is not null) file.AddText(NdlFile.Run, run);
            training?.Write(file);
        });
    }

    // The layers as a file has them. A backup does without: whoever goes on makes the model anew.
    private JsonObject? Described(string path, bool optional)
    {
        try
        {
            var graph = new ConfigurationGraph(path);
            var json = new JsonObject { ["format"] = "NativeDL", ["version"] = FileVersion, ["input"] = this.graph is null && IsBuilt ? SignatureOf() : null,
                ["model"] = graph.Write<Layer>(this) };
            Prove(path, json);
            if (ClassNames.Count > 0) json["classes"] = new JsonArray([.. ClassNames.Select(n => (JsonNode)n)]);
            if (optimizer is not null) json["compiled"] = Compiled(graph);
            return json;
        }
        catch (InvalidInputException) when (optional)
        {
            return null;
        }
    }

    // A file is no use that cannot be loaded: the model is made of it once, without data, and must have the same parameters.
    private void Prove(string path, JsonObject json)
    {
        Model again;
        using var apart = RandomState.Use(new RandomState(0)); // saving draws nothing
        try
        {
            again = OfJson((JsonObject)JsonNode.Parse(json.ToJsonString())!, new ConfigurationGraph(path), path);
        }
        catch (Exception e) when (e is JsonException or NativeDLException or ArgumentException or InvalidOperationException or NullReferenceException
            or FormatException or OverflowException)
        {
            throw Error.Input($"{Name}.Save", $"the file could not be loaded again: {e.Message.TrimEnd('.')}", null, null,
                "a constructor's parameters are all that a file knows of a class; the weights alone are saved by SaveWeights");
        }
        string[] here = [.. NamedParameters.Select(Told)], there = [.. again.NamedParameters.Select(Told)];
        if (!here.SequenceEqual(there))
            throw Error.Input($"{Name}.Save", "the model could not be loaded again with the same parameters",
                $"{string.Join(", ", here.Except(there).DefaultIfEmpty("the same").Take(5))}; "
                    + $"the file would give {string.Join(", ", there.Except(here).DefaultIfEmpty("none instead, or in another order").Take(5))}", null,
                "a layer that was added to a built model has its parameters once the model is called; the weights alone are saved by SaveWeights");

        static string Told(KeyValuePair<string, Parameter> p) => $"{p.Key} {p.Value.DType} {p.Value.Shape}";
    }

    private JsonObject Compiled(ConfigurationGraph graph)
    {
        graph.NamesUnknown = true;
        var json = new JsonObject { ["optimizer"] = graph.Write(optimizer!) };
        objective!.Write(json, graph);
        return json;
    }

    /// <summary>Saves the parameters alone, by their names, in the format that the file's ending names: <c>.safetensors</c>, <c>.npz</c>.</summary>
    /// <exception cref="InvalidInputException">No format with such an ending holds tensors; those that do are listed.</exception>
    public void SaveWeights(string path)
    {
        var format = FileFormat.Find<ITensorFormat>(path) ?? throw FileFormat.Unknown<ITensorFormat>($"{Name}.SaveWeights", path);
        format.WriteTensors(path, NamedParameters.Select(p => KeyValuePair.Create(p.Key, p.Value.Value)));
    }

    /// <summary>Takes the parameters from a file of <see cref="SaveWeights"/>, or from a model file, whatever its ending; the model must be built.</summary>
    /// <exception cref="ModelFormatException">The file is damaged, or its parameters are not this model's; nothing is changed then.</exception>
    public void LoadWeights(string path)
    {
        using var scope = TensorScope.Begin();
        if (FileFormat.Find<ITensorFormat>(path) is { } format)
        {
            Take(WeightsOf(path, format.ReadTensors(path)));
            return;
        }
        using var file = NdlFile.Open(path);
        using var weights = file.ReadTensors(NdlFile.Weights);
        Take(WeightsOf(path, weights));
    }

    /// <summary>
    /// Takes parameters, the optimizer's state and the random states from a file that <see cref="Save"/> wrote, so that
    /// training goes on as if it had never stopped. The model must be built and compiled as it was.
    /// </summary>
    /// <returns>The number of epochs done, for <c>initialEpoch</c> of <c>Fit</c>.</returns>
    /// <exception cref="ModelFormatException">The file is damaged, another model's or another optimizer's; nothing is changed then.</exception>
    public int Resume(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = NdlFile.Open(path);
        TrainingRecord? training;
        using (TensorScope.Suspend()) training = TrainingRecord.Read(file, path);
        int epoch = ResumeFrom(file, path);
        resumed = training;
        return epoch;
    }

    private TrainingRecord? resumed;

    /// <summary>
    /// What callbacks had counted in the training that <see cref="Resume"/> went on with; null where the training that begins is another. Once.
    /// </summary>
    internal TrainingRecord? TakeResumed(int initialEpoch)
    {
        var record = resumed?.Epoch == initialEpoch ? resumed : null;
        resumed = null;
        return record;
    }

    internal int ResumeFrom(NdlFile file, string path)
    {
        var (used, _) = RequireCompiled(nameof(Resume));
        var (epoch, steps, random, drawn, rate) = StateOf(file, path, used);
        using var scope = TensorScope.Begin();
        using var stored = file.ReadTensors(NdlFile.Weights);
        var weights = WeightsOf(path, stored);
        if (file.Contains(NdlFile.Optimizer)) LoadState(file, path, used, steps);
        Take(weights);
        // One that training has changed goes on as it was left.
        if (rate is not null && !JsonNode.DeepEquals(TrainingRecord.TryWrite(used.LearningRate), rate)) used.LearningRate = TrainingRecord.ReadRate(rate, path);
        if (random is { } ofDefault) RandomState.Default.State = ofDefault;
        if (drawn is { } own) OwnRandom.State = own;
        return epoch;
    }

    /// <summary>
    /// Makes a model from a file that <see cref="Save"/> wrote: layers and parameters, and, where it was saved compiled, the optimizer
    /// with its state, losses and metrics, so that it can be evaluated or trained on at once. The model draws on from where
    /// it was saved; the default random state is as before, and <see cref="Resume"/> restores that too.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="compile">Whether the model is compiled as it was; false leaves that, and what it needs to be known, aside.</param>
    /// <exception cref="ModelFormatException">The file is damaged, foreign, or holds a layer, optimizer, loss or metric that is not known here: the error names
    /// it.</exception>
    public static Model Load(string path, bool compile = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = NdlFile.Open(path);
        return Load(file, path, compile);
    }

    /// <summary>The same for a model whose class is known: <c>Model.Load&lt;Sequential&gt;("mnist.ndl")</c>.</summary>
    /// <typeparam name="T">The class of the model in the file.</typeparam>
    /// <exception cref="InvalidInputException">The file holds a model of another class.</exception>
    /// <inheritdoc cref="Load(string, bool)"/>
    public static T Load<T>(string path, bool compile = true) where T : Model
    {
        var model = Load(path, compile);
        return model as T ?? throw Error.Input("Model.Load", "the file holds a model of another class", $"{model.GetType().Name} in {path}", typeof(T).Name);
    }

    internal static Model Load(NdlFile file, string path, bool compile = true)
    {
        var json = ParseObject(file, path, NdlFile.Model);
        using var apart = RandomState.Use(new RandomState(0)); // loading draws nothing
        var graph = new ConfigurationGraph(path);
        var model = Made(path, "the layers cannot be made", null, () =>
        {
            if (json["format"]?.GetValue<string>() != "NativeDL" || json["version"]?.GetValue<int>() is not (>= 1 and <= FileVersion))
                throw new ModelFormatException("Model", path, null, "the file is of another format or version", json["version"]?.ToJsonString() ?? "none",
                    $"version 1 to {FileVersion}");
            var model = OfJson(json, graph, path);
            if (file.Contains(NdlFile.State) && DrawnOf(ParseObject(file, path, NdlFile.State)) is { } drawn) model.OwnRandom.State = drawn;
            if (json["classes"] is JsonArray classes) model.ClassNames = [.. classes.Select(c => c!.GetValue<string>())];
            if (!file.Contains(NdlFile.Weights) && model.Parameters.Count == 0) return model;
            using var weights = file.ReadTensors(NdlFile.Weights);
            using var scope = TensorScope.Begin();
            model.Take(model.WeightsOf(path, weights));
            return model;
        });
        if (!compile || json["compiled"] is not { } compiled) return model;
        return Made(path, "the model cannot be compiled as it was", "Model.Load(path, compile: false) leaves that aside", () =>
        {
            var settings = compiled.AsObject();
            var used = graph.Read<Optimizer>(settings["optimizer"]!);
            model.Compile(used, Objective.Read(settings, graph), replace: false);
            model.isCompiledAsSaved = true;
            using var scope = TensorScope.Begin();
            if (file.Contains(NdlFile.Optimizer)) model.LoadState(file, path, used, StateOf(file, path, used).Steps);
            return model;
        });
    }

    // The layers with their parameters, whose values are not made yet.
    private static Model OfJson(JsonObject json, ConfigurationGraph graph, string path)
    {
        if (json["model"] is not JsonObject layers || graph.Read<Layer>(layers) is not Model model)
            throw new ModelFormatException("Model", path, null, "the file holds a layer that is not a model");
        if (json["input"] is JsonArray { Count: > 0 } input && !model.IsBuilt) model.Call(SymbolsOf(input), CallContext.ForInference(training: false));
        return model;
    }

    // A file can hold anything: whatever goes wrong in making objects of it is the file's fault, and said to be.
    private static Model Made(string path, string failure, string? hint, Func<Model> make)
    {
        try
        {
            return make();
        }
        catch (ModelFormatException e) when (hint is not null)
        {
            throw new ModelFormatException("Model", path, e.Offset, $"{failure}: {e.Reason}", null, null,
                $"a class of your own is known by [Registered] once its assembly is loaded; {hint}", e);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or NullReferenceException or ArgumentException or OverflowException
            or NativeDLException and not ModelFormatException)
        {
            throw new ModelFormatException("Model", path, null, $"{failure}: {e.Message.TrimEnd('.')}", null, null, hint, e);
        }
    }

    private void LoadState(NdlFile file, string path, Optimizer into, long steps)
    {
        using var slots = file.ReadTensors(NdlFile.Optimizer);
        into.Load(SlotsOf(path, slots), steps, NamedParameters);
    }

    // The parameters' new values: everything is read and checked before anything is changed.
    private List<Tensor> WeightsOf(string path, SafetensorsFile file) => WeightsOf(path, [.. file.Names], file.Read);

    private List<Tensor> WeightsOf(string path, IReadOnlyDictionary<string, Tensor> tensors) => WeightsOf(path, [.. tensors.Keys], name => tensors[name]);

    private List<Tensor> WeightsOf(string path, IReadOnlyList<string> stored, Func<string, Tensor> read)
    {
        HashSet<string> names = [.. stored];
        var parameters = NamedParameters;
        if (parameters.Count == 0 && names.Count > 0)
            throw Error.Input($"{Name}.LoadWeights", "the model has no parameters yet", null, null, "call Build with the input's shape first");
        var missing = parameters.Select(p => p.Key).Where(name => !names.Contains(name)).ToList();
        var unknown = names.Except(parameters.Select(p => p.Key)).ToList();
        if (missing.Count + unknown.Count > 0)
            throw new ModelFormatException("Model", path, null, "the parameters are not this model's", $"missing: {List(missing)}; unknown: {List(unknown)}",
                null, "names are paths such as dense/kernel; layers of the same kinds in the same order give the same names");

        // In the file's order, which is read from front to back.
        var found = stored.ToDictionary(name => name, read);
        var values = parameters.Select(p => found[p.Key]).ToList();
        foreach (var ((name, parameter), value) in parameters.Zip(values))
            if (value.Shape != parameter.Shape || value.DType != parameter.DType)
                throw new ModelFormatException("Model", path, null, $"parameter {name} has another shape or element type", $"{value.DType} {value.Shape}",
                    $"{parameter.DType} {parameter.Shape}");
        return values;

        static string List(List<string> names) => names.Count == 0 ? "none" : string.Join(", ", names.Take(10)) + (names.Count > 10 ? ", …" : "");
    }

    private void Take(List<Tensor> values)
    {
        foreach (var (parameter, value) in Parameters.Zip(values)) parameter.Take(value);
    }

    private static (int Epoch, long Steps, RandomSnapshot? Random, RandomSnapshot? Drawn, JsonNode? Rate) StateOf(NdlFile file, string path, Optimizer used)
    {
        var state = ParseObject(file, path, NdlFile.State);
        try
        {
            var (epoch, steps) = (state["epoch"]!.GetValue<int>(), state["steps"]!.GetValue<long>());
            if (epoch < 0 || steps < 0) throw new FormatException($"epoch {epoch}, steps {steps}");
            if (state["optimizer"]?.GetValue<string>() is { } name && name != used.Name)
                throw new ModelFormatException("Model", path, null, "the file has the state of another optimizer", name, used.Name,
                    "compile the model as it was, or take the parameters alone by LoadWeights");
            var rate = state["rate"]?.DeepClone();
            if (rate is not null) _ = TrainingRecord.ReadRate(rate, path);
            // Older files have the default state alone, written otherwise.
            RandomSnapshot? random = state["default"] is { } written ? TrainingRecord.ReadSnapshot(written)
                : state["seed"] is { } seed ? new(seed.GetValue<ulong>(), state["position"]!.GetValue<ulong>()) : null;
            return (epoch, steps, random, DrawnOf(state), rate);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or NullReferenceException or ArgumentException)
        {
            throw new ModelFormatException("Model", path, null, $"the entry {NdlFile.State} is not what Save writes", inner: e);
        }
    }

    // What the model itself draws from, where the file tells.
    private static RandomSnapshot? DrawnOf(JsonObject state) => state["own"] is { } own ? TrainingRecord.ReadSnapshot(own) : null;

    private List<KeyValuePair<string, Tensor>> SlotsOf(string path, SafetensorsFile file)
    {
        var shapes = NamedParameters.ToDictionary(p => p.Key, p => p.Value.Shape);
        foreach (string name in file.Names)
        {
            bool counts = NativeDL.Optimizer.IsStepCount(name);
            if (!shapes.TryGetValue(NativeDL.Optimizer.OwnerOf(name), out var shape) || file.ShapeOf(name) != (counts ? Shape.Scalar : shape))
                throw new ModelFormatException("Model", path, null, $"the optimizer's '{name}' belongs to no parameter of this model", $"{file.ShapeOf(name)}");
            if (counts && file.Read(name) is var steps && (steps.DType != DType.Int64 || steps.Item() < 0))
                throw new ModelFormatException("Model", path, null, $"the optimizer's '{name}' is no number of steps", $"{steps}");
        }
        return [.. file.Names.Select(n => KeyValuePair.Create(n, file.Read(n)))];
    }

    // The input's dimensions, a batch of 1 in front; of several inputs, or of another element type than Float32, each with its type.
    private JsonArray SignatureOf() => Signature.Count == 1 && Signature[0].DType == DType.Float32 ? Dims(Signature[0])
        : new JsonArray([.. Signature.Select((x, i) =>
            new JsonObject { ["name"] = Signature.Names?[i], ["shape"] = Dims(x), ["dtype"] = x.DType.ToString() })]);

    private static JsonArray Dims(Tensor x) => new([.. x.Shape.Select((d, i) => (JsonNode)(i == 0 && d == Shape.None ? 1 : d))]);

    private static Tensors SymbolsOf(JsonArray inputs)
    {
        if (inputs[0] is JsonValue) return Symbol(inputs, DType.Float32);
        var all = inputs.Select(i => i!.AsObject()).ToList();
        string?[] names = [.. all.Select(i => i["name"]?.GetValue<string>())];
        return Tensors.Of([.. all.Select(i => Symbol(i["shape"]!.AsArray(), Enum.Parse<DType>(i["dtype"]!.GetValue<string>())))])
            .WithNames(names.Contains(null) ? null : [.. names.Select(n => n!)]);

        // The size of the batch is not the file's business.
        static Tensor Symbol(JsonArray dims, DType dtype) => Tensor.Symbolic([Shape.None, .. dims.Skip(1).Select(d => d!.GetValue<int>())], dtype);
    }

    private static JsonObject ParseObject(NdlFile file, string path, string entry)
    {
        try
        {
            return JsonNode.Parse(file.ReadText(entry), null, new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
                ?? throw new ModelFormatException("Model", path, null, $"the entry {entry} is not an object");
        }
        // InvalidOperationException: half a surrogate pair in a name.
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new ModelFormatException("Model", path, null, $"the entry {entry} is not JSON: {e.Message}", inner: e);
        }
    }
}
