namespace NativeDL;

/// <summary>
/// Descent along −H·g, where H, what is known of the inverse of the second derivatives, is made of the last steps s and the changes y of the gradient that
/// they brought (Nocedal 1980). How far it goes is sought by halving and doubling until the loss has fallen enough and the slope has risen enough (weak
/// Wolfe conditions, 1e-4 and 0.9), so that y·s is above 0. For small problems whose loss is the same each time it is asked for: whole data sets, no dropout.
/// </summary>
/// <remarks>
/// It asks for the loss several times in a step, and so takes a function instead of gradients; <c>Fit</c> has no use for it. Vectors are float64.
/// </remarks>
/// <example><code>
/// var found = new LBFGS().Minimize(model.TrainableParameters, () => loss.Call(y, model.Call(x)));
/// </code></example>
/// <param name="learningRate">The first way that is tried in each step, 1 being that to the bottom of a parabola.</param>
/// <param name="maxIter">Steps at most.</param>
/// <param name="toleranceGrad">It ends where no element of the gradient is larger.</param>
/// <param name="toleranceChange">It ends where the loss changes by no more in a step.</param>
/// <param name="historySize">How many steps are remembered.</param>
public sealed class LBFGS(double learningRate = 1, int maxIter = 20, double toleranceGrad = 1e-7, double toleranceChange = 1e-9, int historySize = 100)
{
    private const int MostTries = 40;
    private const double Enough = 1e-4, Flatter = 0.9;

    private readonly double learningRate = learningRate > 0 && double.IsFinite(learningRate) ? learningRate
        : throw Error.Input("LBFGS", "the learning rate is out of range", $"{learningRate}", "above 0");
    private readonly int maxIter = maxIter >= 1 ? maxIter : throw Error.Input("LBFGS", "maxIter is out of range", $"{maxIter}", "1 or more");
    private readonly int historySize = historySize >= 1 ? historySize
        : throw Error.Input("LBFGS", "historySize is out of range", $"{historySize}", "1 or more");

    /// <summary>Changes the parameters until the loss falls no more.</summary>
    /// <param name="parameters">The parameters; frozen ones stay.</param>
    /// <param name="loss">The loss for the parameters as they are: a scalar.</param>
    /// <returns>Where it ended.</returns>
    /// <exception cref="InvalidInputException">No parameter is trainable.</exception>
    /// <exception cref="NumericException">The loss is not finite where it begins.</exception>
    public SearchResult Minimize(IReadOnlyList<Parameter> parameters, Func<Tensor> loss)
    {
        var flat = new Flat("LBFGS.Minimize", parameters, loss);
        var past = new List<(Tensor Step, Tensor Change, double Product)>();
        var x = flat.Now();
        var (f, g) = flat.Evaluate();
        for (int i = 0; i < maxIter; i++)
        {
            if (g.Abs().Max().Item() <= toleranceGrad) return Ended(i, "the gradient is 0");
            var d = Direction(g, past);
            double slope = Dot(g, d);
            if (!(slope < 0))
            {
                past.Clear();
                (d, slope) = (-g, -Dot(g, g));
            }
            double way = i == 0 ? Math.Min(1, 1 / g.Abs().Sum().Item()) * learningRate : learningRate;
            if (Search(flat, x, d, f, slope, way) is not var (next, value, gradient))
            {
                flat.Assign(x);
                return Ended(i, "no way along the direction leads down");
            }
            Tensor step = next - x, change = gradient - g;
            if (Dot(step, change) is > 0 and var product) past.Add((step, change, product));
            if (past.Count > historySize) past.RemoveAt(0);
            double fell = f - value;
            (x, f, g) = (next, value, gradient);
            if (Math.Abs(fell) <= toleranceChange) return Ended(i + 1, "the loss changes no more");
        }
        return Ended(maxIter, "the steps are used up");

        SearchResult Ended(int iterations, string reason) => new(f, iterations, flat.Evaluations, reason);
    }

    // −H·g, by the two loops over what is remembered.
    private static Tensor Direction(Tensor g, List<(Tensor Step, Tensor Change, double Product)> past)
    {
        var q = -g;
        var shares = new double[past.Count];
        for (int i = past.Count - 1; i >= 0; i--)
        {
            shares[i] = Dot(past[i].Step, q) / past[i].Product;
            q -= shares[i] * past[i].Change;
        }
        if (past.Count > 0) q *= past[^1].Product / Dot(past[^1].Change, past[^1].Change);
        for (int i = 0; i < past.Count; i++) q += (shares[i] - Dot(past[i].Change, q) / past[i].Product) * past[i].Step;
        return q;
    }

    // Between a way that is too short and one that is too long; the best that leads down where the tries are used up.
    private static (Tensor X, double Value, Tensor Gradient)? Search(Flat flat, Tensor x, Tensor d, double f, double slope, double way)
    {
        double tooShort = 0, tooLong = double.PositiveInfinity;
        (Tensor, double, Tensor)? good = null;
        for (int tries = 0; tries < MostTries; tries++)
        {
            var next = x + way * d;
            flat.Assign(next);
            var (value, gradient) = flat.Evaluate();
            if (!(value <= f + Enough * way * slope)) tooLong = way;
            else
            {
                good = (next, value, gradient);
                if (!(Dot(gradient, d) < Flatter * slope)) return good;
                tooShort = way;
            }
            way = double.IsInfinity(tooLong) ? 2 * way : (tooShort + tooLong) / 2;
        }
        return good;
    }

    private static double Dot(Tensor a, Tensor b) => (a * b).Sum().Item();
}
