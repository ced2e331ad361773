using NativeDL.Layers;

namespace NativeDL.Tests.Cuda;

public sealed class NormalizationCudaTests
{
    private static Device Cuda => CudaTest.Device;

    // One channel, channels that are moved by 16 bytes and such that are not, batches of several pieces and of pieces of pieces.
    [Theory]
    [InlineData(2, 1)]
    [InlineData(9000, 1)]
    [InlineData(50, 3)]
    [InlineData(70_000, 3)]
    [InlineData(257, 64)]
    [InlineData(1000, 33)]
    [InlineData(70_000, 32)]
    [InlineData(2, 100_004)]
    public void Batches_of_any_size_are_the_CPUs(int rows, int channels)
    {
        Tensor x = Noise([rows, channels], 1), gamma = Noise([channels], 2), beta = Noise([channels], 3);
        Compare([x, gamma, beta], t =>
        {
            var (y, mean, variance) = t[0].BatchNorm(t[1], t[2], 1e-3);
            return [y, mean, variance];
        });
        Compare([x, gamma, beta, Noise([channels], 4), Noise([channels], 5).Square()], t => [t[0].BatchNormInference(t[1], t[2], t[3], t[4], 1e-3)]);
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(300, 3)]
    [InlineData(40, 32)]
    [InlineData(3, 1023)]
    [InlineData(2, 1024)]
    [InlineData(3, 1025)]
    [InlineData(2, 8193)]
    [InlineData(1, 20_000)]
    [InlineData(20_000, 2)]
    public void Rows_of_any_length_are_the_CPUs(int rows, int n) =>
        Compare([Noise([rows, n], 1), Noise([n], 2), Noise([n], 3)], t => [t[0].LayerNorm(t[1], t[2], 1e-3)]);

    [Fact]
    public void An_offset_costs_the_batchs_variance_no_accuracy()
    {
        foreach (var shape in (Shape[])[[3000, 5], [3000, 64], [20_000, 1]])
        {
            var x = (Noise(shape, 1) * 0.1 + 1e4).Cast(DType.Float32);
            Tensor gamma = Tensor.Ones([shape[1]]), beta = Tensor.Zeros([shape[1]]);
            var (y, mean, variance) = x.To(Cuda).BatchNorm(gamma.To(Cuda), beta.To(Cuda), 1e-5);
            var (exactY, exactMean, exactVariance) = x.Cast(DType.Float64).BatchNorm(gamma.Cast(DType.Float64), beta.Cast(DType.Float64), 1e-5);
            Near(exactMean, mean, 1e-7);
            Near(exactVariance, variance, 1e-6);
            Near(exactY, y, 1e-2);   // the mean itself is only known to 5e-4 in float32, and the deviation is 0.2
        }
    }

    [Fact]
    public void An_offset_costs_a_rows_variance_no_accuracy()
    {
        var x = (Noise([20, 3000], 1) * 0.1 + 1e4).Cast(DType.Float32);
        Tensor gamma = Tensor.Ones([3000]), beta = Tensor.Zeros([3000]);
        var y = x.To(Cuda).LayerNorm(gamma.To(Cuda), beta.To(Cuda), 1e-5);
        Near(x.Cast(DType.Float64).LayerNorm(gamma.Cast(DType.Float64), beta.Cast(DType.Float64), 1e-5), y, 1e-2);
        Near(Tensor.Ones([20]), y.Var(1), 1e-3);
    }

    [Fact]
    public void A_NaN_stays_in_its_channel_or_row()
    {
        var x = Noise([300, 5], 1);
        double[] values = x.ToDoubles();
        values[7 * 5 + 3] = double.NaN;
        x = Tensor.FromArray(values, [300, 5]).To(Cuda);
        Tensor ones = Tensor.Ones([5], DType.Float64).To(Cuda), zeros = Tensor.Zeros([5], DType.Float64).To(Cuda);
        var (y, mean, variance) = x.BatchNorm(ones, zeros, 1e-3);
        foreach (var statistic in (Tensor[])[mean, variance]) Assert.Equal([false, false, false, true, false], statistic.ToDoubles().Select(double.IsNaN));
        Assert.All(y.ToDoubles().Index(), v => Assert.Equal(v.Index % 5 == 3, double.IsNaN(v.Item)));
        Assert.All(x.LayerNorm(ones, zeros, 1e-3).ToDoubles().Index(), v => Assert.Equal(v.Index / 5 == 7, double.IsNaN(v.Item)));
    }

