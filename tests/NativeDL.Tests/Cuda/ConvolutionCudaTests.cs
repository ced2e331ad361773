using NativeDL.Cuda;
using static NativeDL.Tests.Cuda.CudaAgreement;

namespace NativeDL.Tests.Cuda;

/// <summary>Convolutions on the device, with both gradients, against the CPU's in float64.</summary>
public sealed class ConvolutionCudaTests
{
    // C, F, groups: first layers, packs and none, tile edges, groups, multipliers.
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 33, 1)]
    [InlineData(3, 5, 1)]
    [InlineData(4, 8, 1)]
    [InlineData(5, 3, 1)]
    [InlineData(33, 4, 1)]
    [InlineData(8, 65, 1)]
    [InlineData(8, 8, 2)]
    [InlineData(6, 9, 3)]
    [InlineData(3, 6, 3)]
    public void Channels_and_groups(int channels, int filters, int groups) =>
        Same([2, 7, 6, channels], [3, 2, channels / groups, filters], new ConvSettings((1, 1), new Padding(1, 1, 0, 1), (1, 1), groups));

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 2, 1, 1)]
    [InlineData(2, 3, 1, 1)]
    [InlineData(1, 1, 2, 3)]
    [InlineData(2, 3, 2, 2)]
    [InlineData(4, 6, 2, 4)]
    [InlineData(3, 2, 3, 4)]
    [InlineData(5, 7, 1, 1)]   // pixels that no window sees
    public void Strides_and_dilations(int strideHeight, int strideWidth, int dilationHeight, int dilationWidth)
    {
        foreach (var (channels, filters, groups) in new[] { (4, 4, 1), (3, 2, 1), (4, 4, 4), (3, 3, 3) })
            Same([2, 11, 13, channels], [3, 3, channels / groups, filters],
                new ConvSettings((strideHeight, strideWidth), new Padding(1, 2, 0, 3), (dilationHeight, dilationWidth), groups));
    }

    [Theory]
    [InlineData("valid")]
    [InlineData("same")]
    public void Paddings_by_name(string padding)
    {
        foreach (int stride in new[] { 1, 2 })
            Same(9 * 4, [Numbers([2, 6, 7, 4], 1), Numbers([3, 3, 4, 8], 2)], t => t[0].Conv2D(t[1], null, (stride, stride), padding));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(33, 5)]
    [InlineData(64, 32)]
    public void One_by_one_kernels_are_plain_products(int channels, int filters)
    {
        Same([2, 5, 7, channels], [1, 1, channels, filters], new ConvSettings((1, 1), new Padding(0, 0, 0, 0), (1, 1), 1));
        Same([2, 5, 7, channels], [1, 1, channels, filters], new ConvSettings((2, 3), new Padding(1, 0, 0, 0), (1, 1), 1));
    }

    // Lanes: less than a warp, more than one, a pack each and no pack.
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(68)]
    public void Depthwise(int channels) =>
        Same([2, 9, 20, channels], [3, 3, 1, channels], new ConvSettings((1, 2), new Padding(1, 1, 1, 1), (2, 1), channels));

    [Fact]
    public void Sizes_of_every_plan()
    {
        // Few pixels and long sums: in parts.
        Assert.InRange(ProductPlan.Of(DType.Float32, 9, 40, 2700).Parts, 20, 42);
        Same([1, 3, 3, 300], [3, 3, 300, 40], new ConvSettings((1, 1), new Padding(1, 1, 1, 1), (1, 1), 1));
        // Many pixels for few filters: so is the kernel gradient.
        Same([3, 40, 40, 8], [3, 3, 8, 6], new ConvSettings((1, 1), new Padding(1, 1, 1, 1), (1, 1), 1));
        Assert.Equal(ProductTile.Medium, ProductPlan.Of(DType.Float32, 10 * 28 * 28, 60, 18).Tile);
        Same([10, 28, 28, 3], [3, 2, 3, 60], new ConvSettings((1, 1), new Padding(1, 1, 0, 1), (1, 1), 1));
        Assert.Equal(ProductTile.Tall, ProductPlan.Of(DType.Float32, 10 * 30 * 30, 60, 16).Tile);
        Same([10, 30, 30, 4], [2, 2, 4, 60], new ConvSettings((1, 1), new Padding(0, 1, 0, 1), (1, 1), 1));
        Assert.Equal(ProductTile.Large, ProductPlan.Of(DType.Float32, 258 * 128, 100, 8).Tile);
        Same([1, 258, 128, 4], [1, 2, 4, 100], new ConvSettings((1, 1), new Padding(0, 0, 0, 1), (1, 1), 1));
    }

    [Fact]
    public void Transposed_convolutions()
    {
        foreach (var padding in new[] { Padding.Valid, Padding.Same, new Padding(1, 0, 0, 1) })
            Same(9 * 5, [Numbers([2, 5, 4, 5], 1), Numbers([3, 2, 6, 5], 2), Numbers([6], 3)], t => t[0].Conv2DTranspose(t[1], t[2], (2, 3), padding));
    }

    [Fact]
    public void Views_and_unaligned_operands()
    {
        Tensor[] t = [Numbers([3, 8, 9, 9], 1), Numbers([2, 3, 8, 9], 2)];
        Same(48, t, t => t[0][.., .., .., 1..].Conv2D(t[1][.., .., .., 1..]));
        Same(48, t, t => t[0].Transpose(1, 2)[1.., .., .., ..8].Conv2D(t[1].Transpose(0, 1)[.., .., .., ..4]));
        // Contiguous, but one element into the memory of another.
        Tensor[] flat = [Numbers([1 + 2 * 5 * 5 * 4], 3), Numbers([3 + 3 * 3 * 4 * 8], 4), Numbers([1 + 8], 5)];
        Same(36, flat, t => t[0][1..].Reshape(2, 5, 5, 4).Conv2D(t[1][3..].Reshape(3, 3, 4, 8), t[2][1..]));
    }

    [Fact]
    public void Nothing_in_gives_nothing_or_empty_sums()
    {
        var settings = new ConvSettings((1, 1), new Padding(0, 0, 0, 0), (1, 1), 1);
        Same([0, 4, 4, 3], [2, 2, 3, 5], settings);
        Same([1, 4, 4, 3], [2, 2, 3, 0], settings);
        Same([1, 4, 4, 0], [2, 2, 0, 5], settings);
    }

    [Fact]
    public void Not_a_number_stays_within_its_windows()
    {
        double[] values = Numbers([1, 6, 6, 4], 1).ToArray<double>();
        values[(2 * 6 + 3) * 4 + 1] = double.NaN;
        Tensor x = Tensor.FromArray(values, [1, 6, 6, 4]), zeros = Tensor.Zeros([3, 3, 4, 3], DType.Float64);
        foreach (var (type, epsilon) in Types)
            Agree(x.Conv2D(zeros, null, default, Padding.Same), OnDevice(x, type).Conv2D(OnDevice(zeros, type), null, default, Padding.Same), 1, epsilon);
    }

    [Fact]
    public void Bias_and_activation_end_the_convolution()
    {
        foreach (var (channels, groups) in new[] { (4, 1), (6, 2), (6, 6) })
            foreach (var activation in new[] { null, Epilogue.Of<ReluOp>(), Epilogue.Of(new LeakyReluOp(0.1)), Epilogue.Of<GeluOp>(),
                Epilogue.Of<SigmoidOp>() })
                Same(18, [Numbers([2, 5, 6, channels], 1), Numbers([3, 2, channels / groups, 6], 2), Numbers([6], 3)],
                    t => t[0].Conv2D(t[1], t[2], default, Padding.Same, default, groups, activation));
    }

    [Fact]
    public void Divisors_divide()
    {
        foreach (int d in new[] { 1, 2, 3, 5, 7, 64, 641, 65537, 1 << 30, int.MaxValue })
            foreach (uint i in new uint[] { 0, 1, 2, 6, 7, (uint)d - 1, (uint)d, 99_999, 1u << 30, int.MaxValue - 1u, int.MaxValue })
                Assert.Equal(i / (uint)d, new CudaDivisor(d).Divide(i));
    }

    private static void Same(Shape x, Shape kernel, ConvSettings settings) =>
        Same((double)x.ElementCount / Math.Max(1, x[0]) * kernel[0], [Numbers(x, 1), Numbers(kernel, 2)], t => Conv2DOp.Run(t[0], t[1], null, settings, null));

    // Result and gradients, the device's in both types against the CPU's in float64.
    private static void Same(double terms, Tensor[] operands, Func<Tensor[], Tensor> function)
    {
        var expected = Run(operands);
        foreach (var (type, epsilon) in Types)
        {
            var found = Run([.. operands.Select(x => OnDevice(x, type))]);
            for (int i = 0; i < found.Length; i++) Agree(expected[i], found[i], terms, epsilon, i == 0 ? "result" : $"gradient {i - 1}");
        }

        Tensor[] Run(Tensor[] given)
        {
            using var tape = new GradientTape();
            Tensor[] watched = [.. given.Select(tape.Watch)];
            var y = function(watched);
            return [y, .. tape.Gradient(y, watched, Numbers(y.Shape, 9).Cast(y.DType).To(y.Device))];
        }
    }
}
