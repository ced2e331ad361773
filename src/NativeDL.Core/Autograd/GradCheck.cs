using System.Globalization;

namespace NativeDL;

/// <summary>
/// Compares the gradients of any function, layer or model with finite differences, in float64: the same check
/// that every operation of this library passes.
/// </summary>
/// <remarks>
/// The outputs are weighted with unequal numbers before they are summed, because a plain sum cannot see errors
/// that cancel across outputs. Derivatives are 4-point central differences with an error of about 1e-12.
/// </remarks>
public static class GradCheck
{
    /// <summary>Checks first derivatives of <paramref name="function"/> with respect to every input.</summary>
    /// <param name="function">The function; it is called with float64 tensors. It must give the same result for the same inputs.</param>
    /// <param name="inputs">Floating-point inputs are varied element by element, whole-number inputs are held.</param>
    /// <param name="options">Step and tolerances.</param>
    /// <returns>A report that names the worst element.</returns>
    public static GradCheckReport Run(Func<Tensor[], Tensor[]> function, Tensor[] inputs, GradCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Length == 0 || inputs.Contains(null)) throw Error.Input("GradCheck(inputs)", inputs.Length == 0 ? "there is none" : "one is null");
        options ??= new GradCheckOptions();
        var given = function;
        function = x => Results(given(x));
        Tensor[] points = [.. inputs.Select(Exact)];
        var weights = Weights(function(points));

        using var tape = new GradientTape();
        foreach (var point in points) if (point.DType.IsFloating()) tape.Watch(point);
        var target = Weighted(function(points), weights);
        Tensor[] varied = [.. points.Where(p => p.DType.IsFloating())];
        var analytic = tape.Gradient(target, varied);

        var report = new GradCheckReport();
        for (int v = 0; v < varied.Length; v++)
        {
            int position = Array.IndexOf(points, varied[v]);
            var gradient = analytic[v].ToArray<double>();
            var values = varied[v].ToArray<double>();
            foreach (int i in Elements(values.Length, options.MostElements))
            {
                double numeric = Difference(x =>
                {
                    var moved = (double[])values.Clone();
                    moved[i] = x;
                    Tensor[] at = [.. points];
                    at[position] = Tensor.FromArray(moved, varied[v].Shape);
                    return Weighted(function(at), weights).Item();
                }, values[i], options.Step);
                report.Add(position, i, gradient[i], numeric, options);
            }
            report.Note(gradient);
        }
        return report;
    }

    /// <summary>Checks second derivatives: the gradients of the gradients.</summary>
    /// <inheritdoc cref="Run(Func{Tensor[], Tensor[]}, Tensor[], GradCheckOptions)"/>
    public static GradCheckReport RunSecondOrder(Func<Tensor[], Tensor[]> function, Tensor[] inputs, GradCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(inputs);
        return Run(points =>
        {
            using var tape = new GradientTape();
            Tensor[] varied = [.. points.Where(p => p.DType.IsFloating())];
            foreach (var point in varied) tape.Watch(point);
            var outputs = Results(function(points));
            return tape.Gradient(Weighted(outputs, Weights(outputs)), varied);
        }, inputs, options);
    }

    /// <summary>Checks a function of one tensor.</summary>
    /// <inheritdoc cref="Run(Func{Tensor[], Tensor[]}, Tensor[], GradCheckOptions)"/>
    public static GradCheckReport Run(Func<Tensor, Tensor> function, Tensor input, GradCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Run(x => [function(x[0])], [input], options);
    }

    private static Tensor[] Results(Tensor[]? results) => results is { Length: > 0 } && !results.Contains(null) ? results
        : throw Error.Input("GradCheck(function)", results is { Length: > 0 } ? "a result is null" : "it gives no result");

    private static Tensor Exact(Tensor x) => x.DType.IsFloating() ? Tensor.FromArray(x.ToDoubles(), x.Shape) : x;

    // Irrational-looking, unequal, of either sign, never small.
    private static Tensor[] Weights(Tensor[] outputs)
    {
        int k = 0;
        return [.. outputs.Select(y =>
        {
            var w = new double[y.ElementCount];
            for (int i = 0; i < w.Length; i++, k++) w[i] = (0.5 + Math.Abs(Math.Sin(1.7 + 2.3 * k))) * (k % 3 == 1 ? -1 : 1);
            return Tensor.FromArray(w, y.Shape);
        })];
    }

    private static Tensor Weighted(Tensor[] outputs, Tensor[] weights)
    {
        var sum = (outputs[0] * weights[0]).Sum();
        for (int i = 1; i < outputs.Length; i++) sum += (outputs[i] * weights[i]).Sum();
        return sum;
    }

    private static double Difference(Func<double, double> f, double x, double step)
    {
        double h = step * Math.Max(1, Math.Abs(x));
        return (8 * (f(x + h / 2) - f(x - h / 2)) - (f(x + h) - f(x - h))) / (6 * h);
    }

    private static IEnumerable<int> Elements(int count, int most) =>
        count <= most ? Enumerable.Range(0, count) : Enumerable.Range(0, most).Select(i => (int)((long)i * count / most));
}

/// <summary>How closely gradients are compared.</summary>
public sealed record GradCheckOptions
{
    /// <summary>Step of the finite differences, relative to max(1, |x|).</summary>
    public double Step { get; init; } = 1e-3;

    /// <summary>Absolute tolerance.</summary>
    public double Absolute { get; init; } = 1e-7;

    /// <summary>Tolerance relative to the numeric derivative.</summary>
    public double Relative { get; init; } = 1e-6;

    /// <summary>At most this many elements of each input are varied, evenly spread.</summary>
    public int MostElements { get; init; } = 200;
}

/// <summary>The outcome of a gradient check.</summary>
public sealed class GradCheckReport
{
    private double worst;

    /// <summary>Whether every element was within tolerance.</summary>
    public bool Passed { get; private set; } = true;

    /// <summary>Number of elements compared.</summary>
    public int Compared { get; private set; }

    /// <summary>Whether the check proves little: more than half of the gradient is exactly 0, or all its elements are equal.</summary>
    public bool Vacuous { get; private set; }

    /// <summary>The worst element: input, position, both derivatives.</summary>
    public string Worst { get; private set; } = "nothing was compared";

    /// <summary>Verdict and worst element.</summary>
    public override string ToString() => $"{(Passed ? "passed" : "FAILED")}{(Vacuous ? ", vacuous" : "")}: {Compared} derivatives; worst: {Worst}";

    internal void Add(int input, int element, double analytic, double numeric, GradCheckOptions options)
    {
        Compared++;
        double error = Math.Abs(analytic - numeric), allowed = options.Absolute + options.Relative * Math.Abs(numeric);
        bool fits = error <= allowed; // false for NaN
        Passed &= fits;
        double badness = fits ? error / allowed : double.IsNaN(error) ? double.MaxValue : 1 + error / allowed;
        if (badness < worst || (badness == 0 && Compared > 1)) return;
        worst = badness;
        Worst = string.Create(CultureInfo.InvariantCulture,
            $"input {input}, element {element}: analytic {analytic:R}, numeric {numeric:R}, allowed difference {allowed:0.0e+0}");
    }

    internal void Note(double[] gradient)
    {
        if (gradient.Length < 2) return;
        Vacuous |= gradient.Count(g => g == 0) * 2 > gradient.Length || gradient.All(g => g == gradient[0]);
    }
}
