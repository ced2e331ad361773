using System.Globalization;
using System.Net;
using System.Text;

namespace NativeDL;

/// <summary>A graph as a picture: calls in layers from top to bottom, each below all that it needs.</summary>
internal static class GraphSvg
{
    private const double BoxHeight = 44, RowHeight = 84, Gap = 28, Margin = 24, CharWidth = 7.2, LeastWidth = 96;

    public static string Write(string name, IReadOnlyList<GraphCall> calls)
    {
        var boxes = Place(calls);
        double width = boxes.Values.Max(b => b.X + b.Width / 2) + Margin, height = boxes.Values.Max(b => b.Y) + BoxHeight + Margin;
        var text = new StringBuilder();
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:0}\" height=\"{height:0}\" viewBox=\"0 0 {width:0} {height:0}\" font-family=\"Helvetica, Arial, sans-serif\" text-anchor=\"middle\">\n");
        Add($"<title>{Plain(name)}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        foreach (var call in calls)
            foreach (var value in call.Inputs.Where(v => v.Data is null)) Edge(boxes[value.From], boxes[call.Name], value);
        foreach (var call in calls) Box(boxes[call.Name], call);
        return text.Append("</svg>\n").ToString();

        void Edge(Seat from, Seat to, GraphValue value)
        {
            double y1 = from.Y + BoxHeight, middle = (y1 + to.Y) / 2;
            Add($"<path d=\"M{from.X:0.#} {y1:0.#} C{from.X:0.#} {middle:0.#} {to.X:0.#} {middle:0.#} {to.X:0.#} {to.Y - 6:0.#}\" fill=\"none\" stroke=\"#8a94a6\" stroke-width=\"1.4\"/>\n");
            Add($"<path d=\"M{to.X - 4:0.#} {to.Y - 8:0.#} l8 0 l-4 8 z\" fill=\"#8a94a6\"/>\n");
            if (to.Row == from.Row + 1)
                Add($"<text x=\"{(from.X + to.X) / 2 + 4:0.#}\" y=\"{middle + 3:0.#}\" font-size=\"10\" fill=\"#5b6577\" text-anchor=\"start\">{Plain(value.Shape.ToString())}</text>\n");
        }

        void Box(Seat seat, GraphCall call)
        {
            var (fill, stroke) = call.IsInput ? ("#e8f3ea", "#5a9a68") : call.Layer is null ? ("#fdf3e3", "#c29448") : ("#e9f0fb", "#5b83c4");
            Add($"<rect x=\"{seat.X - seat.Width / 2:0.#}\" y=\"{seat.Y:0.#}\" width=\"{seat.Width:0.#}\" height=\"{BoxHeight:0}\" rx=\"7\" fill=\"{fill}\" stroke=\"{stroke}\"/>\n");
            Add($"<text x=\"{seat.X:0.#}\" y=\"{seat.Y + 18:0.#}\" font-size=\"13\" fill=\"#1f2733\">{Plain(call.Name)}</text>\n");
            Add($"<text x=\"{seat.X:0.#}\" y=\"{seat.Y + 34:0.#}\" font-size=\"10.5\" fill=\"#5b6577\">{Plain(call.Kind)}</text>\n");
        }

        void Add(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture));
    }

    // A call stands one row below the lowest of what it needs; within a row, calls are ordered by where their inputs stand.
    private static Dictionary<string, Seat> Place(IReadOnlyList<GraphCall> calls)
    {
        var row = new Dictionary<string, int>();
        foreach (var call in calls) row[call.Name] = call.Inputs.Where(v => v.Data is null).Select(v => row[v.From] + 1).DefaultIfEmpty(0).Max();
        var rows = calls.GroupBy(c => row[c.Name]).OrderBy(g => g.Key).Select(g => g.ToList()).ToList();
        double Width(GraphCall call) => Math.Max(LeastWidth, Math.Max(call.Name.Length, call.Kind.Length) * CharWidth + 20);
        double widest = rows.Max(r => r.Sum(Width) + Gap * (r.Count - 1));
        var seats = new Dictionary<string, Seat>();
        for (int i = 0; i < rows.Count; i++)
        {
            var ordered = rows[i].OrderBy(c => c.Inputs.Where(v => v.Data is null).Select(v => seats[v.From].X).DefaultIfEmpty(0).Average()).ToList();
            double x = Margin + (widest - ordered.Sum(Width) - Gap * (ordered.Count - 1)) / 2;
            foreach (var call in ordered)
            {
                double width = Width(call);
                seats[call.Name] = new Seat(x + width / 2, Margin + i * RowHeight, width, i);
                x += width + Gap;
            }
        }
        return seats;
    }

    private static string Plain(string text) => WebUtility.HtmlEncode(text);

    private sealed record Seat(double X, double Y, double Width, int Row);
}
