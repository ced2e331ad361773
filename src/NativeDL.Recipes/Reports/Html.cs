using System.Globalization;
using System.Net;

namespace NativeDL.Recipes.Reports;

/// <summary>Texts and numbers as a page shows them.</summary>
internal static class Html
{
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    public static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(double share) => double.IsFinite(share) ? string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.00} %") : "–";

    public static string Chance(double probability) => probability switch
    {
        >= 0.9995 => "99.9+ %",
        < 0.0005 => "0.0 %",
        _ => string.Create(CultureInfo.InvariantCulture, $"{probability * 100:0.0} %"),
    };

    public static string Duration(double seconds) => seconds < 100
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 60):0}:{Math.Floor(seconds % 60):00} min");
}
