namespace NativeDL.Tests.Ops;

/// <summary>Convolutions over sequences and volumes, transposed ones, depthwise, separable and locally connected ones.</summary>
public sealed class ConvAlongTests
{
    private static readonly Tensor Steps = Tensor.FromArray(new double[] { 1, 2, 3, 4, 5 }, [1, 5, 1]);

    private static readonly Tensor Three = Tensor.FromArray(new double[] { 1, 0, -1 }, [3, 1, 1]);

    [Fact]
    public void A_sequence_worked_by_hand()
    {
        // 1·x[i] − x[i + 2].
        Close([-2, -2, -2], Steps.Conv1D(Three));
        Close([-2, -2, -2, -2, 4], Steps.Conv1D(Three, padding: Padding.Same));
        // Zeros stand before, and nothing sees a later step: x[i − 2] − x[i].
        Close([-1, -2, -2, -2, -2], Steps.Conv1D(Three, padding: "causal"));
        Close([-1, -2, -3, -4, -4], Steps.Conv1D(Three, padding: Padding.Causal, dilationRate: 2));
        Close([-1, -2, -2], Steps.Conv1D(Three, padding: Padding.Causal, strides: 2));
        Close([-2 + 0.5, -2 + 0.5], Steps.Conv1D(Three, Tensor.FromArray(new[] { 0.5 }), strides: 2));
        Close([-4], Steps.Conv1D(Three, dilationRate: 2));
        Close([-1, -2, -2, -2], Steps.Conv1D(Three, padding: new Padding(2, 0))[.., ..4]);
    }

    [Fact]
    public void A_volume_worked_by_hand()
    {
        // The sum of all eight voxels of 1 … 8, and of the planes' differences.
        var x = Tensor.Arange(1, 9, 1, DType.Float64).Reshape(1, 2, 2, 2, 1);
        Close([36], x.Conv3D(Tensor.Ones([2, 2, 2, 1, 1], DType.Float64)));
        var planes = Tensor.FromArray(new double[] { -1, 1 }, [2, 1, 1, 1, 1]);
        Close([4, 4, 4, 4], x.Conv3D(planes));
        // 'same' pads behind: the last plane meets zeros.
        Close([4, 4, 4, 4, -5, -6, -7, -8], x.Conv3D(planes, padding: Padding.Same));
        Close([1, 2, 3, 4, 4, 4, 4, 4], x.Conv3D(planes, padding: new Padding(1, 0, 0, 0, 0, 0)));
    }

    [Theory]
    [InlineData("valid", 1, 1)]
    [InlineData("same", 2, 2)]
    [InlineData("same", 1, 2)]
    public void A_volume_of_one_plane_is_an_image_and_an_image_of_one_row_a_sequence(string padding, int stride, int groups)
    {
        Tensor x = MatMulTests.Numbers(2, 5, 6, 4), kernel = MatMulTests.Numbers(3, 2, 4 / groups, 6), bias = MatMulTests.Numbers(6);
        Close(x.Conv2D(kernel, bias, stride, padding, 1, groups),
            x.ExpandDims(1).Conv3D(kernel.ExpandDims(0), bias, (1, stride, stride), padding, groups: groups).Squeeze(1));
        Tensor row = MatMulTests.Numbers(2, 7, 4), taps = MatMulTests.Numbers(3, 4 / groups, 6);
        Close(row.ExpandDims(1).Conv2D(taps.ExpandDims(0), bias, (1, stride), padding, 1, groups).Squeeze(1),
            row.Conv1D(taps, bias, stride, padding, groups: groups));
    }

    [Theory]
    [InlineData("valid", 1, 1, 1)]
    [InlineData("same", 2, 1, 1)]
    [InlineData("valid", 2, 2, 2)]
    [InlineData("same", 1, 2, 4)]
    public void A_volume_is_the_sum_over_all_taps(string padding, int stride, int dilation, int groups)
    {
        const int n = 2, d = 5, h = 4, w = 6, c = 4, f = 8, k = 2;
        Tensor x = MatMulTests.Numbers(n, d, h, w, c), kernel = MatMulTests.Numbers(k, k, k, c / groups, f);
        var y = x.Conv3D(kernel, null, stride, padding, dilation, groups);
        double[] px = x.ToArray<double>(), pk = kernel.ToArray<double>(), expected = new double[y.ElementCount];
        int od = y.Shape[1], oh = y.Shape[2], ow = y.Shape[3], own = c / groups;
        int Before(int size) => WindowAxis.Along(0, "conv3d", padding, size, k, stride, dilation).Before;
        for (int i = 0; i < expected.Length; i++)
        {
            int filter = i % f, column = i / f % ow, row = i / f / ow % oh, plane = i / f / ow / oh % od, image = i / f / ow / oh / od;
            for (int tap = 0; tap < k * k * k; tap++)
            {
                int p = plane * stride + tap / 4 * dilation - Before(d), q = row * stride + tap / 2 % 2 * dilation - Before(h),
                    r = column * stride + tap % 2 * dilation - Before(w);
                if (p < 0 || p >= d || q < 0 || q >= h || r < 0 || r >= w) continue;
                for (int e = 0; e < own; e++)
                    expected[i] += px[(((image * d + p) * h + q) * w + r) * c + filter / (f / groups) * own + e] * pk[(tap * own + e) * f + filter];
            }
        }
        Close(expected, y);
    }

