using System.Text.Json.Nodes;

namespace NativeDL;

internal sealed partial class Objective
{
    /// <summary>Writes losses, metrics and weights as they were given; what they have summed up is not part of it.</summary>
    public void Write(JsonObject json, ConfigurationGraph graph)
    {
        json["loss"] = Node(every, graph.Write);
        json["losses"] = Each(losses, loss => Node(loss, graph.Write));
        json["metrics"] = List(onlyMetrics, graph);
        json["metricsByOutput"] = Each(metrics, list => List(list, graph));
        json["lossWeights"] = Each(weights, weight => weight);
    }

    /// <summary>The same losses, metrics and weights again.</summary>
    public static Objective Read(JsonObject json, ConfigurationGraph graph)
    {
        var weights = Each(json["lossWeights"], node => node!.GetValue<double>());
        return Each(json["losses"], node => node is null ? null! : graph.Read<Loss>(node)) is { } losses
            ? new Objective(losses, Each<IReadOnlyList<Metric>>(json["metricsByOutput"], node => List(node, graph)!), weights)
            : new Objective(json["loss"] is { } loss ? graph.Read<Loss>(loss) : null, List(json["metrics"], graph), weights);
    }

    private static JsonNode? Node<T>(T? thing, Func<T, JsonNode> write) where T : class => thing is null ? null : write(thing);

    private static JsonArray? List(IReadOnlyList<Metric>? metrics, ConfigurationGraph graph) => metrics is null ? null : new([.. metrics.Select(graph.Write)]);

    private static List<Metric>? List(JsonNode? node, ConfigurationGraph graph) => node?.AsArray().Select(m => graph.Read<Metric>(m!)).ToList();

    // By the outputs' names, or a list in their order.
    private static JsonNode? Each<T>(PerOutput<T>? all, Func<T, JsonNode?> write) =>
        all is null ? null
        : all.Names is { } names ? new JsonObject(names.Zip(all, (name, value) => KeyValuePair.Create(name, write(value))))
        : new JsonArray([.. all.Select(write)]);

    private static PerOutput<T>? Each<T>(JsonNode? node, Func<JsonNode?, T> read) => node switch
    {
        null => null,
        JsonObject named => PerOutput.Named([.. named.Select(n => (n.Key, read(n.Value)))]),
        _ => new PerOutput<T>([.. node.AsArray().Select(read)], null),
    };
}
