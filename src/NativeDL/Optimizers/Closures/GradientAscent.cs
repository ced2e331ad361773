namespace NativeDL;

/// <summary>
/// Climbs along the gradient, p ← p + η·g; a step that would lead down is not taken, and η is halved instead (spec 6.15). For functions that are the
/// same each time they are asked for.
/// </summary>
/// <example><code>
/// var found = new GradientAscent(0.5).Maximize([x], () => -(x - 2).Square().Sum());
/// </code></example>
/// <param name="learningRate">The first η.</param>
/// <param name="maxIter">Steps at most, those not taken among them.</param>
/// <param name="minLearningRate">It ends where η is below.</param>
public sealed class GradientAscent(double learningRate = 0.1, int maxIter = 1000, double minLearningRate = 1e-12)
{
    private readonly double learningRate = learningRate > 0 && double.IsFinite(learningRate) ? learningRate
        : throw Error.Input("GradientAscent", "the learning rate is out of range", $"{learningRate}", "above 0");
    private readonly int maxIter = maxIter >= 1 ? maxIter : throw Error.Input("GradientAscent", "maxIter is out of range", $"{maxIter}", "1 or more");

    /// <summary>Changes the parameters until no step leads up.</summary>
    /// <param name="parameters">The parameters; frozen ones stay.</param>
    /// <param name="height">The function for the parameters as they are: a scalar.</param>
    /// <returns>Where it ended.</returns>
    /// <exception cref="InvalidInputException">No parameter is trainable.</exception>
    /// <exception cref="NumericException">The function is not finite where it begins.</exception>
    public SearchResult Maximize(IReadOnlyList<Parameter> parameters, Func<Tensor> height)
    {
        var flat = new Flat("GradientAscent.Maximize", parameters, height);
        var x = flat.Now();
        var (value, gradient) = flat.Evaluate();
        double rate = learningRate;
        int taken = 0;
        for (int i = 0; i < maxIter && rate >= minLearningRate; i++)
        {
            var next = x + rate * gradient;
            flat.Assign(next);
            var (there, slope) = flat.Evaluate();
            if (!(there > value))
            {
                rate /= 2;
                continue;
            }
            (x, value, gradient) = (next, there, slope);
            taken++;
        }
        flat.Assign(x);
        return new SearchResult(value, taken, flat.Evaluations, rate < minLearningRate ? "no step leads up" : "the steps are used up");
    }
}
