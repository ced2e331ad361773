namespace NativeDL.Metrics;

/// <summary>The mean of values: by hand of those that are added, in a model of the predictions.</summary>
/// <example><code>
/// var mean = new Mean();
/// mean.Add(Tensor.Of(1, 3, 5));
/// Console.WriteLine(mean.Result);   // 3
/// </code></example>
public sealed class Mean : MeanMetric
{
    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <summary>Sees values.</summary>
    /// <param name="values">Any shape <c>[N, …]</c>.</param>
    /// <param name="weights">How much each counts: <c>[N]</c>, or more of the values' first axes.</param>
    public new void Add(Tensor values, Tensor? weights = null) => base.Add(values, weights);

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => base.Add(prediction, weights);
}

/// <summary>The sum of values: by hand of those that are added, in a model of the predictions.</summary>
public sealed class Sum : Metric
{
    private readonly RunningSum total, count;

    /// <summary>A sum that has seen nothing.</summary>
    public Sum() => (total, count) = (AddSum("total"), AddSum("count"));

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override double Result => count.Value > 0 ? total.Value : double.NaN;

    /// <summary>Sees values.</summary>
    /// <param name="values">Any shape <c>[N, …]</c>.</param>
    /// <param name="weights">What each is multiplied with: <c>[N]</c>, or more of the values' first axes.</param>
    /// <exception cref="ShapeMismatchException">The weights' axes are not the values' first.</exception>
    public void Add(Tensor values, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        values = values.StopGradient().Cast(DType.Float64);
        if (weights is not null) values *= SampleWeights.Over(Name, weights, values.Shape, DType.Float64);
        total.Add(values.Sum());
        count.Add(values.ElementCount);
    }

    /// <inheritdoc/>
    public override void Update(Tensor target, Tensor prediction, Tensor? weights = null) => Add(prediction, weights);
}
