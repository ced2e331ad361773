namespace NativeDL.Tests.Ops;

/// <summary>Edges and kinks of the activations that are no rectifiers, as their documentation has them.</summary>
public sealed class MoreActivationTests
{
    private const double Inf = double.PositiveInfinity, NaN = double.NaN;

    private static Tensor Of(params double[] values) => Tensor.FromArray(values);

    private static double[] Slopes(Func<Tensor, Tensor> f, params double[] at)
    {
        using var tape = new GradientTape();
        var x = tape.Watch(Of(at));
        return tape.Gradient(f(x), x).ToDoubles();
    }

    private static void Near(IReadOnlyList<double> actual, params double[] expected)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            bool near = actual[i].Equals(expected[i]) || Math.Abs(actual[i] - expected[i]) <= 1e-15 * Math.Abs(expected[i]);
            Assert.True(near, $"element {i}: {actual[i]:R}, expected {expected[i]:R}");
        }
    }

    public static TheoryData<string, Func<Tensor, Tensor>, double, double> Ends => new()
    {
        { "hard_tanh", x => x.HardTanh(), -1, 1 },
        { "relu6", x => x.Relu6(), 0, 6 },
        { "hard_sigmoid", x => x.HardSigmoid(), 0, 1 },
        { "sparse_sigmoid", x => x.SparseSigmoid(), 0, 1 },
        { "hard_silu", x => x.HardSilu(), 0, Inf },
        { "hard_shrink", x => x.HardShrink(), -Inf, Inf },
        { "soft_shrink", x => x.SoftShrink(), -Inf, Inf },
        { "tanh_shrink", x => x.TanhShrink(), -Inf, Inf },
        { "threshold", x => x.Threshold(0.5, -2), -2, Inf },
        { "selu", x => x.Selu(), -1.7580993408473766, Inf },
        { "celu", x => x.Celu(2), -2, Inf },
        { "log_sigmoid", x => x.LogSigmoid(), -Inf, 0 },
        { "softsign", x => x.Softsign(), -1, 1 },
        { "mish", x => x.Mish(), 0, Inf },
        { "squareplus", x => x.Squareplus(), 0, Inf },
        { "sparse_plus", x => x.SparsePlus(), 0, Inf },
        { "step", x => x.Step(), 0, 1 },
        { "radial_basis", x => x.RadialBasis(), 0, 0 },
    };

    [Theory, MemberData(nameof(Ends))]
    public void The_ends_are_the_limits_and_nan_stays_nan(string name, Func<Tensor, Tensor> f, double atMinus, double atPlus)
    {
        Assert.NotEmpty(name);
        foreach (double big in new[] { Inf, 1e300 })
        {
            var y = f(Of(-big, big, NaN)).ToDoubles();
            double expected = double.IsInfinity(atPlus) && double.IsFinite(big) ? big : atPlus;
            double least = double.IsInfinity(atMinus) && double.IsFinite(big) ? -big : atMinus;
            Assert.True(Math.Abs(y[0] - least) <= 1e-14 * Math.Abs(least) + 1e-290 || y[0] == least, $"{y[0]} at −{big}");
            Assert.True(name == "selu" || Math.Abs(y[1] - expected) <= 1e-14 * expected + 1e-290 || y[1] == expected, $"{y[1]} at {big}");
            Assert.True(double.IsNaN(y[2]));
        }
        // A gradient has no NaN where the function's limit has none.
        Assert.All(Slopes(f, -1e300, 1e300, 0), g => Assert.True(double.IsFinite(g), $"{g}"));
    }

    [Fact]
    public void Derivatives_at_kinks_are_those_stated()
    {
        Near(Slopes(x => x.HardTanh(), -1, 0, 1), 0, 1, 0);
        Near(Slopes(x => x.Relu6(), 0, 3, 6), 0, 1, 0);
        Near(Slopes(x => x.HardSigmoid(), -3, 0, 3), 0, 1.0 / 6, 0);
        Near(Slopes(x => x.SparseSigmoid(), -1, 0, 1), 0, 0.5, 0);
        Near(Slopes(x => x.HardSilu(), -3, 0, 3, 4), 0, 0.5, 1.5, 1);
        Near(Slopes(x => x.HardShrink(), -0.5, 0, 0.5, 1), 0, 0, 0, 1);
        Near(Slopes(x => x.SoftShrink(), -0.5, 0, 0.5, 1), 0, 0, 0, 1);
        Near(Slopes(x => x.Threshold(0.5, -2), 0.5, 1, Inf), 0, 1, 1);
        Near(Slopes(x => x.Selu(), 0), 1.7580993408473766);
        Near(Slopes(x => x.Celu(2), 0), 1);
        Near(Slopes(x => x.Softsign(), 0), 1);
        Near(Slopes(x => x.SparsePlus(), -1, 0, 1), 0, 0.5, 1);
        Near(Slopes(x => x.Step(), -1, 0, 1), 0, 0, 0);
        Near(Of(-1, -0.0, 0, 2).Step(0.5).ToDoubles(), 0, 0.5, 0.5, 1);
    }

    [Fact]
    public void Small_numbers_keep_their_digits()
    {
        Near(Of(1e-5, -1e-8).TanhShrink().ToDoubles(), 1e-15 / 3 * (1 - 0.4e-10), -1e-24 / 3);
        Near(Of(-1e8).Squareplus().ToDoubles(), 1e-8);
        Near(Of(-700).LogSigmoid().ToDoubles(), -700);
        Near(Of(-700).Mish().ToDoubles(), -700 * Math.Exp(-700));
        Near(Tensor.FromArray([1e30f, -1e30f]).Squareplus().ToDoubles(), 1e30f, 1 / 1e30f);
    }

    [Fact]
    public void Gates_take_the_second_half()
    {
        var x = Tensor.FromArray(new double[,] { { 1, 2, 0, 3 }, { -1, 4, 1, -2 } });
        double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));
        Near(x.Glu().ToDoubles(), 0.5, 2 * Sigmoid(3), -Sigmoid(1), 4 * Sigmoid(-2));
        Near(x.Swiglu().ToDoubles(), 0, 6 * Sigmoid(3), -Sigmoid(1), -8 * Sigmoid(-2));
        Near(x.Geglu().ToDoubles(), [.. (x[.., ..2] * x[.., 2..].Gelu()).ToDoubles()]);
        Near(x.Glu(0).ToDoubles(), [.. (x[0] * x[1].Sigmoid()).ToDoubles()]);
        Assert.Equal([1, 4], x.Glu(0).Shape);
        Assert.Contains("[2, 3]", Assert.Throws<ShapeMismatchException>(() => Tensor.Ones([2, 3]).Glu()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sparsemax_is_the_nearest_point_of_the_simplex()
    {
        Near(Of(0.5, 0.25, -9).Sparsemax().ToDoubles(), 0.625, 0.375, 0);
        Near(Of(3, 1, 0).Sparsemax().ToDoubles(), 1, 0, 0);
        Near(Of(2, 2, 2, 2).Sparsemax().ToDoubles(), 0.25, 0.25, 0.25, 0.25);
        Near(Of(-Inf, -Inf).Sparsemax().ToDoubles(), 0, 0);
        Near(Of(-Inf, 1e300).Sparsemax().ToDoubles(), 0, 1);
        Near(Of(Inf, 1).Sparsemax().ToDoubles(), NaN, NaN);
        Near(Of(NaN, 1).Sparsemax().ToDoubles(), NaN, NaN);
        Near(Slopes(x => x.Sparsemax() * Of(1, 3, 5), 0.5, 0.25, -9), -1, 1, 0);
        var random = new Random(3);
        for (int trial = 0; trial < 50; trial++)
        {
            // The optimality conditions of the projection: the held elements lie above all others by the same number.
            double[] x = [.. Enumerable.Range(0, 1 + random.Next(40)).Select(_ => 4 * random.NextDouble())], y = Of(x).Sparsemax().ToDoubles();
            double tau = x.Zip(y, (a, b) => a - b).Max();
            Assert.Equal(1, y.Sum(), 1e-13);
            Assert.All(x.Zip(y), p => Assert.True(p.Second > 0 ? Math.Abs(p.First - p.Second - tau) < 1e-13 : p.First <= tau + 1e-13 && p.Second == 0));
        }
    }

    [Fact]
    public void Bad_settings_are_refused()
    {
        Assert.Throws<InvalidInputException>(() => Of(1).Celu(0));
        Assert.Throws<InvalidInputException>(() => Of(1).HardShrink(-1));
        Assert.Throws<InvalidInputException>(() => Of(1).SoftShrink(NaN));
        Assert.Throws<InvalidInputException>(() => Of(1).HardTanh(1, 1));
        Assert.Throws<InvalidInputException>(() => Of(1).Squareplus(0));
        Assert.Throws<InvalidInputException>(() => Of(1).Threshold(NaN, 0));
        Assert.Throws<InvalidInputException>(() => Of(1).RadialBasis(-1));
        Assert.Throws<DTypeMismatchException>(() => Tensor.FromArray([1, 2]).Mish());
    }
}
