namespace NativeDL.Tests.Ops;

public sealed class PoolingTests
{
    private static readonly Tensor Sixteen = Tensor.Arange(1, 17, 1, DType.Float64).Reshape(1, 4, 4, 1);

    private static readonly Tensor Example =
        Tensor.FromArray(new double[,] { { 3, 3, 2, 1, 0 }, { 0, 0, 1, 3, 1 }, { 3, 1, 2, 2, 3 }, { 2, 0, 0, 2, 2 }, { 2, 0, 0, 0, 1 } }).Reshape(1, 5, 5, 1);

    [Fact]
    public void N15_pools_of_1_to_16()
    {
        Assert.Equal([6, 8, 14, 16], Sixteen.MaxPool2D(2).ToArray<double>());
        Assert.Equal([3.5, 5.5, 11.5, 13.5], Sixteen.AvgPool2D(2).ToArray<double>());
        Assert.Equal([14, 22, 46, 54], Sixteen.SumPool2D(2).ToArray<double>());
        Assert.Equal([8.5], Sixteen.AvgPool2D(4).ToArray<double>());
        Assert.Equal([16], Sixteen.MaxPool2D(4).ToArray<double>());
    }

    [Fact]
    public void N18_max_pooling_example()
    {
        Assert.Equal([3, 3, 3, 3, 3, 3, 3, 2, 3], Example.MaxPool2D(3, 1).ToArray<double>());
        MatMulTests.Close([.. new double[] { 15, 15, 15, 9, 11, 16, 10, 7, 12 }.Select(v => v / 9)], Example.AvgPool2D(3, 1).ToArray<double>());
    }

    [Fact]
    public void Padding_counts_in_no_mean_and_never_is_the_maximum()
    {
        var x = Tensor.FromArray(new double[] { -1, -2, -3, -4, -5, -6, -7, -8, -9 }, [1, 3, 3, 1]);
        Assert.Equal([-3, -4.5, -7.5, -9], x.AvgPool2D(2, 2, Padding.Same).ToArray<double>());
        Assert.Equal([-1, -3, -7, -9], x.MaxPool2D(2, 2, Padding.Same).ToArray<double>());
    }

    [Fact]
    public void Ties_go_to_the_first_and_windows_may_overlap()
    {
        var x = Tensor.Ones([1, 3, 3, 1], DType.Float64);
        using var tape = new GradientTape();
        tape.Watch(x);
        Assert.Equal([1, 1, 0, 1, 1, 0, 0, 0, 0], tape.Gradient(x.MaxPool2D(2, 1).Sum(), [x])[0].ToArray<double>());
    }

    // 17 channels: whole vectors and a rest; 5 × 7: a strip that no window covers.
    [Fact]
    public void Windows_side_by_side_send_each_gradient_to_the_first_maximum_and_leave_0_elsewhere()
    {
        const int h = 5, w = 7, c = 17;
        var random = new Random(3);
        float[] values = [.. Enumerable.Range(0, 2 * h * w * c).Select(_ => (float)random.Next(4))]; // many ties
        var x = Tensor.FromArray(values, [2, h, w, c]);
        using var tape = new GradientTape();
        tape.Watch(x);
        var y = x.MaxPool2D(2);
        float[] dy = [.. Enumerable.Range(1, (int)y.ElementCount).Select(v => (float)v)], maxima = new float[dy.Length], expected = new float[values.Length];
        for (int i = 0; i < dy.Length; i++)
        {
            int channel = i % c, column = i / c % (w / 2), row = i / c / (w / 2) % (h / 2), image = i / c / (w / 2) / (h / 2);
            int[] window = [.. from down in Enumerable.Range(0, 2) from right in Enumerable.Range(0,
                2) select ((image * h + 2 * row + down) * w + 2 * column + right) * c + channel];
            int first = window.MaxBy(at => values[at]);
            (maxima[i], expected[first]) = (values[first], dy[i]);
        }
        Assert.Equal(maxima, y.ToArray<float>());
        Assert.Equal(expected, tape.Gradient(y, [x], Tensor.FromArray(dy, y.Shape))[0].ToArray<float>());
    }

    [Fact]
    public void NaN_is_the_maximum_and_takes_the_gradient()
    {
        var x = Tensor.FromArray(new[] { 1, float.NaN, float.PositiveInfinity, float.NaN }, [1, 2, 2, 1]);
        using var tape = new GradientTape();
        tape.Watch(x);
        var y = x.MaxPool2D(2);
        Assert.True(float.IsNaN(y.ToArray<float>()[0]));
        Assert.Equal([0, 1, 0, 0], tape.Gradient(y, [x])[0].ToArray<float>());
        Assert.Equal([float.NegativeInfinity], Tensor.Full([1, 2, 2, 1], double.NegativeInfinity).MaxPool2D(2).ToArray<float>());
    }

    [Fact]
    public void Many_channels_agree_with_one()
    {
        var x = MatMulTests.Numbers(2, 7, 6, 19);
        foreach (int c in (int[])[0, 7, 8, 18])
        {
            var one = x.Narrow(3, c, 1);
            Assert.Equal(one.MaxPool2D((3, 2), (2, 1), Padding.Same).ToArray<double>(),
                x.MaxPool2D((3, 2), (2, 1), Padding.Same).Narrow(3, c, 1).ToArray<double>());
            Assert.Equal(one.AvgPool2D((3, 2), (2, 1), Padding.Same).ToArray<double>(),
                x.AvgPool2D((3, 2), (2, 1), Padding.Same).Narrow(3, c, 1).ToArray<double>());
        }
    }

    [Fact]
    public void Bad_operands_are_named()
    {
        Assert.Contains("[1, 4, 4, 1]", Assert.Throws<ShapeMismatchException>(() => Sixteen.MaxPool2D(5)).Message);
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([4, 4]).AvgPool2D(2));
        Assert.Throws<InvalidInputException>(() => Sixteen.MaxPool2D(0));
        Assert.Throws<InvalidInputException>(() => Sixteen.MaxPool2D(2, 1, new Padding(2)));
        Assert.Throws<DTypeMismatchException>(() => Tensor.Zeros([1, 4, 4, 1], DType.Int32).MaxPool2D(2));
        Assert.Equal([0, 2, 2, 3], Tensor.Zeros([0, 4, 4, 3]).MaxPool2D(2).Shape);
    }
}
