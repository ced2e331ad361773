namespace NativeDL;

/// <summary>A metric that is a mean: a sum over things divided by their number.</summary>
/// <example><code>
/// sealed class LargestError : MeanMetric
/// {
///     public override bool HigherIsBetter => false;
///     public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => Add((target - prediction).Abs().Max(-1), weights);
/// }
/// </code></example>
public abstract class MeanMetric : Metric
{
    private readonly RunningSum total, count;

    /// <summary>A metric that has seen nothing.</summary>
    protected MeanMetric() => (total, count) = (AddSum("total"), AddSum("count"));

    /// <inheritdoc/>
    public override double Result => Finish(total.Value / count.Value);

    /// <summary>Adds values to the sum, and how many there are to the number.</summary>
    /// <param name="values">Any shape <c>[N, …]</c> and element type; summed in float64.</param>
    /// <param name="weights">How much each counts: <c>[N]</c>, or more of the values' first axes. Their sum is then the number.</param>
    /// <exception cref="ShapeMismatchException">The weights' axes are not the values' first.</exception>
    protected void Add(Tensor values, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        values = values.StopGradient().Cast(DType.Float64);
        if (weights is null)
        {
            total.Add(values.Sum());
            count.Add(values.ElementCount);
            return;
        }
        var w = SampleWeights.Over(Name, weights, values.Shape, DType.Float64);
        total.Add((values * w).Sum());
        count.Add(w.BroadcastTo(values.Shape).Sum());
    }

    /// <summary>The last step from the mean to the result.</summary>
    protected virtual double Finish(double mean) => mean;
}
