using NativeDL;

namespace NativeDL.Tests.Ops;

public class SoftmaxTests
{
    private const double Inf = double.PositiveInfinity;

    [Fact]
    public void N03_softmax_of_2_1_01()
    {
        double[] expected = [0.659001138886, 0.242432970705, 0.098565890409];
        foreach (double shift in (double[])[0, 1000])
        {
            var y = Tensor.FromArray([2 + shift, 1 + shift, 0.1 + shift]).Softmax().ToArray<double>();
            for (int i = 0; i < 3; i++) Assert.Equal(expected[i], y[i], 11);
        }
        var single = Tensor.FromArray([2f, 1f, 0.1f]).Softmax().ToArray<float>();
        for (int i = 0; i < 3; i++) Assert.Equal(expected[i], single[i], 6);
    }

    [Fact]
    public void Any_axis_may_be_the_one()
    {
        var x = Tensor.Arange(0, 24, 0.3, DType.Float64).Reshape(2, 5, 8);
        var y = x.Softmax(1);
        Assert.All(y.Sum(1).ToArray<double>(), v => Assert.Equal(1, v, 12));
        Assert.Equal(x.Transpose(1, 2).Softmax().Transpose(1, 2).ToArray<double>(), y.ToArray<double>());
        Assert.Contains("[2, 5, 8]", Assert.Throws<ShapeMismatchException>(() => x.Softmax(3)).Message);
    }

    [Fact]
    public void Large_numbers_stay_finite()
    {
        var x = Tensor.FromArray([1e4f, -1e4f, 1e4f]);
        Assert.Equal([0.5f, 0f, 0.5f], x.Softmax().ToArray<float>());
        var log = x.LogSoftmax().ToArray<float>();
        Assert.Equal(-2e4f - MathF.Log(2), log[1], 1e-2f);
        Assert.Equal(-MathF.Log(2), log[0], 1e-3f);
    }

    [Fact]
    public void A_masked_element_gets_0_and_a_masked_row_nothing_at_all()
    {
        var x = Tensor.FromArray(new[,] { { -Inf, 1, 1 }, { -Inf, -Inf, -Inf } });
        using var tape = new GradientTape(persistent: true);
        tape.Watch(x);
        Tensor y = x.Softmax(), log = x.LogSoftmax();
        Assert.Equal([0, 0.5, 0.5, 0, 0, 0], y.ToArray<double>());
        Assert.Equal([-Inf, -Inf, -Inf], log.ToArray<double>()[3..]);
        var seed = Tensor.FromArray(new double[,] { { 1, 2, 4 }, { 1, 2, 4 } });
        Assert.Equal([0, -0.5, 0.5, 0, 0, 0], tape.Gradient(y, [x], seed)[0].ToArray<double>());
        var gradient = tape.Gradient(log, [x], seed)[0].ToArray<double>();
        Assert.Equal(-1.5, gradient[1], 12);
        Assert.Equal([1, 2, 4], gradient[3..]);
    }

    [Fact]
    public void NaN_is_passed_on()
    {
        Assert.All(Tensor.FromArray([1f, float.NaN, 2f]).Softmax().ToArray<float>(), v => Assert.True(float.IsNaN(v)));
        Assert.All(Tensor.FromArray([1f, float.NaN, 2f]).LogSoftmax().ToArray<float>(), v => Assert.True(float.IsNaN(v)));
    }

    [Fact]
    public void Whole_numbers_and_scalars_are_refused()
    {
        Assert.Contains("Int32 [3]", Assert.Throws<DTypeMismatchException>(() => Tensor.FromArray([1, 2, 3]).Softmax()).Message);
        Assert.Throws<ShapeMismatchException>(() => Tensor.Scalar(1).Softmax());
        Assert.Empty(Tensor.Zeros([2, 0]).Softmax().ToArray<float>());
    }
}
