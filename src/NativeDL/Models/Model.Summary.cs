using System.Globalization;
using System.Text;

namespace NativeDL;

public partial class Model
{
    /// <summary>The layers, their output shapes and parameter counts as Keras lists them, and of a model made of symbols what each is connected to.</summary>
    /// <remarks>Nothing is computed. Before the model is built, shapes and counts are not known.</remarks>
    public string Summary()
    {
        var rows = new List<string[]> { graph is null ? ["Layer (type)", "Output shape", "Param #"]
            : ["Layer (type)", "Output shape", "Param #", "Connected to"] };
        if (graph is null)
            foreach (var layer in Layers) rows.Add([$"{NameOf(layer)} ({layer.GetType().Name})", Printed(layer.LastOutput), Count(layer)]);
        else
            AddCalls(rows);

        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(r => r[i].Length) + 2)];
        widths[2] = Math.Max(12, widths[2] - (graph is null ? 2 : 0));
        string thin = new('─', widths.Sum()), thick = new('═', widths.Sum());
        var text = new StringBuilder($"Model: \"{Name}\"\n").Append(thin).Append('\n');
        for (int i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            text.Append(row[0].PadRight(widths[0])).Append(row[1].PadRight(widths[1])).Append(row[2].PadLeft(widths[2]));
            if (row.Length > 3) text.Append("  ").Append(row[3]);
            text.Append('\n');
            if (i == 0) text.Append(thick).Append('\n');
        }
        var parameters = Parameters;
        return text.Append(thick)
            .Append("\nTotal params: ").Append(Sum(parameters))
            .Append("\nTrainable params: ").Append(Sum(parameters.Where(p => p.Trainable)))
            .Append("\nNon-trainable params: ").Append(Sum(parameters.Where(p => !p.Trainable)))
            .Append('\n').Append(thin).Append('\n').ToString();
    }

    // One row for each call; a layer's parameters stand at its first.
    private void AddCalls(List<string[]> rows)
    {
        var seen = new HashSet<Layer>();
        foreach (var call in Graph)
        {
            string count = call.Layer is null || !seen.Add(call.Layer) ? "0" : Count(call.Layer);
            rows.Add([call.ToString(), string.Join(", ", call.Outputs.Select(y => Printed(y.Shape))), count,
                call.IsInput ? "-" : string.Join(", ", call.Inputs.Select(x => x.Name))]);
        }
    }

    private static string Count(Layer layer) => layer.IsBuilt || layer.Parameters.Count > 0 ? Sum(layer.Parameters) : "0 (unbuilt)";

    // The batch is none of the summary's business.
    private static string Printed(Shape? shape) => shape is null ? "?" : shape.Rank == 0 ? "()"
        : $"({string.Join(", ", shape.Select((d, i) => i == 0 || d == Shape.None ? "None" : $"{d}"))}{(shape.Rank == 1 ? "," : "")})";

    private static string Sum(IEnumerable<Parameter> parameters) => parameters.Sum(p => p.Shape.ElementCount).ToString("N0", CultureInfo.InvariantCulture);
}