    [Theory]
    [InlineData("valid", 2, 1)]
    [InlineData("same", 2, 1)]
    [InlineData("same", 3, 2)]
    [InlineData("valid", 1, 2)]
    public void Transposed_convolutions_are_adjoints(string padding, int stride, int dilation)
    {
        Tensor x = MatMulTests.Numbers(2, 3, 4), kernel = MatMulTests.Numbers(3, 5, 4);
        var y = x.Conv1DTranspose(kernel, null, stride, padding, null, dilation);
        var u = MatMulTests.Numbers([.. y.Shape]);
        Assert.Equal((x * u.Conv1D(kernel, null, stride, padding, dilation)).Sum().Item(), (y * u).Sum().Item(), 9);

        Tensor volume = MatMulTests.Numbers(1, 2, 3, 2, 4), cube = MatMulTests.Numbers(2, 3, 2, 3, 4);
        var z = volume.Conv3DTranspose(cube, null, (stride, 2, 1), padding, default, (dilation, 1, 1));
        var v = MatMulTests.Numbers([.. z.Shape]);
        Assert.Equal((volume * v.Conv3D(cube, null, (stride, 2, 1), padding, (dilation, 1, 1))).Sum().Item(), (z * v).Sum().Item(), 9);
    }

    [Fact]
    public void An_output_padding_chooses_among_the_sizes_that_lead_back()
    {
        // (T − 1)·s + K = 6 with numbers, 7 with one step more; Keras' 'valid' without is T·s + max(K − s, 0) = 6.
        var x = Tensor.FromArray(new double[] { 1, 2 }, [1, 2, 1]);
        var ones = Tensor.Ones([3, 1, 1], DType.Float64);
        Close([1, 1, 1, 2, 2, 2], x.Conv1DTranspose(ones, null, 3));
        Close([1, 1, 1, 2, 2, 2, 0], x.Conv1DTranspose(ones, null, 3, outputPadding: 1));
        Close([1, 1, 2, 2], x.Conv1DTranspose(ones, null, 3, new Padding(1, 1)));
        Assert.Equal([1, 9, 9, 1], Tensor.Zeros([1, 4, 4, 1]).Conv2DTranspose(Tensor.Zeros([3, 3, 1, 1]), null, 2, Padding.Valid, 0).Shape);
        Assert.Equal([1, 8, 7, 1], Tensor.Zeros([1, 4, 4, 1]).Conv2DTranspose(Tensor.Zeros([3, 3, 1, 1]), null, 2, Padding.Same, (1, 0)).Shape);
        Assert.Equal([1, 10, 9, 1], Tensor.Zeros([1, 4, 4, 1]).Conv2DTranspose(Tensor.Zeros([3, 3, 1, 1]), null, 2, 0, (1, 0)).Shape);
        Assert.Equal([1, 11, 11, 1], Tensor.Zeros([1, 4, 4, 1]).Conv2DTranspose(Tensor.Zeros([3, 3, 1, 1]), null, 2, 0, default, 2).Shape);
        Assert.Throws<InvalidInputException>(() => x.Conv1DTranspose(ones, null, 3, outputPadding: 3));
        Assert.Throws<InvalidInputException>(() => x.Conv1DTranspose(ones, padding: Padding.Causal));
        Assert.Contains("bias [2]", Assert.Throws<ShapeMismatchException>(() => x.Conv1DTranspose(ones, Tensor.Zeros([2], DType.Float64))).Message);
    }

