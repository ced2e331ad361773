using System.Globalization;
using System.Text;

namespace NativeDL.Plotting;

/// <summary>A grid of coloured cells with their numbers, such as a confusion matrix.</summary>
public sealed class HeatMap : SvgPlot
{
    private readonly double[,] values;
    private readonly IReadOnlyList<string> rowNames;
    private readonly IReadOnlyList<string> columnNames;

    /// <summary>A heat map of the given numbers, the first row on top.</summary>
    /// <param name="values">One number a cell; NaN leaves it empty.</param>
    /// <param name="rowNames">As many as there are rows.</param>
    /// <param name="columnNames">As many as there are columns.</param>
    public HeatMap(double[,] values, IReadOnlyList<string> rowNames, IReadOnlyList<string> columnNames)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(rowNames);
        ArgumentNullException.ThrowIfNull(columnNames);
        if (rowNames.Count != values.GetLength(0) || columnNames.Count != values.GetLength(1))
            throw Error.Input("HeatMap(values)", "rows and columns need a name each", $"{rowNames.Count} and {columnNames.Count} names",
                $"{values.GetLength(0)} and {values.GetLength(1)}");
        this.values = (double[,])values.Clone();
        this.rowNames = rowNames;
        this.columnNames = columnNames;
    }

    /// <summary>Beside the rows.</summary>
    public string RowLabel { get; init; } = "";

    /// <summary>Under the columns.</summary>
    public string ColumnLabel { get; init; } = "";

    /// <summary>How numbers are printed, as a .NET number format.</summary>
    public string ValueFormat { get; init; } = "#,0.##";

    /// <summary>Whether each row is coloured by its share of the row's sum; good for classes of different size.</summary>
    public bool ByRow { get; init; } = true;

    /// <summary>The counts of true classes (rows) against predicted ones (columns).</summary>
    /// <exception cref="InvalidInputException">The lists differ in length, or a class is out of range.</exception>
    public static HeatMap Confusion(
        IReadOnlyList<int> truth, IReadOnlyList<int> predicted, IReadOnlyList<string> classNames, string title = "Confusion matrix")
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(classNames);
        if (truth.Count != predicted.Count)
            throw Error.Input("HeatMap.Confusion(truth)", "each example needs a truth and a prediction", $"{truth.Count} and {predicted.Count}",
                "as many of each");
        var n = classNames.Count;
        var counts = new double[n, n];
        for (var i = 0; i < truth.Count; i++)
        {
            if ((uint)truth[i] >= (uint)n || (uint)predicted[i] >= (uint)n)
                throw Error.Input("HeatMap.Confusion(truth)", $"example {i} has a class out of range", $"{truth[i]} predicted as {predicted[i]}",
                    $"0 to {n - 1}");
            counts[truth[i], predicted[i]]++;
        }
        return new HeatMap(counts, classNames, classNames)
        {
            Title = title, RowLabel = "truth", ColumnLabel = "prediction", Width = 560, Height = 520,
        };
    }

    private protected override void Draw(StringBuilder svg)
    {
        int rows = values.GetLength(0), columns = values.GetLength(1);
        double top = Title.Length > 0 ? 36 : 12;
        if (rows == 0 || columns == 0)
        {
            Text(svg, Width / 2.0, (top + Height) / 2, "no data", "ndl-soft", "middle");
            return;
        }
        var left = Math.Min(Width * 0.35, (RowLabel.Length > 0 ? 30 : 10) + 8 + rowNames.Max(n => TextWidth(n)));
        var width = (Width - 14 - left) / columns;
        var longest = columnNames.Max(n => TextWidth(n));
        var slanted = longest > width - 4;
        var under = (slanted ? Math.Min(70, longest * 0.7 + 14) : 20) + (ColumnLabel.Length > 0 ? 24 : 6);
        var height = (Height - under - top) / rows;
        for (var r = 0; r < rows; r++)
        {
            Text(svg, left - 6, top + (r + 0.5) * height + 4, rowNames[r], "ndl-soft", "end");
            var (low, high) = Limits(r);
            for (var c = 0; c < columns; c++)
                Cell(svg, r, c, left + c * width, top + r * height, width, height, low, high);
        }
        for (var c = 0; c < columns; c++)
        {
            double x = left + (c + 0.5) * width, y = top + rows * height + 16;
            Text(svg, x, y, columnNames[c], "ndl-soft", slanted ? "end" : "middle", slanted ? -40 : 0);
        }
        if (RowLabel.Length > 0)
            Text(svg, 15, top + rows * height / 2, RowLabel, "", "middle", -90);
        if (ColumnLabel.Length > 0)
            Text(svg, left + columns * width / 2, Height - 8, ColumnLabel, "", "middle");
    }

    private void Cell(StringBuilder svg, int r, int c, double x, double y, double width, double height, double low, double high)
    {
        var value = values[r, c];
        var share = !Ticks.Drawable(value) || high - low < Ticks.Tiny ? 0 : Math.Clamp((value - low) / (high - low), 0, 1);
        // Rare mistakes are what one looks for: the root lifts small shares above the page's colour.
        var shade = share > 0 ? 0.06 + 0.94 * Math.Sqrt(share) : 0;
        Rect(svg, x + 0.5, y + 0.5, width - 1, height - 1,
            $"rx=\"2\" style=\"fill:{Color(0)};fill-opacity:{Number(shade)};stroke:currentColor;stroke-opacity:.08\"><title>");
        var text = double.IsFinite(value) ? value.ToString(ValueFormat, CultureInfo.InvariantCulture) : "–";
        svg.Append(Escape($"{rowNames[r]} → {columnNames[c]}: {text}")).Append("</title></rect>\n");
        if (double.IsNaN(value) || TextWidth(text, 11) > width - 2 || height < 12)
            return;
        Text(svg, x + width / 2, y + height / 2 + 4, text, share == 0 ? "ndl-soft" : "", "middle", 0,
            shade > 0.6 ? " style=\"fill:var(--ndl-on);font-size:11px\"" : " style=\"font-size:11px\"");
    }

    private (double Low, double High) Limits(int row)
    {
        double sum = 0, low = 0, high = 0;
        for (var r = ByRow ? row : 0; r < (ByRow ? row + 1 : values.GetLength(0)); r++)
            for (var c = 0; c < values.GetLength(1); c++)
            {
                var v = values[r, c];
                if (!Ticks.Drawable(v))
                    continue;
                (sum, low, high) = (sum + v, Math.Min(low, v), Math.Max(high, v));
            }
        return ByRow && low == 0 ? (0, sum) : (low, high);
    }
}
