namespace NativeDL;

/// <summary>What was done of an epoch: the number of steps, and the sums behind the averages that are reported.</summary>
internal sealed class EpochProgress
{
    /// <summary>Steps done.</summary>
    public int Step { get; set; }

    /// <summary>Rows seen.</summary>
    public long Rows { get; set; }

    /// <summary>The losses of all rows together.</summary>
    public double LossSum { get; set; }

    /// <summary>Sum and count of each metric that is a mean, after the last step.</summary>
    public (double Sum, double Count)[] Metrics { get; set; } = [];

    /// <summary>The loss so far; NaN when nothing was seen.</summary>
    public double MeanLoss => LossSum / Rows;

    /// <summary>Adds a step.</summary>
    public void Add(double loss, int rows, IReadOnlyList<Metric> metrics)
    {
        Step++;
        LossSum += loss * rows;
        Rows += rows;
        if (Metrics.Length != metrics.Count) Metrics = new (double, double)[metrics.Count];
        for (int i = 0; i < Metrics.Length; i++) Metrics[i] = (metrics[i] as MeanMetric)?.Totals ?? default;
    }

    /// <summary>Puts the metrics where they stood: at nothing when no step was done.</summary>
    public void Restore(IReadOnlyList<Metric> metrics)
    {
        foreach (var metric in metrics) metric.Reset();
        Recall(metrics);
    }

    /// <summary>Puts the metrics that are means where they stood after the last step, whatever a callback did with them since.</summary>
    public void Recall(IReadOnlyList<Metric> metrics)
    {
        for (int i = 0; i < Metrics.Length; i++)
            if (metrics[i] is MeanMetric mean) mean.Totals = Metrics[i];
    }
}
