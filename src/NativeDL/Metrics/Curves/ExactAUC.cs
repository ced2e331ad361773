namespace NativeDL.Metrics;

/// <summary>
/// The area under the ROC curve of which every score is a threshold: exactly the chance that a positive scores higher than a negative, equal scores
/// counting half, whatever the scale of the scores (Mann and Whitney 1947); or, of precision and recall, the average precision Σ (Rᵢ − Rᵢ₋₁)·Pᵢ. Targets are 0
/// or 1 for each score; one that is not a number is lower than all if its target is 1, else higher. Every score is kept, 24 bytes each, until the next reset;
/// <see cref="AUC"/> keeps counts alone. (spec 16.4)
/// </summary>
[Registered("exact_auc")]
public sealed class ExactAUC : Metric
{
    private readonly RunningSum count;
    private readonly List<Tensor> seen = []; // [3, n]: scores, targets, weights

    /// <summary>A metric that has seen nothing.</summary>
    /// <param name="curve">Of which curve.</param>
    public ExactAUC(AucCurve curve = AucCurve.Roc) => (Curve, count) = (curve, AddSum("count"));

    /// <summary>Of which curve.</summary>
    public AucCurve Curve { get; }

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override double Result => count.Value > 0 && seen.Count > 0 ? Area() : double.NaN;

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        seen.Clear();
    }

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null)
    {
        Right.RequireOneEach(Name, target, prediction);
        Tensor o = prediction.StopGradient().Cast(DType.Float64),
            y = target.StopGradient().Cast(DType.Float64).Reshape(o.Shape).Greater(0.5).Cast(DType.Float64);
        var w = (weights is null ? Tensor.FullLike(o, 1, Shape.Scalar) : SampleWeights.Over(Name, weights, o.Shape, DType.Float64)).BroadcastTo(o.Shape);
        // A step that was not good is worth nothing.
        if (count.Gate is { } good) w = Tensor.Where(good.To(w.Device), w, 0);
        count.Add(w.Sum());
        using (TensorScope.Suspend()) seen.Add(Tensor.Stack([o.Reshape(-1), y.Reshape(-1), w.Reshape(-1)]).Clone());
    }

    /// <inheritdoc/>
    protected internal override void WriteState(SavedState saved)
    {
        base.WriteState(saved);
        if (seen.Count > 0) saved.Set("seen", Tensor.Concat([.. seen.Select(s => s.To(Device.Cpu))], axis: 1));
    }

    /// <inheritdoc/>
    protected internal override void ReadState(SavedState saved)
    {
        base.ReadState(saved);
        seen.Clear();
        if (!saved.Contains("seen")) return;
        var all = saved.Tensor("seen");
        if (all.Rank != 2 || all.Shape[0] != 3 || all.DType != DType.Float64)
            throw new ModelFormatException("Backup", "", null, $"what the metric '{Name}' kept is of another form", $"{all.DType} {all.Shape}",
                "Float64 [3, n]");
        using (TensorScope.Suspend()) seen.Add(all.Clone());
    }

    private double Area()
    {
        double[] scores, targets, weights;
        using (TensorScope.Begin())
        {
            var rows = Tensor.Concat([.. seen.Select(s => s.To(Device.Cpu))], axis: 1).Unstack();
            (scores, targets, weights) = (rows[0].ToArray<double>(), rows[1].ToArray<double>(), rows[2].ToArray<double>());
        }
        for (int i = 0; i < scores.Length; i++)
            if (double.IsNaN(scores[i])) scores[i] = targets[i] > 0 ? double.NegativeInfinity : double.PositiveInfinity;
        int[] order = [.. Enumerable.Range(0, scores.Length)];
        Array.Sort((double[])scores.Clone(), order);
        double positives = 0, negatives = 0, area = 0;
        // From the highest score down, equal ones together.
        for (int at = order.Length - 1; at >= 0;)
        {
            double score = scores[order[at]], tp = 0, fp = 0;
            for (; at >= 0 && scores[order[at]] == score; at--)
            {
                int i = order[at];
                if (targets[i] > 0) tp += weights[i];
                else fp += weights[i];
            }
            area += Curve == AucCurve.Roc ? fp * (positives + tp / 2)
                : tp * Counted.Ratio(positives + tp, positives + tp + negatives + fp);
            (positives, negatives) = (positives + tp, negatives + fp);
        }
        return Counted.Ratio(area, Curve == AucCurve.Roc ? positives * negatives : positives);
    }
}
