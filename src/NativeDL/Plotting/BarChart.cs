using System.Globalization;
using System.Text;

namespace NativeDL.Plotting;

/// <summary>A chart of horizontal bars with a name each, such as the accuracy of every class.</summary>
public sealed class BarChart : SvgPlot
{
    private readonly List<(string Name, double Value)> bars = [];

    /// <summary>How values are printed, as a .NET number format.</summary>
    public string ValueFormat { get; init; } = "G4";

    /// <summary>The end of the axis; the largest value by default.</summary>
    public double? Maximum { get; init; }

    /// <summary>Adds a bar. A value that is no number has its name shown and no bar.</summary>
    public BarChart Add(string name, double value)
    {
        ArgumentNullException.ThrowIfNull(name);
        bars.Add((name, value));
        return this;
    }

    private protected override void Draw(StringBuilder svg)
    {
        double top = Title.Length > 0 ? 36 : 12, bottom = Height - 12;
        var finite = bars.Where(b => Ticks.Drawable(b.Value)).Select(b => b.Value).ToList();
        if (bars.Count == 0)
        {
            Text(svg, Width / 2.0, (top + bottom) / 2, "no data", "ndl-soft", "middle");
            return;
        }
        var low = Math.Min(0, finite.DefaultIfEmpty(0).Min());
        var high = Math.Max(Maximum ?? double.NegativeInfinity, Math.Max(0, finite.DefaultIfEmpty(0).Max()));
        if (!(high - low > Ticks.Tiny))
            high = low + 1;
        var texts = bars.Select(b => Ticks.Drawable(b.Value) ? b.Value.ToString(ValueFormat, CultureInfo.InvariantCulture) : "–").ToList();
        var left = Math.Min(Width * 0.4, 16 + bars.Max(b => TextWidth(b.Name)));
        var right = Width - 20 - texts.Max(t => TextWidth(t));
        double Px(double v) => left + (v - low) / (high - low) * (right - left);

        var row = (bottom - top) / bars.Count;
        var thick = Math.Min(26, row * 0.7);
        for (var i = 0; i < bars.Count; i++)
        {
            var (name, value) = bars[i];
            var middle = top + (i + 0.5) * row;
            Text(svg, left - 8, middle + 4, name, "", "end");
            if (!Ticks.Drawable(value))
            {
                Text(svg, Px(0) + 6, middle + 4, texts[i], "ndl-soft");
                continue;
            }
            double from = Math.Min(Px(0), Px(value)), to = Math.Max(Px(0), Px(value));
            Rect(svg, from, middle - thick / 2, Math.Max(to - from, 1), thick, $"rx=\"2\" style=\"fill:{Color(0)}\"/>\n");
            Text(svg, to + 6, middle + 4, texts[i], "ndl-soft");
        }
        Line(svg, Px(0), top, Px(0), bottom, "ndl-axis");
    }
}