    [Fact]
    public void Depthwise_and_separable_convolutions_are_what_they_are_made_of()
    {
        Tensor x = MatMulTests.Numbers(2, 6, 5, 3), kernel = MatMulTests.Numbers(2, 3, 3, 2), mix = MatMulTests.Numbers(1, 1, 6, 4),
            bias = MatMulTests.Numbers(4);
        // The two filters of channel c are results 2c and 2c + 1.
        var depthwise = x.DepthwiseConv2D(kernel, null, 2, Padding.Same);
        for (int c = 0; c < 3; c++)
            Close(x.Narrow(3, c, 1).Conv2D(kernel.Narrow(2, c, 1), null, 2, Padding.Same), depthwise.Narrow(3, 2 * c, 2));
        Close(depthwise.Conv2D(mix, bias), x.SeparableConv2D(kernel, mix, bias, 2, Padding.Same));
        Tensor steps = MatMulTests.Numbers(2, 6, 3), taps = MatMulTests.Numbers(3, 3, 2);
        Close(steps.ExpandDims(1).DepthwiseConv2D(taps.ExpandDims(0), null, (1, 2)).Squeeze(1), steps.DepthwiseConv1D(taps, null, 2));
        var mixed = steps.SeparableConv1D(taps, mix.Squeeze(0), padding: Padding.Causal);
        Close(steps.DepthwiseConv1D(taps, padding: Padding.Causal).Conv1D(mix.Squeeze(0)), mixed);
        Assert.Contains("[3, 3, 2]", Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([1, 6, 2]).DepthwiseConv1D(taps)).Message);
    }

    [Fact]
    public void Equal_kernels_everywhere_are_a_convolution()
    {
        Tensor x = MatMulTests.Numbers(2, 6, 5, 3), kernel = MatMulTests.Numbers(2, 3, 3, 4);
        Close(x.Conv2D(kernel, null, 2), x.LocallyConnected2D(kernel.Reshape(1, 1, 2, 3, 3, 4).BroadcastTo([3, 2, 2, 3, 3, 4]), null, 2));
        // 1·1 + 2·1, then 2·10 + 3·10, with a bias for each place.
        var y = Tensor.FromArray(new double[] { 1, 2, 3 }, [1, 3, 1]).LocallyConnected1D(
            Tensor.FromArray(new double[] { 1, 1, 10, 10 }, [2, 2, 1, 1]), Tensor.FromArray(new[] { 0.5, 0.25 }, [2, 1]));
        Close([3.5, 50.25], y);
        Assert.Contains("kernel [3, 2, 1, 1]", Assert.Throws<ShapeMismatchException>(() =>
            Tensor.Zeros([1, 3, 1]).LocallyConnected1D(Tensor.Zeros([3, 2, 1, 1]))).Message);
    }

    [Fact]
    public void What_is_not_known_stays_so_and_a_graph_holds_one_node()
    {
        const int none = Shape.None;
        var x = Tensor.Symbolic([none, none, 6], DType.Float32);
        Assert.Equal([none, none, 8], x.Conv1D(Tensor.Zeros([3, 6, 8]), padding: Padding.Causal).Shape);
        Assert.Equal([none, none, 8], x.Conv1DTranspose(Tensor.Zeros([3, 8, 6]), strides: 2).Shape);
        Assert.Equal([none, none, 12], x.DepthwiseConv1D(Tensor.Zeros([3, 6, 2])).Shape);
        var volume = Tensor.Symbolic([none, none, 16, none, 2], DType.Float32).Conv3D(Tensor.Zeros([3, 3, 3, 2, 4]));
        Assert.Equal([none, none, 14, none, 4], volume.Shape);
        Assert.Equal("conv3d", volume.Symbol!.From!.Name);
    }

    [Fact]
    public void Bad_operands_are_named()
    {
        var x = Tensor.Zeros([1, 4, 3]);
        Assert.Contains("conv1d: the kernel does not fit the channels. Got x [1, 4, 3], kernel [3, 2, 8], groups 1",
            Assert.Throws<ShapeMismatchException>(() => x.Conv1D(Tensor.Zeros([3, 2, 8]))).Message);
        Assert.Contains("larger than the padded image", Assert.Throws<ShapeMismatchException>(() => x.Conv1D(Tensor.Zeros([5, 3, 8]))).Message);
        Assert.Contains("[N, D, H, W, C]", Assert.Throws<ShapeMismatchException>(() => x.Conv3D(Tensor.Zeros([3, 3, 8]))).Message);
        Assert.Throws<ShapeMismatchException>(() => x.Conv1D(Tensor.Zeros([3, 1, 8]), groups: 3));
        Assert.Contains("bias [3]", Assert.Throws<ShapeMismatchException>(() => x.Conv1D(Tensor.Zeros([3, 3, 8]), Tensor.Zeros([3]))).Message);
        Assert.Throws<InvalidInputException>(() => x.Conv1D(Tensor.Zeros([3, 3, 8]), strides: 0));
        var image = Tensor.Zeros([1, 4, 4, 3]);
        Assert.Contains("causal", Assert.Throws<InvalidInputException>(() => image.Conv2D(Tensor.Zeros([3, 3, 3, 8]), padding: "causal")).Message);
        Assert.Contains("causal", Assert.Throws<InvalidInputException>(() => image.MaxPool2D(2, padding: "causal")).Message);
        Assert.Throws<ArgumentNullException>(() => x.Conv1D(null!));
    }

    [Fact]
    public void Paddings_of_volumes_have_planes()
    {
        Assert.Equal((2, 2), (new Padding(2).Front, new Padding(2).Back));
        Assert.Equal((0, 0), (new Padding(1, 2, 3, 4).Front, new Padding(1, 2, 3, 4).Back));
        Assert.Equal("(5, 6, 1, 2, 3, 4)", new Padding(5, 6, 1, 2, 3, 4).ToString());
        Assert.Equal(new Padding(2), new Padding(2, 2, 2, 2, 2, 2));
        Assert.Equal(new Padding(1, 1, 2, 2, 3, 3), (1, 2, 3));
        Assert.Equal("causal", Padding.Causal.ToString());
        Assert.Throws<InvalidInputException>(() => new Padding(-1, 0, 0, 0, 0, 0));
    }

    private static void Close(double[] expected, Tensor actual) => MatMulTests.Close(expected, actual.ToArray<double>());

    private static void Close(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Close([.. expected.ToDoubles()], actual);
    }
}
