namespace NativeDL.Tests.Numerics;

/// <summary>
/// Values and gradients where a formula would cancel, or overflow or vanish in an intermediate, while the result is an ordinary
/// number. What is right comes from the definitions in 60 digits of decimal arithmetic.
/// </summary>
public sealed class RightNumbersTests
{
    private static IEnumerable<Device> Devices => [Device.Cpu, Cuda.CudaTest.Device];

    private static double[] Gradient(Func<Tensor, Tensor> f, Tensor x)
    {
        using var tape = new GradientTape();
        tape.Watch(x);
        return tape.Gradient(f(x), x).ToDoubles();
    }

    private static void Near(double[] expected, double[] actual, double relative)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = double.IsFinite(expected[i]) ? Math.Abs(actual[i] - expected[i]) <= relative * Math.Abs(expected[i]) : actual[i].Equals(expected[i]);
            Assert.True(same, $"element {i} is {actual[i]:R}, expected {expected[i]:R}; all: {string.Join(" ", actual)}");
        }
    }

    // f and its gradient at x, in both types unless one is named, and on both devices.
    private static void Check(Func<Tensor, Tensor> f, double[] x, double[]? values, double[]? slopes, double relative32, double relative64, DType? only = null)
    {
        foreach (var device in Devices)
            foreach (var dtype in only is { } one ? (DType[])[one] : [DType.Float32, DType.Float64])
            {
                var at = Tensor.FromArray(x).Cast(dtype).To(device);
                double relative = dtype == DType.Float32 ? relative32 : relative64;
                if (values is not null) Near(values, f(at).ToDoubles(), relative);
                if (slopes is not null) Near(slopes, Gradient(f, at), relative);
            }
    }

    [Fact]
    public void A_quotients_gradient_does_not_go_through_the_square_of_its_divisor()
    {
        foreach (var device in Devices)
        {
            double[] Slope(DType dtype, double[] a, double[] b)
            {
                var left = Tensor.FromArray(a).Cast(dtype).To(device);
                return Gradient(x => left / x, Tensor.FromArray(b).Cast(dtype).To(device));
            }
            double infinity = double.PositiveInfinity;
            Near([-1e-10, -1e20, -1e-25, -infinity], Slope(DType.Float32, [1e30, 1e-30, 1e25, infinity], [1e20, 1e-25, 1e25, 1e20]), 1e-6);
            Near([-1e-100, -1e100, -1e-200], Slope(DType.Float64, [1e300, 1e-300, 1e200], [1e200, 1e-200, 1e200]), 1e-14);
            Near([-2e-10], Gradient(x => 2e30f / x, Tensor.FromArray([1e20f]).To(device)), 1e-6);
            // A small dy meets a large 1/x² on the way.
            Near([-1e20], Gradient(x => x.Reciprocal() * 1e-30, Tensor.FromArray([1e-25f]).To(device)), 1e-6);
        }
    }

    [Fact]
    public void Gelu_keeps_its_tail_and_its_ends()
    {
        // x·Φ(x) and Φ(x) + x·φ(x).
        double[] x = [-4, -5, -5.5, -6, -9, 0.5, 3];
        double[] y = [-1.26684967332479697e-4, -1.43325785939596951e-6, -1.04442593562382453e-7, -5.91952587022618854e-9, -1.01572956535845658e-18,
            0.345731230637006559, 2.9959503059051098];
        double[] slope = [-5.03649661226421492e-4, -7.14694600179229474e-6, -5.73347239873992443e-7, -3.54687094539020151e-8, -9.13893737390663879e-18,
            0.867495124656162853, 1.01194564720418390];
        // 4 units in the last place; the device's erfc alone has so many.
        double ulps = 4 * Math.Pow(2, -23);
        Near(y, Tensor.FromArray(x).Cast(DType.Float32).Gelu().ToDoubles(), ulps);
        Near(y, Tensor.FromArray(x).Gelu().ToDoubles(), 4 * Math.Pow(2, -52));
        Check(t => t.Gelu(), x, y, slope, 2 * ulps, 1e-14);
        double infinity = double.PositiveInfinity;
        foreach (bool approximate in (bool[])[false, true])
            Check(t => t.Gelu(approximate), [-infinity, -1e15, -1e30, 1e15, 1e30, infinity], [0, 0, 0, 1e15, 1e30, infinity], [0, 0, 0, 1, 1, 1], 1e-6, 1e-6);
        Check(t => t.Gelu(approximate: true), [-1e103, 1e103, 1e200], null, [0, 1, 1], 0, 0, DType.Float64);
        Check(t => t.Gelu(approximate: true), [-6, -3, 2.5, 4], [-8.43964670076229702e-11, -3.63739208177301905e-3, 2.48491573391000120, 3.99992975405180751],
            [-7.70997393095369596e-10, -1.15841666309697260e-2, 1.03795157621266609, 1.00033512319712270], 2e-5, 1e-13);
    }

    [Fact]
    public void Elu_and_expm1_keep_slopes_that_their_results_have_rounded_away()
    {
        double[] x = [-10, -17, -30], slopes = [4.53999297624848542e-5, 4.13993771878516683e-8, 9.35762296884017482e-14];
        Check(t => t.Elu(), x, null, slopes, 1e-6, 1e-14);
        Check(t => t.Expm1(), x, null, slopes, 1e-6, 1e-14);
    }

    [Fact]
    public void Silu_and_the_inverse_sine_keep_what_a_difference_to_1_would_lose()
    {
        double infinity = double.PositiveInfinity;
        Check(t => t.Silu(), [-infinity, -1e30, -20, 17, 1e30, infinity], [0, 0, -4.12230723638040731e-8, 16.9999992962106177, 1e30, infinity],
            [0, 0, -3.91619186606467855e-8, 1.00000066238997842, 1, 1], 4e-7, 1e-14);
        // At the float32 nearest to 0.9999999.
        Check(t => t.Asin(), [0.9999998807907104], null, [2048.00006103515898], 4e-7, 1e-9);
    }

    [Fact]
    public void Zero_to_a_negative_power_has_the_slope_that_is_documented()
    {
        foreach (var device in Devices)
        {
            var zero = Tensor.FromArray([0.0, 0.0, 0.0]).To(device);
            Near([0, 0, 0], Gradient(b => zero.Pow(b), Tensor.FromArray([-1.0, 0.0, 2.0]).To(device)), 0);
        }
    }

    [Fact]
    public void A_cross_entropys_gradient_keeps_maximum_and_log_sum_apart()
    {
        double[] steps = [3.20586032800849879e-2, -0.912855681257967455, 0.236882818089910130, 0.643914259887972351];
        foreach (var device in Devices)
            foreach (bool dense in (bool[])[false, true])
            {
                double[] Slope(DType dtype, int label, params double[] logits)
                {
                    var labels = Tensor.FromArray([label]).To(device);
                    return Gradient(x => x.SoftmaxCrossentropy(dense ? labels.OneHot(logits.Length, dtype) : labels),
                        Tensor.FromArray(logits, [1, logits.Length]).Cast(dtype).To(device));
                }
                Near([-1.07551473358828608e-6, 1.07551473358828608e-6], Slope(DType.Float32, 0, 54.27477, 40.53206), 1e-6);
                Near(steps, Slope(DType.Float32, 1, 1e4, 1e4 + 1, 1e4 + 2, 1e4 + 3), 2e-6);
                Near(steps, Slope(DType.Float32, 1, 1e7, 1e7 + 1, 1e7 + 2, 1e7 + 3), 2e-6);
                Near([0.5, -0.5, 0, 0], Slope(DType.Float32, 1, 1e30, 1e30, 1, 2), 1e-6);
                Near([0.5, -0.5, 0, 0], Slope(DType.Float64, 1, 1e200, 1e200, 1, 2), 1e-14);
                Near([-4.13993754739433057e-8, 4.13993754739433057e-8], Slope(DType.Float32, 0, 17, 0), 1e-6);
                Near([0.999999958600624517, -0.999999958600624517], Slope(DType.Float32, 1, 17, 0), 1e-6);
            }
        // The sigmoid's likewise: σ(x) − 1 = −σ(−x).
        foreach (var device in Devices)
        {
            var x = Tensor.FromArray([17f, -17f]).To(device);
            Near([-4.13993754739433057e-8, 4.13993754739433057e-8], Gradient(t => t.SigmoidCrossentropy(Tensor.FromArray([1f, 0f]).To(device)), x), 1e-6);
        }
    }

    [Fact]
    public void The_gradient_of_logsumexp_is_a_softmax_at_any_offset()
    {
        double[] p = [3.20586032800849879e-2, 8.71443187420325727e-2, 0.236882818089910130, 0.643914259887972351];
        Check(x => x.LogSumExp(), [1e7, 1e7 + 1, 1e7 + 2, 1e7 + 3], null, p, 2e-6, 1e-14);
        Check(x => x.Reshape(2, 2).LogSumExp(), [1e4, 1e4 + 1, 1e4 + 2, 1e4 + 3], null, p, 2e-6, 1e-14);
        Check(x => x.Reshape(4, 1).LogSumExp(0), [1e4, 1e4 + 1, 1e4 + 2, 1e4 + 3], null, p, 2e-6, 1e-14);
        Check(x => x.LogSumExp(), [1e30, 1e30, 1, 2], null, [0.5, 0.5, 0, 0], 1e-6, 1e-14);
    }

    [Fact]
    public void A_row_with_an_infinity_is_NaN_in_every_type_and_one_of_nothing_but_minus_infinity_is_nothing()
    {
        double infinity = double.PositiveInfinity, none = double.NaN;
        Check(x => x.Softmax(), [1, infinity, 3, 4], [none, none, none, none], null, 0, 0);
        Check(x => x.LogSoftmax(), [1, infinity, 3, 4], [none, none, none, none], null, 0, 0);
        Check(x => x.Softmax(), [-infinity, -infinity], [0, 0], [0, 0], 0, 0);
        Check(x => x.LogSoftmax(), [-infinity, -infinity], [-infinity, -infinity], null, 0, 0);
        foreach (var dtype in (DType[])[DType.BFloat16, DType.Float16])
            Assert.All(Tensor.FromArray([1, infinity, 3]).Cast(dtype).Softmax().ToDoubles(), y => Assert.True(double.IsNaN(y)));
    }

    [Fact]
    public void Norms_and_deviations_are_right_where_squares_overflow_or_vanish()
    {
        Check(x => x.Std(), [1e30, 1e30, 1, 2], [5e29], null, 1e-6, 1e-14);
        Check(x => x.Std(), [1e-30, 1e-30, 1e-30, 0], [4.33012701892219e-31], null, 1e-6, 1e-14);
        // Around a mean that is a number of either type.
        Check(x => x.Std(), [Math.ScaleB(1, -83), Math.ScaleB(2, -83), Math.ScaleB(3, -83)], null, [-0.408248290463863, 0, 0.408248290463863], 1e-6, 1e-12);
        Check(x => x.Norm(), [3e30, 4e30], [5e30], [0.6, 0.8], 1e-6, 1e-14);
        Check(x => x.Norm(), [3e-30, 4e-30], [5e-30], [0.6, 0.8], 1e-6, 1e-14);
        Check(x => x.Norm(), [3e200, 4e200], [5e200], [0.6, 0.8], 0, 1e-14, DType.Float64);
        Check(x => x.Norm(), [3e-200, 4e-200], [5e-200], [0.6, 0.8], 0, 1e-14, DType.Float64);
        Check(x => x.Norm(), [0, 0], [0], [0, 0], 0, 0);
        Check(x => x.Norm(), [double.PositiveInfinity, 1], [double.PositiveInfinity], null, 0, 0);
        Check(x => x.Norm(), [double.NaN, 1], [double.NaN], null, 0, 0);
        // Groups of their own, along either axis, long enough for pieces.
        foreach (var device in Devices)
        {
            var huge = Tensor.Full([2, 40_000], 1e30f).To(device);
            Near([2e32, 2e32], huge.Norm(1).ToDoubles(), 1e-5);
            Near([2e32, 2e32], huge.Transpose().Clone().Norm(0).ToDoubles(), 1e-5);
            Near([5, 5e30, 5e-30], Tensor.FromArray(new float[,] { { 3, 3e30f, 3e-30f }, { 4, 4e30f, 4e-30f } }).To(device).Norm(0).ToDoubles(), 1e-6);
        }
    }

    [Fact]
    public void Normalized_huge_rows_are_no_silent_zeros()
    {
        foreach (var device in Devices)
        {
            var row = Tensor.FromArray([1e30f, 1e30f, 1, 2], [1, 4]).To(device);
            Tensor ones = Tensor.Ones([4]).To(device), zeros = Tensor.Zeros([4]).To(device);
            Near([1, 1, -1, -1], row.LayerNorm(ones, zeros, 1e-3).ToDoubles(), 1e-5);
            var both = Tensor.Concat([Tensor.FromArray([1f, 2, 3, 4], [1, 4]).To(device), row]);
            Near([1, 1, -1, -1], both.LayerNorm(ones, zeros, 1e-3).ToDoubles()[4..], 1e-5);
            var column = row.Reshape(4, 1).BatchNorm(Tensor.Ones([1]).To(device), Tensor.Zeros([1]).To(device), 1e-3);
            Near([1, 1, -1, -1], column.Y.ToDoubles(), 1e-5);
            var wide = row.Cast(DType.Float64) * 1e170;
            Near([1, 1, -1, -1], wide.LayerNorm(ones.Cast(DType.Float64), zeros.Cast(DType.Float64), 1e-3).ToDoubles(), 1e-12);
            Assert.All(wide.Reshape(4, 1).BatchNorm(Tensor.Ones([1], DType.Float64).To(device), Tensor.Zeros([1], DType.Float64).To(device), 1e-3)
                .Y.ToDoubles(), y => Assert.False(y == 0));
        }
    }

    [Fact]
    public void Sums_of_Int32_are_Int64_and_long_cumulative_sums_go_on_growing()
    {
        foreach (var device in Devices)
        {
            var whole = Tensor.FromArray([2_000_000_000, 2_000_000_000]).To(device);
            Assert.Equal([4_000_000_000L], whole.Sum().Reshape(1).ToArray<long>());
            Assert.Equal([2_000_000_000L, 4_000_000_000L], whole.CumSum().ToArray<long>());
            Assert.Equal(DType.Int64, whole.Sum(0, keepDims: true).DType);
        }
        int many = 1 << 25;
        var ones = Tensor.Ones([many]).CumSum();
        Assert.Equal(33554432f, ones.Narrow(0, many - 1, 1).ToArray<float>()[0]);
        Assert.Equal(33554432f, Tensor.Ones([many]).CumSum(reverse: true).Narrow(0, 0, 1).ToArray<float>()[0]);
        int tenths = 1 << 22;
        var tenth = Tensor.Full([tenths], 0.1f);
        Assert.Equal(419430.4f, tenth.CumSum().Narrow(0, tenths - 1, 1).ToArray<float>()[0]);
        Assert.Equal(419430.4f, tenth.Reshape(tenths / 2, 2).CumSum(0).Narrow(0, tenths / 2 - 1, 1).ToDoubles().Sum(), 0.05);
        Near([419430.4], tenth.To(Cuda.CudaTest.Device).CumSum().Narrow(0, tenths - 1, 1).ToDoubles(), 1e-6);
    }

    [Fact]
    public void Linspace_ends_at_its_end()
    {
        Assert.Equal(0.3, Tensor.Linspace(-0.1, 0.3, 5, DType.Float64).ToDoubles()[^1]);
        var random = new System.Random(1);
        for (int i = 0; i < 2003; i++)
        {
            double first = random.NextDouble() * 4 - 2, last = random.NextDouble() * 4 - 2;
            Assert.Equal((first, last), (Tensor.Linspace(first, last, 2 + i % 40, DType.Float64).ToDoubles()[0],
                Tensor.Linspace(first, last, 2 + i % 40, DType.Float64).ToDoubles()[^1]));
        }
    }

    [Fact]
    public void A_transposed_convolution_paints_what_is_documented()
    {
        Tensor x = Tensor.Ones([1, 2, 2, 1]), kernel = Tensor.Ones([1, 1, 1, 1]);
        Assert.Equal("[1, 4, 4, 1]", x.Conv2DTranspose(kernel, strides: 3, padding: new Padding(0)).Shape.ToString());   // (H − 1)·s + KH
        Assert.Equal("[1, 6, 6, 1]", x.Conv2DTranspose(kernel, strides: 3).Shape.ToString());                            // H·s + max(KH − s, 0)
        Assert.Equal("[1, 6, 6, 1]", x.Conv2DTranspose(kernel, strides: 3, padding: Padding.Same).Shape.ToString());
    }
}
