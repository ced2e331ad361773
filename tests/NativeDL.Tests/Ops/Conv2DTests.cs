namespace NativeDL.Tests.Ops;

public sealed class Conv2DTests
{
    private static readonly double[,] Image = { { 1, 1, 1, 0, 0 }, { 0, 1, 1, 1, 0 }, { 0, 0, 1, 1, 1 }, { 0, 0, 1, 1, 0 }, { 0, 1, 1, 0, 0 } };

    [Fact]
    public void N16_walk_through_shapes_and_parameters()
    {
        Tensor x = Tensor.Ones([1, 32, 32, 3]), kernel = Tensor.Zeros([3, 3, 3, 12]), bias = Tensor.Zeros([12]);
        var y = x.Conv2D(kernel, bias, padding: Padding.Same);
        Assert.Equal([1, 32, 32, 12], y.Shape);
        Assert.Equal([1, 16, 16, 12], y.Relu().MaxPool2D(2).Shape);
        Assert.Equal([1, 30, 30, 12], x.Conv2D(kernel, bias).Shape);
        Assert.Equal(336, kernel.ElementCount + bias.ElementCount);
        Assert.Equal(912, Tensor.Zeros([5, 5, 3, 12]).ElementCount + bias.ElementCount);
    }

    [Theory]
    [InlineData(false, new double[] { 4, 3, 4, 2, 4, 3, 2, 3, 4 })]
    [InlineData(true, new double[] { 2, 2, 3, 1, 1, 1, 4, 3, 4, 1, 1, 2, 4, 3, 3, 1, 2, 3, 4, 1, 0, 2, 2, 1, 1 })]
    public void N17_convolution_example(bool same, double[] expected)
    {
        var kernel = Tensor.FromArray(new double[,] { { 1, 0, 1 }, { 0, 1, 0 }, { 1, 0, 1 } }).Reshape(3, 3, 1, 1);
        Assert.Equal(expected, Tensor.FromArray(Image).Reshape(1, 5, 5, 1).Conv2D(kernel, padding: same ? "same" : "valid").ToArray<double>());
    }

    [Fact]
    public void N17_the_kernel_is_not_flipped()
    {
        var kernel = Tensor.Arange(1, 10, 1, DType.Float64).Reshape(3, 3, 1, 1);
        Assert.Equal([26, 35, 34, 20, 34, 33, 26, 31, 22], Tensor.FromArray(Image).Reshape(1, 5, 5, 1).Conv2D(kernel).ToArray<double>());
    }

    [Fact]
    public void A_kernel_as_large_as_the_image_is_a_dense_layer()
    {
        Tensor x = MatMulTests.Numbers(3, 6, 7, 2), kernel = MatMulTests.Numbers(6, 7, 2, 5), bias = MatMulTests.Numbers(5);
        MatMulTests.Close(x.Reshape(3, 84).Linear(kernel.Reshape(84, 5), bias).ToArray<double>(), x.Conv2D(kernel, bias).ToArray<double>());
    }

    // Channels of a first layer, few and many filters, 1×1, depthwise, groups; strides, dilation, padding on one side.
    [Theory]
    [InlineData(2, 9, 11, 1, 3, 3, 5, 1, 1, 1, "valid")]
    [InlineData(2, 9, 30, 3, 3, 3, 33, 1, 1, 1, "same")]
    [InlineData(1, 12, 14, 3, 5, 3, 16, 2, 1, 1, "same")]
    [InlineData(2, 10, 9, 8, 3, 3, 6, 1, 1, 1, "same")]
    [InlineData(2, 10, 9, 8, 3, 3, 6, 2, 1, 1, "valid")]
    [InlineData(1, 11, 12, 5, 3, 2, 4, 1, 2, 1, "same")]
    [InlineData(3, 5, 4, 6, 1, 1, 7, 1, 1, 1, "valid")]
    [InlineData(2, 7, 8, 6, 3, 3, 6, 1, 1, 6, "same")]
    [InlineData(2, 9, 9, 19, 3, 3, 19, 2, 1, 19, "same")]
    [InlineData(1, 9, 10, 6, 3, 3, 4, 1, 1, 2, "same")]
    [InlineData(12, 3, 3, 5, 2, 2, 3, 1, 1, 1, "valid")]
    public void Agrees_with_its_definition(int n, int h, int w, int c, int kh, int kw, int f, int stride, int dilation, int groups, string padding)
    {
        Tensor x = MatMulTests.Numbers(n, h, w, c), kernel = MatMulTests.Numbers(kh, kw, c / groups, f), bias = MatMulTests.Numbers(f);
        var y = x.Conv2D(kernel, bias, (stride, stride), padding, (dilation, dilation), groups);
        int top = WindowAxis.Down("conv2d", padding, h, kh, stride, dilation).Before,
            left = WindowAxis.Across("conv2d", padding, w, kw, stride, dilation).Before;
        double[] px = x.ToArray<double>(), pk = kernel.ToArray<double>(), expected = new double[y.ElementCount];
        int oh = y.Shape[1], ow = y.Shape[2], own = c / groups;
        for (int i = 0; i < expected.Length; i++)
        {
            int filter = i % f, column = i / f % ow, row = i / f / ow % oh, image = i / f / ow / oh, first = filter / (f / groups) * own;
            double sum = bias.ToArray<double>()[filter];
            for (int u = 0; u < kh; u++)
                for (int v = 0; v < kw; v++)
                {
                    int ih = row * stride + u * dilation - top, iw = column * stride + v * dilation - left;
                    if (ih < 0 || ih >= h || iw < 0 || iw >= w) continue;
                    for (int k = 0; k < own; k++) sum += px[((image * h + ih) * w + iw) * c + first + k] * pk[((u * kw + v) * own + k) * f + filter];
                }
            expected[i] = sum;
        }
        MatMulTests.Close(expected, y.ToArray<double>());
    }

