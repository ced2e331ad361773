using System.Text;

namespace NativeDL.Plotting;

/// <summary>One line of a chart.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="X">Where the points stand.</param>
/// <param name="Y">Their values; NaN and infinities leave gaps.</param>
/// <param name="Dashed">Whether the line is dashed.</param>
public sealed record LineSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, bool Dashed = false);

/// <summary>A chart of one or more lines over one axis, such as losses over epochs.</summary>
public sealed class LineChart : SvgPlot
{
    private const int MostMarkers = 40;
    private readonly List<LineSeries> series = [];

    /// <summary>Under the horizontal axis.</summary>
    public string XLabel { get; init; } = "";

    /// <summary>Beside the vertical axis.</summary>
    public string YLabel { get; init; } = "";

    /// <summary>Whether the horizontal axis counts whole things, such as epochs.</summary>
    public bool WholeX { get; init; }

    /// <summary>Whether the vertical axis is logarithmic; values of 0 and below then leave gaps.</summary>
    public bool LogY { get; init; }

    /// <summary>The lines, in the order they were added.</summary>
    public IReadOnlyList<LineSeries> Series => series;

    /// <summary>Adds a line through the points (1, y₁), (2, y₂), …</summary>
    public LineChart Add(string name, IReadOnlyList<double> y, bool dashed = false)
    {
        ArgumentNullException.ThrowIfNull(y);
        return Add(name, [.. Enumerable.Range(1, y.Count).Select(i => (double)i)], y, dashed);
    }

