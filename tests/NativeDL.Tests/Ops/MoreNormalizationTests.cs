namespace NativeDL.Tests.Ops;

/// <summary>Normalizations by groups, channels, root mean squares, neighbours and norms.</summary>
public sealed class MoreNormalizationTests
{
    // Two samples of three pixels and four channels.
    private static readonly Tensor X = MatMulTests.Numbers(2, 3, 4);

    private static readonly Tensor Gamma = Tensor.FromArray(new double[] { 1, 2, 0.5, 3 }), Beta = Tensor.FromArray(new double[] { 0, 1, -1, 0.25 });

    [Fact]
    public void One_sample_of_1_2_3_4_in_one_group_is_layer_normalization()
    {
        // (x − 2.5) / √1.25, worked by hand as in N31.
        var x = Tensor.FromArray(new double[] { 1, 2, 3, 4 }, [1, 2, 2]);
        Tensor two = Tensor.Full([2], 2, DType.Float64), half = Tensor.Full([2], 0.5, DType.Float64);
        Near([-2.183281573, -0.394427191, 1.394427191, 3.183281573], x.GroupNorm(1, two, half, 0), 8);
        // Channel 0 is 1, 3 and channel 1 is 2, 4: each ∓1 about its mean.
        Near([-1.5, -1.5, 2.5, 2.5], x.InstanceNorm(two, half, 0), 11);
        Near([-1.5, -1.5, 2.5, 2.5], x.GroupNorm(2, two, half, 0), 11);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Groups_are_normalized_over_their_channels_and_all_pixels(int groups)
    {
        const double epsilon = 1e-3;
        int own = 4 / groups;
        var values = X.ToArray<double>();
        double[] expected = new double[values.Length], gamma = Gamma.ToArray<double>(), beta = Beta.ToArray<double>();
        for (int n = 0; n < 2; n++)
            for (int g = 0; g < groups; g++)
            {
                int[] at = [.. from p in Enumerable.Range(0, 3) from c in Enumerable.Range(0, own) select (n * 3 + p) * 4 + g * own + c];
                double mean = at.Average(i => values[i]), variance = at.Average(i => (values[i] - mean) * (values[i] - mean));
                foreach (int i in at) expected[i] = (values[i] - mean) / Math.Sqrt(variance + epsilon) * gamma[i % 4] + beta[i % 4];
            }
        Near(expected, X.GroupNorm(groups, Gamma, Beta, epsilon), 10);
        if (groups == 4) Near(expected, X.InstanceNorm(Gamma, Beta, epsilon), 10);
    }

    [Fact]
    public void A_root_mean_square_of_3_and_4_is_the_root_of_12_and_a_half()
    {
        double root = Math.Sqrt(12.5);
        Near([3 / root, 8 / root], Tensor.FromArray(new double[] { 3, 4 }).RmsNorm(Tensor.FromArray(new double[] { 1, 2 }), 0), 12);
        // Squares of these leave the range of float32.
        var huge = Tensor.Of(3e30, 4e30).RmsNorm(Tensor.Ones([2]), 1e-6).ToArray<float>();
        Assert.Equal((float)(3 / root), huge[0], 1e-6f);
        Assert.All(Tensor.Zeros([2]).RmsNorm(Tensor.Ones([2]), 1e-6).ToArray<float>(), v => Assert.Equal(0f, v));
    }

    [Fact]
    public void A_local_response_looks_at_the_channels_around()
    {
        // k + α/3 · Σ x² over the channel before, this one and the next.
        var x = Tensor.FromArray(new double[] { 1, 2, 3 }, [1, 3]);
        Near([1 / (2 + 5.0), 2 / (2 + 14.0), 3 / (2 + 13.0)], x.LocalResponseNorm(3, alpha: 3, beta: 1, k: 2), 12);
        // Of even sizes the greater half stands before.
        Near([1 / (2 + 1.0), 2 / (2 + 5.0), 3 / (2 + 13.0)], x.LocalResponseNorm(2, alpha: 2, beta: 1, k: 2), 12);
    }

    [Fact]
    public void Rows_are_brought_to_length_1_by_three_norms()
    {
        var x = Tensor.FromArray(new double[,] { { 3, -4 }, { 0, 0 } });
        Near([0.6, -0.8, 0, 0], x.Normalize(), 12);
        Near([3 / 7.0, -4 / 7.0, 0, 0], x.Normalize(order: 1), 12);
        Near([0.75, -1, 0, 0], x.Normalize(order: double.PositiveInfinity), 12);
        Near([3 / Math.Cbrt(91), -4 / Math.Cbrt(91), 0, 0], x.Normalize(order: 3), 12);
        Near([1, -1, 0, 0], x.Normalize(axis: 0), 12);
        Assert.Equal(0.6f, Tensor.Of(3e30, 4e30).Normalize().ToArray<float>()[0], 1e-6f);
    }

    [Fact]
    public void Weights_have_the_lengths_that_are_given()
    {
        var v = Tensor.FromArray(new double[,] { { 3, 1 }, { 4, 0 } });
        var g = Tensor.FromArray(new double[] { 10, -2 });
        Near([6, -2, 8, 0], v.WeightNorm(g), 12);
        Near([30 / Math.Sqrt(10), 10 / Math.Sqrt(10), -2, 0], v.WeightNorm(g, axis: 0), 12);
    }

    [Fact]
    public void The_largest_singular_value_becomes_1()
    {
        // Singular values 4 and 2, with the right vectors (1, 0) and (0, 1).
        var w = Tensor.FromArray(new double[,] { { 0, 2 }, { 4, 0 } });
        var u = Tensor.FromArray(new[] { 0.6, 0.8 });
        var (y, next) = w.SpectralNorm(u, powerIterations: 40);
        Near([0, 0.5, 1, 0], y, 10);
        Near([1, 0], next, 10);
        // Where nothing is iterated u stays, and σ is ‖W·u‖.
        (y, next) = w.SpectralNorm(u, powerIterations: 0);
        Near([0.6, 0.8], next, 15);
        Near([0, 2 / Math.Sqrt(1.6 * 1.6 + 2.4 * 2.4), 4 / Math.Sqrt(1.6 * 1.6 + 2.4 * 2.4), 0], y, 12);
    }

    [Fact]
    public void A_graph_holds_one_node_and_sizes_that_are_not_known_stay_so()
    {
        var x = Tensor.Symbolic([Shape.None, Shape.None, Shape.None, 4], DType.Float32);
        Tensor gamma = Tensor.Ones([4]), beta = Tensor.Zeros([4]);
        Assert.Equal([Shape.None, Shape.None, Shape.None, 4], x.GroupNorm(2, gamma, beta, 1e-3).Shape);
        Assert.Equal("group_norm", x.GroupNorm(2, gamma, beta, 1e-3).Symbol!.From!.Name);
        Assert.Equal("instance_norm", x.InstanceNorm(gamma, beta, 1e-3).Symbol!.From!.Name);
        Assert.Equal("rms_norm", x.RmsNorm(gamma, 1e-3).Symbol!.From!.Name);
    }

    [Fact]
    public void Bad_operands_are_named()
    {
        Tensor x = Tensor.Zeros([2, 5, 6]), six = Tensor.Ones([6]), two = Tensor.Ones([2]);
        Assert.Contains("6 channels of [2, 5, 6] and 4 groups", Assert.Throws<ShapeMismatchException>(() => x.GroupNorm(4, six, six, 0.1)).Message);
        Assert.Contains("gamma [2]", Assert.Throws<ShapeMismatchException>(() => x.GroupNorm(3, two, six, 0.1)).Message);
        Assert.Throws<InvalidInputException>(() => x.GroupNorm(0, six, six, 0.1));
        Assert.Throws<ShapeMismatchException>(() => six.InstanceNorm(six, six, 0.1));
        Assert.Contains("gamma [2]", Assert.Throws<ShapeMismatchException>(() => x.RmsNorm(two, 0.1)).Message);
        Assert.Throws<InvalidInputException>(() => x.RmsNorm(six, -1));
        Assert.Throws<InvalidInputException>(() => x.LocalResponseNorm(0));
        Assert.Throws<ShapeMismatchException>(() => Tensor.Scalar(1).LocalResponseNorm(3));
        Assert.Contains("1, 2 or infinity", Assert.Throws<InvalidInputException>(() => x.Normalize(order: 0)).Message);
        Assert.Throws<InvalidInputException>(() => x.Normalize(epsilon: 0));
        Assert.Contains("g [2]", Assert.Throws<ShapeMismatchException>(() => x.WeightNorm(two)).Message);
        Assert.Contains("u [2]", Assert.Throws<ShapeMismatchException>(() => x.SpectralNorm(two)).Message);
        Assert.Throws<DTypeMismatchException>(() => Tensor.Zeros([2, 3], DType.Int32).Normalize());
        Assert.Throws<ArgumentNullException>(() => x.GroupNorm(2, null!, six, 0.1));
    }

    [Fact]
    public void No_samples_and_no_channels_give_nothing()
    {
        Assert.Equal([0, 3, 4], Tensor.Zeros([0, 3, 4]).GroupNorm(2, Tensor.Ones([4]), Tensor.Zeros([4]), 0.1).Shape);
        Assert.Equal([2, 0], Tensor.Zeros([2, 0]).InstanceNorm(Tensor.Zeros([0]), Tensor.Zeros([0]), 0.1).Shape);
        Assert.Equal([2, 0], Tensor.Zeros([2, 0]).RmsNorm(Tensor.Zeros([0]), 0.1).Shape);
        Assert.Equal([2, 0], Tensor.Zeros([2, 0]).Normalize().Shape);
        Assert.Equal([0, 3], Tensor.Zeros([0, 3]).LocalResponseNorm(3).Shape);
    }

    private static void Near(double[] expected, Tensor actual, int digits)
    {
        var values = actual.ToArray<double>();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < values.Length; i++) Assert.Equal(expected[i], values[i], digits);
    }
}
