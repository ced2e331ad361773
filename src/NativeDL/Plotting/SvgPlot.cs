using System.Globalization;
using System.Text;
using NativeDL.Formats;

namespace NativeDL.Plotting;

/// <summary>A chart drawn as a self-contained SVG picture, readable on light and on dark pages.</summary>
/// <remarks>
/// Text and lines take the page's text colour (<c>currentColor</c>); the series' colours are CSS variables
/// (<c>--ndl-1</c> …) that a page may set, with one set for light and one for dark.
/// </remarks>
public abstract class SvgPlot
{
    private protected const int ColorCount = 8;
    private const string FontStack = "system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif";

    // Eight colours that people with the common colour blindnesses can tell apart; lighter ones for dark pages.
    private static readonly string[] Light = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b58900", "#4aa3d8", "#6a51a3", "#555555"];
    private static readonly string[] Dark = ["#56b4e9", "#ff8c42", "#2ecc9a", "#e8a0c8", "#f0d14a", "#8ecdf5", "#b39ddb", "#bbbbbb"];

    private protected SvgPlot()
    {
    }

    /// <summary>Above the chart; nothing when empty.</summary>
    public string Title { get; init; } = "";

    /// <summary>Width in pixels.</summary>
    public int Width { get; init; } = 640;

    /// <summary>Height in pixels.</summary>
    public int Height { get; init; } = 360;

    /// <summary>The picture as SVG text, to be saved or put into a page as it is.</summary>
    public string ToSvg()
    {
        if (Width < 160 || Height < 120)
            throw Error.Input("SvgPlot(size)", "the chart is too small to be read", $"{Width}×{Height}", "at least 160×120");
        var svg = new StringBuilder(4096);
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"ndl-plot\" role=\"img\" ");
        svg.Append(CultureInfo.InvariantCulture, $"viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\"");
        if (Title.Length > 0)
            svg.Append(" aria-label=\"").Append(Escape(Title)).Append('"');
        svg.Append(">\n").Append(Style).Append('\n');
        if (Title.Length > 0)
            Text(svg, Width / 2.0, 22, Title, "ndl-title", "middle");
        Draw(svg);
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Writes the picture to a file.</summary>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToSvg())));
    }

    private protected abstract void Draw(StringBuilder svg);

    private static string Style { get; } = BuildStyle();

    private static string BuildStyle()
    {
        var style = new StringBuilder("<style>\n.ndl-plot{font:12px ").Append(FontStack).Append(";background:transparent;");
        Variables(style, Light);
        style.Append("--ndl-on:#fff;");
        style.Append("}\n@media(prefers-color-scheme:dark){.ndl-plot{");
        Variables(style, Dark);
        style.Append("--ndl-on:#10151a;");
        // As a file of its own the picture has no page to take its text colour from.
        style.Append("}svg.ndl-plot:root{color:#e6e6e6}}\n");
        style.Append(".ndl-plot text{fill:currentColor}.ndl-plot .ndl-title{font-size:15px;font-weight:600}\n");
        style.Append(".ndl-plot .ndl-grid{stroke:currentColor;stroke-opacity:.13}.ndl-plot .ndl-axis{stroke:currentColor;stroke-opacity:.55;fill:none}\n");
        style.Append(".ndl-plot .ndl-line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}.ndl-plot .ndl-soft{opacity:.75}\n");
        return style.Append("</style>").ToString();

        static void Variables(StringBuilder css, string[] colors)
        {
            for (var i = 0; i < colors.Length; i++)
                css.Append(CultureInfo.InvariantCulture, $"--ndl-c{i + 1}:var(--ndl-{i + 1},{colors[i]});");
        }
    }

    private protected static string Color(int series) => $"var(--ndl-c{series % ColorCount + 1})";

    private protected static void Text(
        StringBuilder svg, double x, double y, string text, string css = "", string anchor = "start", double rotate = 0, string extra = "")
    {
        svg.Append("<text x=\"").Append(Number(x)).Append("\" y=\"").Append(Number(y)).Append('"');
        if (css.Length > 0)
            svg.Append(" class=\"").Append(css).Append('"');
        if (anchor != "start")
            svg.Append(" text-anchor=\"").Append(anchor).Append('"');
        if (rotate != 0)
            svg.Append(" transform=\"rotate(").Append(Number(rotate)).Append(' ').Append(Number(x)).Append(' ').Append(Number(y)).Append(")\"");
        svg.Append(extra).Append('>').Append(Escape(text)).Append("</text>\n");
    }

    private protected static void Line(StringBuilder svg, double x1, double y1, double x2, double y2, string css) =>
        svg.Append("<line class=\"").Append(css).Append("\" x1=\"").Append(Number(x1)).Append("\" y1=\"").Append(Number(y1))
            .Append("\" x2=\"").Append(Number(x2)).Append("\" y2=\"").Append(Number(y2)).Append("\"/>\n");

    private protected static void Rect(StringBuilder svg, double x, double y, double width, double height, string attributes) =>
        svg.Append("<rect x=\"").Append(Number(x)).Append("\" y=\"").Append(Number(y)).Append("\" width=\"").Append(Number(width))
            .Append("\" height=\"").Append(Number(height)).Append("\" ").Append(attributes);

    /// <summary>A coordinate: two decimals are a hundredth of a pixel.</summary>
    private protected static string Number(double value) =>
        Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Text made safe for XML; characters that XML does not know become a question mark.</summary>
    private protected static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                safe.Append(c).Append(text[++i]);
                continue;
            }
            safe.Append(c switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                '\t' or '\n' or '\r' => " ",
                < ' ' or '\uFFFE' or '\uFFFF' => "?",
                _ when char.IsSurrogate(c) => "?",
                _ => c.ToString(),
            });
        }
        return safe.ToString();
    }

    /// <summary>A guess at the width of text in pixels, on the safe side.</summary>
    private protected static double TextWidth(string text, double size = 12) => text.Length * size * 0.58;
}
