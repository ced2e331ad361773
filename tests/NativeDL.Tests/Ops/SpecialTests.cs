namespace NativeDL.Tests.Ops;

/// <summary>Values and gradients at the edges of special functions, as their documentation has them.</summary>
public sealed class SpecialTests
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
            Assert.True(actual[i].Equals(expected[i]) || Math.Abs(actual[i] - expected[i]) <= 4e-16 * Math.Abs(expected[i]),
                $"element {i}: {actual[i]:R}, expected {expected[i]:R}");
    }

    [Fact]
    public void Values_where_functions_end_are_those_stated()
    {
        Near(Of(3, -1074, -1100, 1024, NaN).Exp2().ToDoubles(), 8, double.Epsilon, 0, Inf, NaN);
        Near(Of(8, 0, -1, Inf, 5e-324).Log2().ToDoubles(), 3, -Inf, NaN, Inf, -1074);
        Near(Of(1000, 0, -1, Inf).Log10().ToDoubles(), 3, -Inf, NaN, Inf);
        Near(Of(1, -1, 2, 0).Atanh().ToDoubles(), Inf, -Inf, NaN, 0);
        Near(Of(1, 0.5, Inf).Acosh().ToDoubles(), 0, NaN, Inf);
        Near(Of(-Inf, 1e-300, 1e300).Asinh().ToDoubles(), -Inf, 1e-300, Math.Log(2) + Math.Log(1e300));
        Near(Of(-8, Inf, -0.0).Cbrt().ToDoubles(), -2, Inf, 0);
        Near(Of(Inf, -Inf, 0, 27).Erfc().ToDoubles(), 0, 2, 1, 5.237048923789255e-319);
        Near(Of(1, -1, 1.5, 0).Erfinv().ToDoubles(), Inf, -Inf, NaN, 0);
        Near(Of(0, 1, -0.5, 1.5, 0.5, Inf).Logit().ToDoubles(), -Inf, Inf, NaN, NaN, 0, NaN);
        Near(Of(0, 1, -2, 0.5, 1e-200).Sinc().ToDoubles(), 1, 0, 0, 2 / Math.PI, 1);
        Near(Of(0, 1, 2, -1, 171.5, -Inf).Lgamma().ToDoubles(), Inf, 0, 0, Inf, 709.1431630309282, Inf);
        Near(Of(0, -0.0, -1, 1, Inf).Digamma().ToDoubles(), -Inf, Inf, NaN, -0.5772156649015329, Inf);
        Near(Of(0, -1, 1, Inf).Polygamma(1).ToDoubles(), Inf, Inf, Math.PI * Math.PI / 6, 0);
        Near(Of(0, -0.0, -1).Polygamma(2).ToDoubles(), -Inf, Inf, NaN);
        Near(Of(1.5).Polygamma(0).ToDoubles(), Of(1.5).Digamma().ToDoubles());
    }

    [Fact]
    public void Gradients_where_functions_end_are_those_stated()
    {
        Near(Slopes(x => x.Cbrt(), 8, 0), 1.0 / 12, Inf);
        Near(Slopes(x => x.Acosh(), 1), Inf);
        Near(Slopes(x => x.Asinh(), 0, 1e200), 1, 1e-200);
        Near(Slopes(x => x.Atanh(), 0.5), 4.0 / 3);
        Near(Slopes(x => x.Sinc(), 0, 1), 0, -1);
        Near(Slopes(x => x.Lgamma(), 1), -0.5772156649015329);
        using var outer = new GradientTape();
        using var tape = new GradientTape();
        var zero = outer.Watch(tape.Watch(Of(0)));
        Near(outer.Gradient(tape.Gradient(zero.Sinc(), zero), zero).ToDoubles(), -Math.PI * Math.PI / 3);
    }

    [Fact]
    public void Angles_and_lengths_have_their_stated_gradients_at_the_origin()
    {
        using var tape = new GradientTape(persistent: true);
        Tensor a = tape.Watch(Of(0, 3, 3e200)), b = tape.Watch(Of(0, 4, 4e200));
        Near(tape.Gradient(a.Hypot(b), a).ToDoubles(), 0, 0.6, 0.6);
        Near(tape.Gradient(a.Atan2(b), a).ToDoubles(), 0, 4.0 / 25, 4.0 / 25 / 1e200);
        Near(tape.Gradient(a.Atan2(b), b).ToDoubles(), 0, -3.0 / 25, -3.0 / 25 / 1e200);
        Near(Of(3e300, -5).Hypot(4e300).ToDoubles(), 5e300, 4e300);
    }

    [Fact]
    public void Orders_that_are_not_there_are_refused()
    {
        string message = Assert.Throws<InvalidInputException>(() => Of(1).Polygamma(-1)).Message;
        Assert.Contains("-1", message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => Of(1).Polygamma(31));
        Assert.Throws<DTypeMismatchException>(() => Tensor.FromArray([1, 2]).Lgamma());
        Assert.Throws<DTypeMismatchException>(() => Of(1).Hypot(Tensor.FromArray([1f])));
    }
}
