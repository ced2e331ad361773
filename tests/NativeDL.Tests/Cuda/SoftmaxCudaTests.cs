namespace NativeDL.Tests.Cuda;

public sealed class SoftmaxCudaTests
{
    private const double Inf = double.PositiveInfinity;

    private static Device Cuda => CudaTest.Device;

    // Around what threads hold of a row: a part of a warp, a warp, a block; and rows of several strips.
    [Theory]
    [InlineData(5, 1)]
    [InlineData(700, 3)]
    [InlineData(70, 10)]
    [InlineData(3, 33)]
    [InlineData(2, 1000)]
    [InlineData(2, 1024)]
    [InlineData(3, 1025)]
    [InlineData(1, 8192)]
    [InlineData(2, 8193)]
    [InlineData(1, 30_000)]
    public void Rows_of_any_length_are_the_CPUs(int rows, int n)
    {
        Tensor x = Noise([rows, n], 1), t = Noise([rows, n], 2).Square(), labels = Labels(rows, n);
        foreach (var dtype in (DType[])[DType.Float64, DType.Float32])
        {
            Tensor a = x.Cast(dtype), weights = t.Cast(dtype);
            double tolerance = dtype == DType.Float64 ? 1e-13 : 1e-5;
            foreach (var run in (Func<Tensor, Tensor, Tensor, Tensor>[])[
                (a, _, _) => a.Softmax(), (a, _, _) => a.LogSoftmax(), (a, l, _) => a.SoftmaxCrossentropy(l), (a, l, _) => a.SoftmaxCrossentropy(l, 0.1),
                    (a, _, w) => a.SoftmaxCrossentropy(w)])
            {
                var (y, dx) = WithGradient(a, a => run(a, labels, weights));
                var (found, foundDx) = WithGradient(a.To(Cuda), a => run(a, labels.To(Cuda), weights.To(Cuda)));
                Near(y, found, tolerance);
                Near(dx, foundDx, tolerance);
            }
        }
    }

    [Fact]
    public void Masked_and_infinite_rows_are_the_CPUs()
    {
        var x = Tensor.FromArray(new double[,] { { -Inf, -Inf, -Inf }, { -Inf, 0, 0 }, { 1, double.NaN, 2 }, { 1e30, -1e30, 1e30 } });
        foreach (var dtype in (DType[])[DType.Float64, DType.Float32])
        {
            var a = x.Cast(dtype);
            Assert.Equal(a.Softmax().ToDoubles(), a.To(Cuda).Softmax().ToDoubles());
            Assert.Equal(a.LogSoftmax().ToDoubles(), a.To(Cuda).LogSoftmax().ToDoubles(), (u, v) => u.Equals(v) || Math.Abs(u - v) < 1e-6);
            Assert.True(double.IsNaN(Tensor.FromArray([1, Inf, 2]).Cast(dtype).To(Cuda).Softmax().ToDoubles()[1]));
        }
    }

    [Fact]
    public void Alignment_does_not_change_a_bit()
    {
        foreach (int n in (int[])[5, 8, 1000, 9000])
        {
            var x = Noise([1 + 2 * n], 3).Cast(DType.Float32).To(Cuda);
            Tensor view = x.Narrow(0, 1, 2 * n).Reshape(2, n), packed = view.Clone(), labels = Labels(2, n).To(Cuda);
            Assert.Equal(packed.Softmax().ToArray<float>(), view.Softmax().ToArray<float>());
            Assert.Equal(packed.SoftmaxCrossentropy(labels, 0.1).ToArray<float>(), view.SoftmaxCrossentropy(labels, 0.1).ToArray<float>());
        }
    }

    [Fact]
    public void No_rows_and_no_columns_are_nothing()
    {
        Assert.Equal(0, Tensor.Zeros([0, 3]).To(Cuda).Softmax().ElementCount);
        Assert.Equal(0, Tensor.Zeros([3, 0]).To(Cuda).LogSoftmax().ElementCount);
        Assert.Equal(0, Tensor.Zeros([0, 3]).To(Cuda).SoftmaxCrossentropy(Tensor.Zeros([0], DType.Int32).To(Cuda)).ElementCount);
    }

    // Nothing waits for the labels to be looked at, so no error names the row: the loss does.
    [Fact]
    public void A_label_that_is_no_class_gives_a_row_of_NaN_and_reads_nothing()
    {
        var x = Noise([4, 3], 4).Cast(DType.Float32);
        foreach (var labels in (Tensor[])[Tensor.FromArray([0, 3, -1, 2]), Tensor.FromArray([0L, 1L << 32, -1L, 2L])])
        {
            foreach (double smoothing in (double[])[0, 0.1])
            {
                double[] good = x.SoftmaxCrossentropy(Tensor.FromArray([0, 0, 0, 2]), smoothing).ToDoubles();
                var (loss, dx) = WithGradient(x.To(Cuda), x => x.SoftmaxCrossentropy(labels.To(Cuda), smoothing));
                Assert.Equal([good[0], double.NaN, double.NaN, good[3]], loss.ToDoubles(), (u, v) => u.Equals(v) || Math.Abs(u - v) < 1e-6);
                Assert.Equal([false, true, true, false], dx.ToDoubles().Chunk(3).Select(row => row.All(double.IsNaN)));
                Assert.Equal([true, false, false, true], dx.ToDoubles().Chunk(3).Select(row => row.All(double.IsFinite)));
            }
        }
    }

    [Fact]
    public void A_class_without_weight_may_have_no_probability()
    {
        var x = Tensor.FromArray(new double[,] { { -Inf, 1, 2 }, { 0, -Inf, 0 } }).To(Cuda);
        var t = Tensor.FromArray(new double[,] { { 0, 1, 0 }, { 0.5, 0, 0.5 } }).To(Cuda);
        Near(Tensor.FromArray([Math.Log(1 + Math.E), Math.Log(2)]), x.SoftmaxCrossentropy(t), 1e-14);
    }

    [Fact]
    public void A_small_loss_beside_large_logits_is_exact()
    {
        var x = Tensor.FromArray(new[,] { { 1e6f, 1e6f - 3 } }).To(Cuda);
        Near(Tensor.FromArray([Math.Log(1 + Math.Exp(-3))]), x.SoftmaxCrossentropy(Tensor.FromArray([0]).To(Cuda)), 2e-6);
    }

    private static (Tensor Y, Tensor Dx) WithGradient(Tensor x, Func<Tensor, Tensor> run)
    {
        using var tape = new GradientTape();
        tape.Watch(x);
        var y = run(x);
        // A seed of different numbers, or the softmax's gradient would be nothing.
        var seed = Noise(y.Shape, 5).Cast(y.DType).To(y.Device);
        return (y, tape.Gradient(y, [x], seed)[0]);
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

    private static Tensor Labels(int rows, int classes)
    {
        var random = new Random(13);
        return Tensor.FromArray([.. Enumerable.Range(0, rows).Select(_ => random.Next(classes))]);
    }

    private static Tensor Noise(Shape shape, int seed)
    {
        var random = new Random(seed);
        return Tensor.FromArray([.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => random.NextDouble() * 8 - 4)], shape);
    }
}
