using System.Globalization;
using System.Text;

namespace NativeDL;

/// <summary>A graph in the language of Graphviz.</summary>
internal static class GraphDot
{
    public static string Write(string name, IReadOnlyList<GraphCall> calls)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"digraph {Quoted(name)} {{\n    rankdir = TB;\n    node [shape = box, style = \"rounded\", fontname = \"Helvetica\"];\n");
        foreach (var call in calls)
        {
            string label = call.Name == call.Kind ? call.Name : $"{call.Name}\\n{call.Kind}";
            text.Append(CultureInfo.InvariantCulture,
                $"    {Quoted(call.Name)} [label = {Quoted(label)}{(call.IsInput ? ", style = \"rounded,filled\"" : "")}];\n");
        }
        foreach (var call in calls)
            foreach (var value in call.Inputs.Where(v => v.Data is null))
                text.Append(CultureInfo.InvariantCulture, $"    {Quoted(value.From)} -> {Quoted(call.Name)} [label = {Quoted(value.Shape.ToString())}];\n");
        return text.Append("}\n").ToString();
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
