namespace NativeDL;

/// <summary>Names of measured quantities as they may be asked for: a metric by any of its names, <c>val_mae</c> for <c>val_mean_absolute_error</c>.</summary>
internal static class MeasuredNames
{
    /// <summary>The name under which the quantity stands; the given one where there is none.</summary>
    /// <param name="given">The name that is asked for.</param>
    /// <param name="isKnown">Whether a quantity of a name is there.</param>
    public static string Find(string given, Func<string, bool> isKnown)
    {
        ArgumentNullException.ThrowIfNull(given);
        if (isKnown(given)) return given;
        // Before the metric's name may stand val_ and the output's.
        for (int start = 0; start >= 0 && start < given.Length; start = given.IndexOf('_', start) + 1)
        {
            if (Family<Metric>.TryFind(given[start..], out var metric) && isKnown(given[..start] + metric.Name)) return given[..start] + metric.Name;
            if (given.IndexOf('_', start) < 0) break;
        }
        return given;
    }
}
