using System.Text.Json.Nodes;
using NativeDL.Formats;

namespace NativeDL;

/// <summary>
/// A model's graph in a model file: its inputs, its layers, the calls in order and the outputs. Values between calls go by numbers, the inputs' first.
/// </summary>
internal static class GraphFile
{
    private const string Op = "op", Layer = "layer";

    /// <summary>Writes a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="json">Where to.</param>
    /// <param name="write">Writes a layer, each once.</param>
    /// <exception cref="InvalidInputException">A call is of an operation that no file could tell, or on a parameter outside of any layer.</exception>
    public static void Write(ModelGraph graph, JsonObject json, Func<Layer, JsonNode> write)
    {
        var numbers = new Dictionary<Tensor, int>(ReferenceEqualityComparer.Instance);
        var layers = graph.Layers.ToList();
        json["inputs"] = new JsonArray([.. graph.Inputs.Select((x, i) =>
            Number(x, new JsonObject { ["name"] = graph.Inputs.Names?[i], ["shape"] = ShapeOf(x), ["dtype"] = x.DType.ToString() }))]);
        json["layers"] = new JsonArray([.. layers.Select(write)]);
        var calls = new JsonArray();
        foreach (var node in graph.Nodes)
        {
            var call = new JsonObject();
            if (node is LayerNode layer)
            {
                call[Layer] = layers.IndexOf(layer.Layer);
                if (layer.Training) call["training"] = true;
                if (node.Inputs.GivenNames is { } names) call["names"] = new JsonArray([.. names.Select(n => (JsonNode)n)]);
            }
            else if (node is OpNode operation)
            {
                (string name, var attributes) = OpFile.Write(operation.Op);
                call[Op] = name;
                if (attributes.Count > 0) call["attributes"] = attributes;
            }
            call["on"] = new JsonArray([.. node.Inputs.Select(x => numbers.TryGetValue(x, out int n) ? n : (JsonNode)Constant(x))]);
            foreach (var y in node.Outputs) numbers.TryAdd(y, numbers.Count);
            calls.Add((JsonNode)call);
        }
        json["calls"] = calls;
        json["outputs"] = new JsonArray([.. graph.Results.Select((y, i) => new JsonObject { ["name"] = graph.OutputNames?[i], ["value"] = numbers[y] })]);

        JsonNode Number(Tensor x, JsonNode description)
        {
            numbers.Add(x, numbers.Count);
            return description;
        }
    }

    /// <summary>Calls the layers and operations again, on new symbols.</summary>
    /// <param name="json">What <see cref="Write"/> wrote.</param>
    /// <param name="read">Reads a layer.</param>
    /// <param name="path">The file, for errors.</param>
    public static (Tensors Inputs, Tensors Outputs) Read(JsonObject json, Func<JsonNode, Layer> read, string path)
    {
        var values = new List<Tensor>();
        var inputs = new List<(string? Name, Tensor Symbol)>();
        foreach (var input in Each(json, "inputs"))
        {
            string? name = input["name"]?.GetValue<string>();
            int[] dims = [.. input["shape"]!.AsArray().Select(d => d?.GetValue<int>() ?? Shape.None)];
            inputs.Add((name, Tensor.Symbolic(dims, TypeOf(input), name)));
            values.Add(inputs[^1].Symbol);
        }
        Layer[] layers = [.. json["layers"]!.AsArray().Select(l => read(l!))];
        foreach (var call in Each(json, "calls"))
        {
            Tensor[] on = [.. call["on"]!.AsArray().Select(v => v is JsonObject constant ? Constant(constant) : values[Place(v!, values.Count)])];
            if (call[Layer] is { } number)
            {
                var names = call["names"]?.AsArray().Select(n => n!.GetValue<string>()).ToArray();
                values.AddRange(layers[Place(number, layers.Length)].Call(Tensors.Of(on).WithNames(names), call["training"]?.GetValue<bool>() ?? false));
            }
            else
            {
                string name = call[Op]!.GetValue<string>();
                var op = OpFile.Read(name, call["attributes"] as JsonObject ?? [])
                    ?? throw new ModelFormatException("Model", path, null, $"there is no operation '{name}' with these attributes", call.ToJsonString());
                values.AddRange(op.RunMany(on));
            }
        }
        var outputs = Each(json, "outputs").Select(y => (Name: y["name"]?.GetValue<string>(), Symbol: values[Place(y["value"]!, values.Count)])).ToList();
        return (Named(inputs), Named(outputs));

        static IEnumerable<JsonObject> Each(JsonObject json, string name) => json[name]!.AsArray().Select(e => e!.AsObject());

        int Place(JsonNode number, int count) => number.GetValue<int>() is var n && n >= 0 && n < count ? n
            : throw new ModelFormatException("Model", path, null, "a call refers to what does not come before it", $"{number}", $"0 to {count - 1}");

        static Tensors Named(List<(string? Name, Tensor Symbol)> all) =>
            Tensors.Of([.. all.Select(a => a.Symbol)]).WithNames(all.TrueForAll(a => a.Name is not null) ? [.. all.Select(a => a.Name!)] : null);
    }

    private static JsonArray ShapeOf(Tensor x) => new([.. x.Shape.Select(d => d == Shape.None ? null : (JsonNode)d)]);

    private static DType TypeOf(JsonObject json) => json["dtype"]!.GetValue<string>() is var text && Enum.TryParse(text, out DType dtype)
        && Enum.IsDefined(dtype) ? dtype : throw new FormatException($"there is no element type '{text}'");

    private static JsonObject Constant(Tensor x)
    {
        if (x.Node is not null) throw Error.Input("Model.Save", "an operation of the graph uses a parameter outside of any layer", $"{x.DType} {x.Shape}",
            null, "make a layer of it, so that the parameter has a name");
        using var bytes = new MemoryStream();
        TensorBytes.Write(bytes, x);
        return new JsonObject { ["shape"] = ShapeOf(x), ["dtype"] = x.DType.ToString(), ["data"] = Convert.ToBase64String(bytes.ToArray()) };
    }

    private static Tensor Constant(JsonObject json)
    {
        int[] dims = [.. json["shape"]!.AsArray().Select(d => d!.GetValue<int>())];
        var (dtype, bytes) = (TypeOf(json), Convert.FromBase64String(json["data"]!.GetValue<string>()));
        if (bytes.Length != Shape.Of(dims).ElementCount * dtype.Size())
            throw new FormatException($"a constant {dtype} [{string.Join(", ", dims)}] of {bytes.Length} bytes");
        using var outside = TensorScope.Suspend();
        using var source = ByteSource.From(bytes, "constant");
        return TensorBytes.Read(source, 0, TensorBytes.Kind(dtype), dims, "Model");
    }
}
