namespace NativeDL.Tests.Optimizers;

/// <summary>Every optimizer against its formulas in plain scalar code, over many steps and several parameters.</summary>
public sealed class OptimizerTrajectoryTests
{
    private const int Steps = 12;

    // Sizes around whole vectors, and one that is cut into several pieces.
    private static readonly int[] Sizes = [1, 3, 16, 17, 1001, 33_000];

    public static TheoryData<string> Cases => [.. Known.Keys];

    // Each optimizer, and the same by hand: parameter, gradient, two slots and the step's number go in, the new parameter comes out.
    private static Dictionary<string, (Func<Optimizer> Create, Formula Scalar)> Known => new()
    {
        ["sgd"] = (() => new SGD(0.03), (double p, double g, ref double a, ref double b, long t) => p - 0.03 * g),
        ["sgd momentum"] = (() => new SGD(0.03, 0.9), (double p, double g, ref double v, ref double b, long t) => p + (v = 0.9 * v - 0.03 * g)),
        ["sgd nesterov"] = (() => new SGD(0.03, 0.9, nesterov: true), (double p, double g, ref double v, ref double b, long t) =>
        {
            v = 0.9 * v - 0.03 * g;
            return p + 0.9 * v - 0.03 * g;
        }),
        ["rmsprop"] = (() => new RMSprop(0.01, 0.8, epsilon: 1e-3), (double p, double g, ref double v, ref double b, long t) =>
        {
            v = 0.8 * v + 0.2 * g * g;
            return p - 0.01 * g / Math.Sqrt(v + 1e-3);
        }),
        ["rmsprop momentum"] = (() => new RMSprop(0.01, 0.8, 0.7, 1e-3), (double p, double g, ref double v, ref double m, long t) =>
        {
            v = 0.8 * v + 0.2 * g * g;
            m = 0.7 * m + 0.01 * g / Math.Sqrt(v + 1e-3);
            return p - m;
        }),
        ["adam"] = (() => new Adam(0.01, 0.8, 0.95, 1e-3), (double p, double g, ref double m, ref double v, long t) => Adam(p, g, ref m, ref v, t, 0.01, 0)),
        ["adamw"] = (() => new AdamW(0.01, 0.1, 0.8, 0.95, 1e-3), (double p, double g, ref double m, ref double v, long t) =>
            Adam(p, g, ref m, ref v, t, 0.01, 0.1)),
        ["adam on a schedule"] = (() => new Adam(new ExponentialDecay(0.01, 5, 0.5, staircase: true), 0.8, 0.95, 1e-3),
            (double p, double g, ref double m, ref double v, long t) => Adam(p, g, ref m, ref v, t, 0.01 / Math.Pow(2, (t - 1) / 5), 0)),
        ["sgd clipped by value"] =
            (() => new SGD(0.03) { ClipValue = 0.4 }, (double p, double g, ref double a, ref double b, long t) => p - 0.03 * Math.Clamp(g, -0.4, 0.4)),
    };

    private delegate double Formula(double p, double g, ref double first, ref double second, long t);

    private static double Adam(double p, double g, ref double m, ref double v, long t, double rate, double decay)
    {
        m = 0.8 * m + 0.2 * g;
        v = 0.95 * v + 0.05 * g * g;
        double mean = m / (1 - Math.Pow(0.8, t)), square = v / (1 - Math.Pow(0.95, t));
        return p - rate * decay * p - rate * mean / (Math.Sqrt(square) + 1e-3);
    }

    // A gradient that depends on parameter, element and step, so that no mix-up goes unseen.
    private static double Gradient(int parameter, int element, int step) => Math.Sin(1 + parameter * 0.7 + element * 0.37 + step * 1.3) + 0.1 * parameter;

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_trajectory_in_float64_follows_the_formula(string name) => Check(name, DType.Float64, 1e-12);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_trajectory_in_float32_follows_the_formula(string name) => Check(name, DType.Float32, 1e-5);

    private static void Check(string name, DType dtype, double tolerance)
    {
        var (create, formula) = Known[name];
        var optimizer = create();
        Parameter[] parameters = [.. Sizes.Select((n, i) => new Parameter($"p{i}", Values(n, e => Math.Cos(i + e)).Cast(dtype)))];
        double[][] p = [.. parameters.Select(x => x.Value.ToDoubles())], a = [.. Sizes.Select(n => new double[n])], b = [.. Sizes.Select(n => new double[n])];

        for (int t = 1; t <= Steps; t++)
        {
            optimizer.Apply(parameters, [.. Sizes.Select((n, i) => Values(n, e => Gradient(i, e, t)).Cast(dtype))]);
            for (int i = 0; i < p.Length; i++)
                for (int e = 0; e < p[i].Length; e++) p[i][e] = formula(p[i][e], Gradient(i, e, t), ref a[i][e], ref b[i][e], t);
        }
        for (int i = 0; i < p.Length; i++) Training.Near(p[i], parameters[i].Value.ToDoubles(), tolerance);
        Assert.Equal(Steps, optimizer.Steps);

        static Tensor Values(int n, Func<int, double> of) => Tensor.FromArray(Enumerable.Range(0, n).Select(of).ToArray());
    }
}
