using System.Globalization;
using System.Xml.Linq;
using NativeDL.Plotting;

namespace NativeDL.Tests.Plotting;

public class SvgPlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void A_line_chart_has_title_axes_legend_and_lines()
    {
        var chart = new LineChart { Title = "Loss", XLabel = "epoch", YLabel = "loss", WholeX = true }
            .Add("training", [0.9, 0.5, 0.3]).Add("validation", [0.8, 0.6, 0.5], dashed: true);
        var xml = Parse(chart);
        var texts = Texts(xml);
        Assert.Superset(new HashSet<string> { "Loss", "epoch", "loss", "training", "validation", "1", "2", "3" }, texts.ToHashSet());
        Assert.Equal(6, xml.Descendants(Svg + "circle").Count());
        Assert.Equal(2, Lines(xml).Count(p => p.StartsWith('M') && p.Count(c => c == 'L') == 2));
    }

    [Fact]
    public void Text_is_escaped()
    {
        const string nasty = "<script>\"&'\u0001\ud800 é 名 🙂";
        var xml = Parse(new LineChart { Title = nasty }.Add(nasty, [1, 2]));
        Assert.Contains("<script>\"&'?? é 名 🙂", Texts(xml));
        Assert.Empty(xml.Descendants(Svg + "script"));
    }

    [Fact]
    public void Gaps_single_points_and_no_data_are_drawn()
    {
        var gap = Parse(new LineChart().Add("a", [1, 2, double.NaN, double.PositiveInfinity, 4, double.NaN]));
        Assert.Equal(3, gap.Descendants(Svg + "circle").Count());
        Assert.Contains(Lines(gap), p => p.Count(c => c == 'M') == 2 && p.Count(c => c == 'L') == 1);
        Assert.Single(Parse(new LineChart().Add("a", [0.5])).Descendants(Svg + "circle"));
        Assert.Contains("no data", Texts(Parse(new LineChart())));
        Assert.Contains("no data", Texts(Parse(new LineChart().Add("a", []).Add("b", [double.NaN]))));
        Assert.Contains("no data", Texts(Parse(new BarChart())));
        Assert.Contains("no data", Texts(Parse(new HeatMap(new double[0, 0], [], []))));
    }

    [Theory]
    [InlineData(1e300, -1e300)]
    [InlineData(double.MaxValue, double.MinValue)]
    [InlineData(5e-324, 0)]
    [InlineData(1e15, 1e15 + 0.125)]
    [InlineData(0, 0)]
    [InlineData(-3, -3)]
    [InlineData(double.NaN, double.NegativeInfinity)]
    public void Coordinates_are_finite_whatever_the_values(double a, double b)
    {
        SvgPlot[] plots =
        [
            new LineChart().Add("y", [a, b]), new LineChart { LogY = true }.Add("y", [a, b]), new LineChart().Add("x", [a, b], [1, 2]),
            new BarChart().Add("a", a).Add("b", b), new HeatMap(new[,] { { a, b } }, ["r"], ["c", "d"]),
            new HeatMap(new[,] { { a, b } }, ["r"], ["c", "d"]) { ByRow = false },
        ];
        foreach (var plot in plots)
        {
            foreach (var attribute in Parse(plot).Descendants().Attributes()
                .Where(x => x.Name.LocalName is "d" or "x" or "y" or "cx" or "cy" or "width" or "height" or "x1" or "y1"))
            {
                Assert.DoesNotContain("NaN", attribute.Value, StringComparison.Ordinal);
                Assert.DoesNotContain("∞", attribute.Value, StringComparison.Ordinal);
                Assert.DoesNotContain("Infinity", attribute.Value, StringComparison.Ordinal);
                Assert.DoesNotContain("E+", attribute.Value, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Ticks_are_round_numbers()
    {
        Assert.Equal([0, 0.2, 0.4, 0.6, 0.8, 1.0], Ticks.Nice(0, 1, 5).Select(t => Math.Round(t, 12)));
        Assert.Equal([-50, 0, 50, 100], Ticks.Nice(-60, 130, 4));
        Assert.Equal([1, 2, 3], Ticks.Nice(1, 3, 8, whole: true));
        Assert.Equal("0.05", Ticks.Label(0.05, [0, 0.05, 0.1]));
        Assert.Equal("0.0", Ticks.Label(-1e-17, [-0.5, -1e-17]));
        Assert.Equal("2e6", Ticks.Label(2e6, [1e6, 2e6]));
    }

    [Fact]
    public void Logarithmic_axes_leave_out_what_has_no_logarithm()
    {
        var xml = Parse(new LineChart { LogY = true }.Add("a", [100, 1, 0, -5, 0.01]));
        Assert.Equal(3, xml.Descendants(Svg + "circle").Count());
        Assert.Superset(new HashSet<string> { "0.01", "1", "100" }, Texts(xml).ToHashSet());
    }

    [Theory]
    [InlineData(1.6, 2.4, "1.6 1.8 2 2.2 2.4")]
    [InlineData(0.11, 0.14, "0.11 0.12 0.13 0.14")]
    [InlineData(1.58, 2.43, "1.6 1.8 2 2.2 2.4")]
    [InlineData(0.3, 2.6, "0.5 1 2")]
    [InlineData(0.09, 11, "0.1 1 10")]
    [InlineData(2e-6, 3e-5, "2e-6 5e-6 1e-5 2e-5")]
    [InlineData(1e-9, 1e9, "1e-5 1 1e5")]
    public void Logarithmic_ticks_are_round_numbers(double low, double high, string expected)
    {
        var ticks = Ticks.Logarithmic(Math.Log10(low) - 1e-9, Math.Log10(high) + 1e-9);
        Assert.Equal(expected, string.Join(' ', ticks.Select(Ticks.LogLabel)));
    }

    [Fact]
    public void A_confusion_matrix_counts_truth_against_prediction()
    {
        var texts = Texts(Parse(HeatMap.Confusion([0, 0, 1, 1, 1], [0, 1, 1, 1, 1], ["cat", "dog"])));
        Assert.Contains("cat → dog: 1", texts);
        Assert.Contains("dog → dog: 3", texts);
        Assert.Contains("dog → cat: 0", texts);
        Assert.Throws<InvalidInputException>(() => HeatMap.Confusion([0], [2], ["cat", "dog"]));
        Assert.Throws<InvalidInputException>(() => HeatMap.Confusion([0], [], ["cat", "dog"]));
    }

    [Fact]
    public void Bars_have_names_and_values()
    {
        var xml = Parse(new BarChart { ValueFormat = "0.0 %", Maximum = 1 }.Add("cat", 0.5).Add("dog", double.NaN));
        Assert.Superset(new HashSet<string> { "cat", "50.0 %", "dog", "–" }, Texts(xml).ToHashSet());
        Assert.Single(xml.Descendants(Svg + "rect"));
    }

    [Fact]
    public void Numbers_do_not_depend_on_the_culture()
    {
        var chart = new LineChart().Add("a", [0.25, 0.75]);
        var expected = chart.ToSvg();
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Assert.Equal(expected, chart.ToSvg());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Pictures_are_saved_whole()
    {
        using var folder = new TemporaryFolder();
        new LineChart().Add("a", [1, 2]).Save(folder.File("a.svg"));
        Assert.Equal("svg", XDocument.Load(folder.File("a.svg")).Root!.Name.LocalName);
        Assert.Equal(["a.svg"], folder.Names);
        Assert.Throws<InvalidInputException>(() => new LineChart { Width = 10 }.ToSvg());
        Assert.Throws<InvalidInputException>(() => new LineChart().Add("a", [1], [1, 2]));
    }

    private static XElement Parse(SvgPlot plot) => XElement.Parse(plot.ToSvg());

    private static List<string> Texts(XElement svg) =>
        [.. svg.Descendants().Where(e => e.Name.LocalName is "text" or "title").Select(e => e.Value)];

    private static IEnumerable<string> Lines(XElement svg) => svg.Descendants(Svg + "path").Select(p => p.Attribute("d")!.Value);
}
