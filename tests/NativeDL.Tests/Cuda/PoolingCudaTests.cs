namespace NativeDL.Tests.Cuda;

public sealed class PoolingCudaTests
{
    private static Device Cuda => CudaTest.Device;

    [Fact]
    public void The_gradient_of_equal_elements_goes_to_the_first() => Both([5.0, 5, 5, 5], [1, 2, 2, 1], x => x.MaxPool2D(2));

    [Fact]
    public void The_first_NaN_of_a_window_is_its_maximum() => Both([1, double.NaN, double.NaN, double.PositiveInfinity], [1, 2, 2, 1], x => x.MaxPool2D(2));

    [Fact]
    public void Rows_that_no_window_covers_have_no_gradient() => Both(Values(5 * 5 * 3), [1, 5, 5, 3], x => x.MaxPool2D(2));

    // Channels by 16 bytes and one by one; windows that meet, leave gaps, and reach into the padding.
    [Theory]
    [InlineData(8, 3, 2)]
    [InlineData(3, 3, 1)]
    [InlineData(4, 2, 3)]
    [InlineData(1, 3, 3)]
    public void Images_of_many_blocks(int channels, int window, int stride)
    {
        double[] values = Values(3 * 17 * 13 * channels);
        Shape shape = [3, 17, 13, channels];
        Both(values, shape, x => x.MaxPool2D(window, stride, Padding.Same));
        Both(values, shape, x => x.MaxPool2D(window, stride));
        Both(values, shape, x => x.AvgPool2D(window, stride, Padding.Same));
        Both(values, shape, x => x.SumPool2D(window, stride));
    }

    [Fact]
    public void An_image_that_is_not_aligned_is_read_as_it_stands() =>
        Both(Values(2 * 4 * 4 * 4 + 1), [2 * 4 * 4 * 4 + 1], x => x[1..].Reshape(2, 4, 4, 4).MaxPool2D(2));

    [Fact]
    public void No_images_give_no_results() => Assert.Equal([0, 2, 2, 3], Tensor.Zeros([0, 4, 4, 3]).To(Cuda).MaxPool2D(2).Shape.Dimensions);

    // The result and the gradient of a weighted sum, against the CPU's to the last bit of float64.
    private static void Both(double[] values, Shape shape, Func<Tensor, Tensor> pool)
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
        {
            var expected = Run(Device.Cpu);
            var found = Run(Cuda);
            Assert.Equal(expected.Y, found.Y);
            Assert.All(expected.Dx.Zip(found.Dx), v => Assert.Equal(v.First, v.Second, dtype == DType.Float32 ? 1e-5 : 1e-12));

            (double[] Y, double[] Dx) Run(Device device)
            {
                var x = Tensor.FromArray(values, shape).Cast(dtype).To(device);
                using var tape = new GradientTape();
                x = tape.Watch(x);
                var y = pool(x);
                var weights = Tensor.FromArray(Values((int)y.ElementCount), y.Shape).Cast(dtype).To(device);
                return (y.ToDoubles(), tape.Gradient(y, [x], weights)[0].ToDoubles());
            }
        }
    }

    private static double[] Values(int n) => [.. Enumerable.Range(0, n).Select(i => Math.Sin(1 + i * 0.7))];
}