    /// <summary>Adds a line through the points (x, y).</summary>
    public LineChart Add(string name, IReadOnlyList<double> x, IReadOnlyList<double> y, bool dashed = false)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count != y.Count)
            throw Error.Input("LineChart.Add(x, y)", "a point needs both of its numbers", $"{x.Count} x and {y.Count} y", "as many of each");
        series.Add(new LineSeries(name, [.. x], [.. y], dashed));
        return this;
    }

    private protected override void Draw(StringBuilder svg)
    {
        var points = series.Select(s => s.X.Zip(s.Y, (x, y) => (X: x, Y: Scale(y))).ToArray()).ToList();
        var finite = points.SelectMany(p => p).Where(p => Ticks.Drawable(p.X) && Ticks.Drawable(p.Y)).ToList();
        var (yLow, yHigh) = Ticks.Range([.. finite.Select(p => p.Y)]);
        var (xLow, xHigh) = XRange(finite.Select(p => p.X).ToList());

        double top = Title.Length > 0 ? 34 : 12, bottom = Height - (XLabel.Length > 0 ? 46 : 28), right = Width - 16;
        top = Legend(svg, top, right);
        var yTicks = LogY ? Ticks.Logarithmic(yLow, yHigh) : Ticks.Nice(yLow, yHigh, (int)((bottom - top) / 36));
        var yTexts = yTicks.Select(t => LogY ? Ticks.LogLabel(t) : Ticks.Label(t, yTicks)).ToArray();
        var left = (YLabel.Length > 0 ? 24 : 6) + 10 + yTexts.Select(t => TextWidth(t)).DefaultIfEmpty(0).Max();
        var xTicks = Ticks.Nice(xLow, xHigh, (int)((right - left) / 70), WholeX);
        double Px(double x) => left + (x - xLow) / (xHigh - xLow) * (right - left);
        double Py(double y) => bottom - (y - yLow) / (yHigh - yLow) * (bottom - top);

        for (var i = 0; i < yTicks.Length; i++)
        {
            Line(svg, left, Py(yTicks[i]), right, Py(yTicks[i]), "ndl-grid");
            Text(svg, left - 6, Py(yTicks[i]) + 4, yTexts[i], "ndl-soft", "end");
        }
        foreach (var tick in xTicks)
        {
            Line(svg, Px(tick), top, Px(tick), bottom, "ndl-grid");
            Text(svg, Px(tick), bottom + 17, Ticks.Label(tick, xTicks), "ndl-soft", "middle");
        }
        svg.Append("<path class=\"ndl-axis\" d=\"M").Append(Number(left)).Append(' ').Append(Number(top)).Append('V')
            .Append(Number(bottom)).Append('H').Append(Number(right)).Append("\"/>\n");
        if (XLabel.Length > 0)
            Text(svg, (left + right) / 2, Height - 10, XLabel, "", "middle");
        if (YLabel.Length > 0)
            Text(svg, 15, (top + bottom) / 2, YLabel, "", "middle", -90);
        if (finite.Count == 0)
            Text(svg, (left + right) / 2, (top + bottom) / 2, "no data", "ndl-soft", "middle");
        for (var s = 0; s < points.Count; s++)
            Curve(svg, s, points[s], Px, Py);
    }

    private void Curve(StringBuilder svg, int s, (double X, double Y)[] points, Func<double, double> px, Func<double, double> py)
    {
        var path = new StringBuilder();
        var markers = new StringBuilder();
        var pen = false;
        for (var i = 0; i < points.Length; i++)
        {
            var (x, y) = points[i];
            if (!Ticks.Drawable(x) || !Ticks.Drawable(y))
            {
                pen = false;
                continue;
            }
            path.Append(pen ? 'L' : 'M').Append(Number(px(x))).Append(' ').Append(Number(py(y)));
            pen = true;
            // A point between two gaps has no line, so it is always marked.
            var alone = (i == 0 || !Ticks.Drawable(points[i - 1].Y)) && (i == points.Length - 1 || !Ticks.Drawable(points[i + 1].Y));
            if (points.Length > MostMarkers && !alone)
                continue;
            markers.Append("<circle cx=\"").Append(Number(px(x))).Append("\" cy=\"").Append(Number(py(y))).Append("\" r=\"3\"><title>")
                .Append(Escape($"{series[s].Name}: {Precise(series[s].Y[i])} at {Precise(series[s].X[i])}")).Append("</title></circle>\n");
        }
        if (path.Length == 0)
            return;
        svg.Append("<path class=\"ndl-line\" style=\"stroke:").Append(Color(s)).Append('"').Append(Dash(s)).Append(" d=\"").Append(path).Append("\"/>\n");
        if (markers.Length > 0)
            svg.Append("<g style=\"fill:").Append(Color(s)).Append("\">\n").Append(markers).Append("</g>\n");
    }

    /// <summary>Draws the legend, in as many rows as it needs, and returns where the chart may begin.</summary>
    private double Legend(StringBuilder svg, double top, double right)
    {
        if (series.Count == 0)
            return top;
        double x = 16, y = top + 10;
        for (var s = 0; s < series.Count; s++)
        {
            var width = 32 + TextWidth(series[s].Name) + 14;
            if (x > 16 && x + width > right)
            {
                x = 16;
                y += 18;
            }
            svg.Append("<path class=\"ndl-line\" style=\"stroke:").Append(Color(s)).Append('"').Append(Dash(s)).Append(" d=\"M")
                .Append(Number(x)).Append(' ').Append(Number(y - 4)).Append("h24\"/>\n");
            Text(svg, x + 32, y, series[s].Name);
            x += width;
        }
        return y + 14;
    }

    private string Dash(int s) => series[s].Dashed ? " stroke-dasharray=\"6 4\"" : "";

    private static (double, double) XRange(List<double> xs)
    {
        if (xs.Count == 0)
            return (0, 1);
        double low = xs.Min(), high = xs.Max();
        // Lines start at the axis; a single point stands in the middle.
        return high - low > Math.Max(Ticks.Tiny, 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high))) ? (low, high)
            : (low - Math.Max(0.5, Math.Abs(low) * 1e-6), high + Math.Max(0.5, Math.Abs(high) * 1e-6));
    }

    private double Scale(double y) => !LogY ? y : y > 0 ? Math.Log10(y) : double.NaN;

    private static string Precise(double value) => value.ToString("G6", System.Globalization.CultureInfo.InvariantCulture);
}
