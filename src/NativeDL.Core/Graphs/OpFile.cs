using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace NativeDL;

/// <summary>Operations in files of graphs: by their names, with their attributes.</summary>
internal static class OpFile
{
    private static readonly Dictionary<string, OpSpec> Specs = OpRegistry.All.GroupBy(s => s.Name).ToDictionary(g => g.Key, g => g.First());
    private static readonly ConcurrentDictionary<string, Op?> Plain = new();

    /// <summary>The operation's attributes, none for most; null where a file could not tell them.</summary>
    public static JsonObject? AttributesOf(Op op)
    {
        if (!Specs.TryGetValue(op.Name, out var spec)) return null;
        if (op.Attributes is { } attributes) return spec.Read is null ? null : attributes;
        return ReferenceEquals(op, PlainOf(spec)) ? [] : null;
    }

    /// <summary>The operation of a name with these attributes; null where there is none, or it has others.</summary>
    public static Op? Find(string name, JsonObject attributes) =>
        !Specs.TryGetValue(name, out var spec) ? null : spec.Read is { } read ? read(attributes) : attributes.Count == 0 ? PlainOf(spec) : null;

    /// <summary>Whole numbers as an attribute.</summary>
    public static JsonArray Write(IEnumerable<int> numbers) => new([.. numbers.Select(n => (JsonNode)n)]);

    /// <summary>An attribute of whole numbers.</summary>
    public static int[] Ints(JsonObject attributes, string name) => [.. attributes[name]!.AsArray().Select(n => n!.GetValue<int>())];

    // An operation without attributes is a single object: the one that its sample call runs.
    private static Op? PlainOf(OpSpec spec) => Plain.GetOrAdd(spec.Name, _ =>
    {
        using var scope = TensorScope.Begin();
        var sample = spec.Sample(new Draw([]) { MaxElements = 16 });
        Tensor[] on = [.. sample.Inputs.Select(x => Tensor.Symbolic(x.Shape, x.DType))];
        return sample.Run(on)[0].Symbol?.From is OpNode node && node.Op.Name == spec.Name && node.Inputs == Tensors.Of(on) ? node.Op : null;
    });
}
