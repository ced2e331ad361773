using NativeDL;

namespace NativeDL.Tests.Ops;

public class NormalizationTests
{
    private static readonly double[] Normal = [-1.341640786500, -0.447213595500, 0.447213595500, 1.341640786500];
    private static readonly double[] Moved = [-2.183281573, -0.394427191, 1.394427191, 3.183281573];

    private static Tensor One(double value) => Tensor.Full([1], value, DType.Float64);

    [Fact]
    public void N31_normalization_over_a_batch()
    {
        var x = Tensor.FromArray(new double[,] { { 1 }, { 2 }, { 3 }, { 4 } });
        var (y, mean, variance) = x.BatchNorm(One(1), One(0), 0);
        Near(Normal, y, 11);
        Assert.Equal(2.5, mean.Item());
        Assert.Equal(1.25, variance.Item());
        Near(Moved, x.BatchNorm(One(2), One(0.5), 0).Y, 8);
        Near(Moved, x.BatchNormInference(One(2), One(0.5), mean, variance, 0), 8);
    }

    [Fact]
    public void N31_normalization_over_features()
    {
        var x = Tensor.FromArray(new double[,] { { 1, 2, 3, 4 } });
        Tensor two = Tensor.Full([4], 2, DType.Float64), half = Tensor.Full([4], 0.5, DType.Float64);
        Near(Normal, x.LayerNorm(Tensor.Ones([4], DType.Float64), Tensor.Zeros([4], DType.Float64), 0), 11);
        Near(Moved, x.LayerNorm(two, half, 0), 8);
    }

    [Fact]
    public void Statistics_of_a_long_batch_with_a_large_mean_are_exact_in_float32()
    {
        // 10000 and 10001 by turns, and an outlier in the first row of the other channel.
        var values = new float[40_000];
        for (int i = 0; i < 20_000; i++)
        {
            values[2 * i] = 10_000 + i % 2;
            values[2 * i + 1] = i == 0 ? 1e4f : i % 2;
        }
        var (_, mean, variance) = Tensor.FromArray(values, [100, 200, 2]).BatchNorm(Tensor.Ones([2]), Tensor.Zeros([2]), 1e-3);
        Assert.Equal(10_000.5f, mean.ToArray<float>()[0]);
        Assert.Equal(0.25f, variance.ToArray<float>()[0]);
        Assert.Equal(1.0f, mean.ToArray<float>()[1], 1e-5f);
        Assert.Equal(4999.5f, variance.ToArray<float>()[1], 0.05f);
    }

    [Fact]
    public void Gradients_flow_through_the_returned_statistics()
    {
        var x = Tensor.FromArray(new double[,] { { 1 }, { 2 }, { 4 }, { 5 } });
        using var tape = new GradientTape(persistent: true);
        tape.Watch(x);
        var (_, mean, variance) = x.BatchNorm(One(1), One(0), 1e-3);
        Near([0.25, 0.25, 0.25, 0.25], tape.Gradient(mean, x), 12);
        Near([-1, -0.5, 0.5, 1], tape.Gradient(variance, x), 12);
    }

    [Fact]
    public void A_constant_channel_stays_finite()
    {
        var x = Tensor.Full([8, 3], 7);
        using var tape = new GradientTape();
        tape.Watch(x);
        var y = x.BatchNorm(Tensor.Ones([3]), Tensor.Full([3], 2), 1e-3).Y;
        Assert.All(y.ToArray<float>(), v => Assert.Equal(2f, v));
        Assert.All(tape.Gradient(y.Square(), x).ToArray<float>(), v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void Scale_and_shift_need_one_number_for_each_channel()
    {
        var x = Tensor.Zeros([2, 3]);
        Tensor two = Tensor.Ones([2]), three = Tensor.Ones([3]);
        Assert.Contains("[2, 3]", Assert.Throws<ShapeMismatchException>(() => x.BatchNorm(two, three, 0.1)).Message);
        Assert.Contains("gamma [2]", Assert.Throws<ShapeMismatchException>(() => x.LayerNorm(two, three, 0.1)).Message);
        Assert.Contains("variance [2]", Assert.Throws<ShapeMismatchException>(() => x.BatchNormInference(three, three, three, two, 0.1)).Message);
        Assert.Contains("Float64", Assert.Throws<DTypeMismatchException>(() => x.BatchNorm(three.Cast(DType.Float64), three, 0.1)).Message);
    }

    private static void Near(double[] expected, Tensor actual, int digits)
    {
        var values = actual.ToArray<double>();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < values.Length; i++) Assert.Equal(expected[i], values[i], digits);
    }
}
