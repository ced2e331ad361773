namespace NativeDL.Tests.Ops;

public sealed class ActivationTests
{
    private static Tensor Of(params double[] values) => Tensor.FromArray(values);

    private static void Near(IReadOnlyList<double> actual, double tolerance, params double[] expected)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(actual[i].Equals(expected[i]) || Math.Abs(actual[i] - expected[i]) <= tolerance,
                $"element {i}: {actual[i]:R}, expected {expected[i]:R}");
    }

    private static double[] Slopes(Func<Tensor, Tensor> f, params double[] at)
    {
        using var tape = new GradientTape();
        var x = tape.Watch(Of(at));
        return tape.Gradient(f(x), x).ToDoubles();
    }

    [Fact]
    public void N04_tanh_on_linspace()
    {
        var y = Tensor.Linspace(-6, 6, 10).Tanh().ToDoubles();
        Near(y, 4e-7, -0.9999877, -0.99982315, -0.997458, -0.9640276, -0.58278286, 0.5827831, 0.9640276, 0.997458, 0.99982315, 0.9999877);
        var exact = Tensor.Linspace(-6, 6, 10, DType.Float64).Tanh().ToDoubles();
        Near([exact[4], exact[5]], 1e-12, -0.582782945348, 0.582782945348);
    }

    [Fact]
    public void N07_sigmoid_and_tanh_derivatives()
    {
        Near(Slopes(x => x.Sigmoid(), 0, 3), 1e-12, 0.25, 0.045176659731);
        Near(Slopes(x => x.Tanh(), 0, 0.7), 1e-12, 1, 0.634739589982);
        var points = Tensor.Linspace(-5, 5, 41, DType.Float64);
        Near(points.Tanh().ToDoubles(), 1e-15, ((points * 2).Sigmoid() * 2 - 1).ToDoubles());
        Assert.Equal([0.0, 1], Of(-1000, 1000).Sigmoid().ToDoubles());
        Assert.Equal([0f, 1], Tensor.FromArray([-1000f, 1000]).Sigmoid().ToArray<float>());
    }

    [Fact]
    public void N09_relu_family()
    {
        Near(Of(-3).LeakyRelu().ToDoubles(), 1e-15, -0.03);
        Near(Of(-3).LeakyRelu(0.02).ToDoubles(), 1e-15, -0.06);
        Near(Of(-3).LeakyRelu(0.1).ToDoubles(), 1e-15, -0.3);
        Near(Of(-1).Elu().ToDoubles(), 1e-12, -0.632120558829);
        Near(Of(-1).Elu(2).ToDoubles(), 1e-12, -1.264241117657);
        // max(a·x, x) would be another function for a slope above 1.
        Near(Of(-1, 2).PRelu(Of(3)).ToDoubles(), 0, -3, 2);
        Near(Of(-2, 0, 2).Relu().ToDoubles(), 0, 0, 0, 2);
    }

    [Fact]
    public void N20_xor_by_a_relu_net()
    {
        var x = Tensor.FromArray(new double[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
        double[] Net(double b)
        {
            var sum = x.Sum(1);
            Tensor h1 = sum.Relu(), h2 = (sum + b).Relu();
            return (h1 - 2 * h2).Relu().ToDoubles();
        }
        Assert.Equal([0.0, 0, 0, 0], Net(0));
        Assert.Equal([0.0, 1, 1, 0], Net(-1));
    }

    [Fact]
    public void Derivatives_at_the_kink_are_those_stated()
    {
        Assert.Equal([0.0], Slopes(x => x.Relu(), 0));
        Assert.Equal([0.01], Slopes(x => x.LeakyRelu(), 0));
        Assert.Equal([1.5], Slopes(x => x.Elu(1.5), 0));
        using var tape = new GradientTape();
        Tensor zero = tape.Watch(Of(0)), alpha = tape.Watch(Of(0.3));
        var gradients = tape.Gradient(zero.PRelu(alpha), [zero, alpha]);
        Assert.Equal((0.3, 0.0), (gradients[0].Item(), gradients[1].Item()));
    }

    [Fact]
    public void Nan_stays_nan_in_every_activation()
    {
        var x = Of(double.NaN, 1);
        foreach (var f in new Func<Tensor, Tensor>[] { x => x.Relu(), x => x.LeakyRelu(), x => x.Elu(), x => x.Sigmoid(), x => x.Tanh(), x => x.Softplus(),
            x => x.Silu(), x => x.Gelu(), x => x.Gelu(true), x => x.PRelu(Of(0.1)) })
        {
            var y = f(x).ToDoubles();
            Assert.True(double.IsNaN(y[0]) && double.IsFinite(y[1]));
        }
    }

    [Fact]
    public void Gelu_has_its_known_values()
    {
        Near(Of(-2, -1, 0, 1, 3).Gelu().ToDoubles(), 1e-12, -0.0455002638963584, -0.158655253931457, 0, 0.841344746068543, 2.99595030590511);
        Near(Of(-2, -1, 0, 1, 3).Gelu(approximate: true).ToDoubles(), 1e-12,
            [.. new double[] { -2, -1, 0, 1, 3 }.Select(x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))))]);
    }

    [Fact]
    public void Softplus_and_silu_do_not_overflow()
    {
        Near(Of(-1000, 0, 1000).Softplus().ToDoubles(), 1e-15, 0, Math.Log(2), 1000);
        Near(Of(-1000, 0, 1000).Silu().ToDoubles(), 1e-15, 0, 0, 1000);
        Near(Tensor.FromArray([-200f, 200]).Softplus().ToDoubles(), 1e-30, 0, 200);
    }

    [Fact]
    public void PRelu_has_one_slope_a_channel()
    {
        using var tape = new GradientTape();
        var x = Tensor.FromArray(new double[,] { { -1, -2, 3 }, { -4, 5, -6 } });
        var alpha = tape.Watch(Of(0.1, 0.2, 0.3));
        var y = x.PRelu(alpha);
        Near(y.ToDoubles(), 1e-15, -0.1, -0.4, 3, -0.4, 5, -1.8);
        Assert.Equal([-5.0, -2, -6], tape.Gradient(y, alpha).ToDoubles());
    }

    [Fact]
    public void Bad_attributes_are_refused()
    {
        Assert.Throws<InvalidInputException>(() => Of(1).LeakyRelu(double.NaN));
        Assert.Throws<InvalidInputException>(() => Of(1).Elu(-1));
        string message = Assert.Throws<ShapeMismatchException>(() => Tensor.Ones([2, 3]).PRelu(Tensor.Ones([4]))).Message;
        Assert.Contains("[2, 3] and [4]", message, StringComparison.Ordinal);
    }
}