    [Fact]
    public void Alignment_does_not_change_a_bit()
    {
        foreach (int n in (int[])[3, 4, 100])
        {
            var x = Noise([1 + 50 * n], 1).Cast(DType.Float32).To(Cuda);
            Tensor view = x.Narrow(0, 1, 50 * n).Reshape(50, n), packed = view.Clone(), gamma = x.Narrow(0, 1, n), beta = x.Narrow(0, 2, n);
            Assert.Equal(packed.BatchNorm(gamma.Clone(), beta.Clone(), 1e-3).Y.ToArray<float>(), view.BatchNorm(gamma, beta, 1e-3).Y.ToArray<float>());
            Assert.Equal(packed.LayerNorm(gamma.Clone(), beta.Clone(), 1e-3).ToArray<float>(), view.LayerNorm(gamma, beta, 1e-3).ToArray<float>());
        }
    }

    [Fact]
    public void Nothing_is_normalized_to_nothing()
    {
        foreach (var (rows, n) in ((int, int)[])[(0, 3), (3, 0), (0, 0)])
        {
            Tensor x = Tensor.Zeros([rows, n]).To(Cuda), ones = Tensor.Ones([n]).To(Cuda);
            Assert.Equal(x.Shape, x.LayerNorm(ones, ones, 1e-3).Shape);
            var (y, mean, variance) = x.BatchNorm(ones, ones, 1e-3);
            Assert.Equal(x.Shape, y.Shape);
            Assert.All(mean.ToDoubles().Concat(variance.ToDoubles()), v => Assert.True(double.IsNaN(v)));
        }
    }

    [Fact]
    public void The_layers_moving_averages_follow_as_on_the_CPU()
    {
        double[][] Run(Device device)
        {
            using var use = Device.Use(device);
            var layer = new BatchNormalization(momentum: 0.9);
            for (int step = 0; step < 3; step++) layer.Call(Noise([8, 4, 3], step).Cast(DType.Float32).To(device), training: true);
            var y = layer.Call(Noise([8, 4, 3], 9).Cast(DType.Float32).To(device), training: false);
            return [layer.MovingMean!.Value.ToDoubles(), layer.MovingVariance!.Value.ToDoubles(), y.ToDoubles()];
        }
        double[][] expected = Run(Device.Cpu), found = Run(Cuda);
        foreach (var (a, b) in expected.Zip(found)) Near(Tensor.FromArray(a), Tensor.FromArray(b), 1e-6);
    }

    private static void Compare(Tensor[] inputs, Func<Tensor[], Tensor[]> run)
    {
        foreach (var (dtype, tolerance) in ((DType, double)[])[(DType.Float64, 1e-11), (DType.Float32, 1e-4)])
        {
            Tensor[] here = [.. inputs.Select(t => t.Cast(dtype))], there = [.. here.Select(t => t.To(Cuda))];
            foreach (var (a, b) in WithGradients(here, run).Zip(WithGradients(there, run))) Near(a, b, tolerance);
        }
    }

    private static Tensor[] WithGradients(Tensor[] inputs, Func<Tensor[], Tensor[]> run)
    {
        using var tape = new GradientTape();
        foreach (var x in inputs) tape.Watch(x);
        var outputs = run(inputs);
        // Unequal numbers arrive at every result, the statistics too.
        var target = outputs.Select((y, i) => (y * Noise(y.Shape, 6 + i).Cast(y.DType).To(y.Device)).Sum()).Aggregate((a, b) => a + b);
        return [.. outputs, .. tape.Gradient(target, inputs)];
    }

    private static void Near(Tensor expected, Tensor found, double tolerance)
    {
        double[] a = expected.ToDoubles(), b = found.ToDoubles();
        double most = a.Length == 0 ? 0 : a.Max(Math.Abs);
        Assert.Equal(expected.Shape, found.Shape);
        // NaN counts as the greatest difference.
        int worst = a.Length == 0 ? -1
            : Enumerable.Range(0, a.Length).MaxBy(i => a[i].Equals(b[i]) ? 0 : double.IsNaN(a[i] - b[i]) ? double.PositiveInfinity : Math.Abs(a[i] - b[i]));
        Assert.True(worst < 0 || a[worst].Equals(b[worst]) || Math.Abs(a[worst] - b[worst]) <= tolerance * most,
            $"element {worst}: {(worst < 0 ? default : (a[worst], b[worst]))} differ by more than {tolerance * most}");
    }

    private static Tensor Noise(Shape shape, int seed)
    {
        var random = new Random(seed);
        return Tensor.FromArray([.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => random.NextDouble() * 4 - 2)], shape);
    }
}