    [Theory]
    [InlineData(7, 3, 2, 4)]
    [InlineData(8, 3, 2, 4)]
    [InlineData(8, 2, 3, 3)]
    [InlineData(5, 5, 1, 5)]
    [InlineData(6, 1, 4, 2)]
    public void Same_padding_gives_the_size_over_the_stride_rounded_up(int size, int window, int stride, int expected) =>
        Assert.Equal([1, expected, expected, 1],
            Tensor.Ones([1, size, size, 1]).Conv2D(Tensor.Ones([window, window, 1, 1]), null, (stride, stride), Padding.Same).Shape);

    [Fact]
    public void Fused_relu_agrees_with_relu_also_backward()
    {
        Tensor x = MatMulTests.Numbers(2, 8, 8, 3), kernel = MatMulTests.Numbers(3, 3, 3, 5), bias = MatMulTests.Numbers(5);
        using var tape = new GradientTape(persistent: true);
        tape.Watch(x);
        tape.Watch(kernel);
        tape.Watch(bias);
        Tensor plain = x.Conv2D(kernel, bias).Relu(), fused = x.Conv2D(kernel, bias, default, default, default, 1, Epilogue.Of<ReluOp>());
        MatMulTests.Close(plain.ToArray<double>(), fused.ToArray<double>());
        var expected = tape.Gradient(plain.Square().Sum(), [x, kernel, bias]);
        var actual = tape.Gradient(fused.Square().Sum(), [x, kernel, bias]);
        for (int i = 0; i < 3; i++) MatMulTests.Close(expected[i].ToArray<double>(), actual[i].ToArray<double>());
    }

    [Theory]
    [InlineData(3, 16, 1)]
    [InlineData(16, 24, 1)]
    [InlineData(24, 24, 24)]
    public void Bits_do_not_depend_on_the_number_of_threads(int c, int f, int groups)
    {
        Tensor x = MatMulTests.Numbers(6, 20, 22, c).Cast(DType.Float32), kernel = MatMulTests.Numbers(3, 3, c / groups, f).Cast(DType.Float32);
        int before = Threads.Count;
        try
        {
            Threads.Count = 1;
            var one = All();
            Threads.Count = 3;
            var three = All();
            for (int i = 0; i < one.Length; i++) Assert.Equal(one[i], three[i]);
        }
        finally
        {
            Threads.Count = before;
        }

        float[][] All()
        {
            using var tape = new GradientTape();
            tape.Watch(x);
            tape.Watch(kernel);
            var y = x.Conv2D(kernel, padding: Padding.Same, groups: groups);
            var g = tape.Gradient(y.Square().Sum(), [x, kernel]);
            return [y.ToArray<float>(), g[0].ToArray<float>(), g[1].ToArray<float>()];
        }
    }

    [Theory]
    [InlineData("valid", 3, 2, 7)]
    [InlineData("same", 3, 2, 6)]
    [InlineData("valid", 2, 3, 9)]
    [InlineData("same", 3, 1, 3)]
    public void Transposed_convolution_is_the_adjoint(string padding, int window, int stride, int size)
    {
        Tensor x = MatMulTests.Numbers(2, 3, 3, 4), kernel = MatMulTests.Numbers(window, window, 5, 4);
        var y = x.Conv2DTranspose(kernel, null, (stride, stride), padding);
        Assert.Equal([2, size, size, 5], y.Shape);
        // ⟨Aᵀx, u⟩ = ⟨x, Au⟩
        var u = MatMulTests.Numbers(2, size, size, 5);
        Assert.Equal((x * u.Conv2D(kernel, null, (stride, stride), padding)).Sum().Item(), (y * u).Sum().Item(), 10);
    }

    [Fact]
    public void No_images_give_no_results_and_a_zero_gradient()
    {
        var kernel = Tensor.Ones([3, 3, 2, 4]);
        using var tape = new GradientTape();
        tape.Watch(kernel);
        var y = Tensor.Zeros([0, 5, 5, 2]).Conv2D(kernel);
        Assert.Equal([0, 3, 3, 4], y.Shape);
        Assert.All(tape.Gradient(y.Sum(), [kernel])[0].ToArray<float>(), g => Assert.Equal(0, g));
    }

    [Fact]
    public void Bad_operands_are_named()
    {
        var x = Tensor.Zeros([1, 4, 4, 3]);
        var channels = Assert.Throws<ShapeMismatchException>(() => x.Conv2D(Tensor.Zeros([3, 3, 2, 8])));
        Assert.Contains("[1, 4, 4, 3]", channels.Message);
        Assert.Contains("[3, 3, 2, 8]", channels.Message);
        Assert.Contains("larger than the padded image", Assert.Throws<ShapeMismatchException>(() => x.Conv2D(Tensor.Zeros([5, 5, 3, 8]))).Message);
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([4, 4, 3]).Conv2D(Tensor.Zeros([3, 3, 3, 8])));
        Assert.Throws<ShapeMismatchException>(() => x.Conv2D(Tensor.Zeros([3, 3, 3, 8]), Tensor.Zeros([3])));
        Assert.Throws<ShapeMismatchException>(() => x.Conv2D(Tensor.Zeros([3, 3, 1, 8]), groups: 3));
        Assert.Throws<InvalidInputException>(() => x.Conv2D(Tensor.Zeros([3, 3, 3, 8]), strides: (0, 1)));
        Assert.Throws<InvalidInputException>(() => new Padding(1, -1, 0, 0));
        Assert.Contains("same, valid", Assert.Throws<InvalidInputException>(() => (Padding)"full").Message);
    }
}
