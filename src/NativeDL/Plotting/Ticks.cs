using System.Globalization;

namespace NativeDL.Plotting;

/// <summary>Chooses round numbers for an axis.</summary>
internal static class Ticks
{
    private static readonly int[] Leads = [1, 2, 5];

    /// <summary>The multiples of 1, 2 or 5 times a power of ten in [low, high], about <paramref name="wanted"/> of them.</summary>
    public static double[] Nice(double low, double high, int wanted, bool whole = false)
    {
        var step = Step((high - low) / Math.Max(1, wanted));
        if (whole)
            step = Math.Max(1, step);
        var first = Math.Ceiling(low / step - 1e-9);
        var last = Math.Floor(high / step + 1e-9);
        var ticks = new List<double>();
        for (var i = first; i <= last && ticks.Count < 1000; i++)
            ticks.Add(i * step);
        return [.. ticks];
    }

    /// <summary>
    /// Logarithms, between <paramref name="low"/> and <paramref name="high"/>, of round numbers: of powers of ten if there
    /// are three, else of 1, 2 and 5 times such, and within half a decade, where the axis is nearly linear, of what suits that.
    /// </summary>
    public static double[] Logarithmic(double low, double high)
    {
        var powers = Nice(low, high, 6, whole: true);
        if (powers.Length >= 3)
            return powers;
        var decades = Enumerable.Range((int)Math.Floor(low), (int)(Math.Floor(high) - Math.Floor(low)) + 1);
        var rounds = Within(decades.SelectMany(_ => Leads, (d, lead) => lead * Math.Pow(10, d)));
        return rounds.Length >= 3 ? rounds : Within(Nice(Math.Pow(10, low), Math.Pow(10, high), 6));

        double[] Within(IEnumerable<double> values) => [.. values.Select(Math.Log10).Where(t => t >= low && t <= high)];
    }

    /// <summary>The label of a tick on a logarithmic axis.</summary>
    public static string LogLabel(double logarithm) =>
        Math.Pow(10, logarithm).ToString(Math.Abs(logarithm) < 4 ? "0.######" : "0.##e0", CultureInfo.InvariantCulture);

    /// <summary>Differences below this are none.</summary>
    public const double Tiny = 1e-300;

    /// <summary>Whether a number can be drawn: finite, and far enough from the largest for sums of a few to be finite too.</summary>
    public static bool Drawable(double value) => Math.Abs(value) <= 1e300;

    /// <summary>A range around the values with a margin, never empty; (0, 1) without any.</summary>
    public static (double Low, double High) Range(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0)
            return (0, 1);
        double low = values.Min(), high = values.Max();
        var size = Math.Max(Math.Abs(low), Math.Abs(high));
        var margin = high - low > Math.Max(Tiny, 1e-12 * size) ? (high - low) / 20 : Math.Max(size / 10, 0.5);
        return (low - margin, high + margin);
    }

    /// <summary>The tick's label, with as many decimals as the ticks need.</summary>
    public static string Label(double value, IReadOnlyList<double> ticks)
    {
        var step = ticks.Count > 1 ? Math.Abs(ticks[1] - ticks[0]) : Math.Abs(value);
        var size = Math.Max(Math.Abs(ticks[0]), Math.Abs(ticks[^1]));
        if (size >= 1e6 || (size > 0 && size < 1e-4))
            return value == 0 ? "0" : value.ToString("0.##e0", CultureInfo.InvariantCulture);
        var decimals = step > 0 ? Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 8) : 0;
        var text = value.ToString("F" + decimals, CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAnyExcept('-', '0', '.') < 0 ? text.TrimStart('-') : text;
    }

    private static double Step(double raw)
    {
        if (!(raw > 0) || !double.IsFinite(raw))
            return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var lead = raw / power;
        return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    }
}
