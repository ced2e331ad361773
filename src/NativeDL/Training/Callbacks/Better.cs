namespace NativeDL;

/// <summary>Whether a quantity is better when it is small or when it is large.</summary>
internal static class Better
{
    /// <summary>Unless it is said, a metric of the model knows, and everything else should fall.</summary>
    public static bool Than(Model model, string quantity, bool? higherIsBetter, double value, double best, double minDelta = 0)
    {
        // What is no number is never an improvement; before the first number anything is.
        if (double.IsNaN(value)) return false;
        if (double.IsNaN(best)) return true;
        quantity = MeasuredNames.Find(quantity, name => model.Metrics.Any(m => name == m.Name || name.EndsWith($"_{m.Name}", StringComparison.Ordinal)));
        bool higher = higherIsBetter ?? (model.Metrics.FirstOrDefault(m => m.Name == quantity)
            ?? model.Metrics.FirstOrDefault(m => quantity.EndsWith($"_{m.Name}", StringComparison.Ordinal)))?.HigherIsBetter ?? false;
        return higher ? value > best + minDelta : value < best - minDelta;
    }
}
