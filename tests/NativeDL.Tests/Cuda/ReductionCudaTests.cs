namespace NativeDL.Tests.Cuda;

public sealed class ReductionCudaTests
{
    private static Device Cuda => CudaTest.Device;

    // Around what a thread, a part of a warp, a warp, a block and a piece take, and rows of several pieces.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(33)]
    [InlineData(127)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(8191)]
    [InlineData(8192)]
    [InlineData(8193)]
    [InlineData(70_001)]
    public void Rows_of_any_length_are_reduced_to_the_CPUs_numbers(int length) =>
        Same(Whole([3, length]), [1]);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 5)]
    [InlineData(31, 32)]
    [InlineData(128, 33)]
    [InlineData(257, 40)]
    [InlineData(2049, 3)]
    [InlineData(20_000, 2)]
    [InlineData(70_000, 32)]
    [InlineData(2, 100_003)]
    public void Columns_of_any_length_are_reduced_to_the_CPUs_numbers(int length, int inner) =>
        Same(Whole([length, inner]), [0]);

    [Fact]
    public void Any_axes_are_reduced()
    {
        var x = Whole([5, 3, 40, 2]);
        foreach (int[] axes in (int[][])[[], [0], [1], [2], [3], [0, 1], [1, 2], [0, 2], [1, 3], [0, 2, 3]]) Same(x, axes);
    }

    [Fact]
    public void Many_short_rows_are_reduced() => Same(Whole([20_011, 3]), [1]);

    // Whole numbers, so that no order of sums shows.
    private static void Same(Tensor x, int[] axes)
    {
        foreach (var dtype in (DType[])[DType.Int32, DType.Int64, DType.Float32, DType.Float64])
        {
            Tensor a = x.Cast(dtype), b = a.To(Cuda);
            Assert.Equal(a.Sum(axes).ToDoubles(), b.Sum(axes).ToDoubles());
            Assert.Equal(a.Max(axes).ToDoubles(), b.Max(axes).ToDoubles());
            Assert.Equal(a.Min(axes, keepDims: true).ToDoubles(), b.Min(axes, keepDims: true).ToDoubles());
            if (axes.Length == 1) Assert.Equal(a.ArgMax(axes[0]).ToDoubles(), b.ArgMax(axes[0]).ToDoubles());
            if (axes.Length == 1) Assert.Equal(a.ArgMin(axes[0]).ToDoubles(), b.ArgMin(axes[0]).ToDoubles());
            if (axes.Length == 0) Assert.Equal(a.ArgMax().ToDoubles(), b.ArgMax().ToDoubles());
        }
    }

    [Fact]
    public void Whole_numbers_wrap()
    {
        var x = Tensor.Full([9000], int.MaxValue, DType.Int32);
        Assert.Equal(x.Sum().ToDoubles(), x.To(Cuda).Sum().ToDoubles());
        Assert.Equal(x.CumSum().ToDoubles(), x.To(Cuda).CumSum().ToDoubles());
    }

    [Fact]
    public void Bytes_and_truth_values_have_extremes()
    {
        var x = Whole([70, 130]).Cast(DType.UInt8).To(Cuda);
        Assert.Equal(x.To(Device.Cpu).Max(1).ToDoubles(), x.Max(1).ToDoubles());
        Assert.Equal(x.To(Device.Cpu).Min(0).ToDoubles(), x.Min(0).ToDoubles());
        var truth = Tensor.FromArray(new[] { true, true, true, false, false, false }, [3, 2]).To(Cuda);
        Assert.Equal([0, 0], truth.All(0).ToDoubles());
        Assert.Equal([1, 1, 0], truth.Any(1).ToDoubles());
        Assert.Equal([1, 0, 0], truth.All(1).ToDoubles());
        Assert.Throws<DTypeMismatchException>(() => x.Sum());
        Assert.Throws<DTypeMismatchException>(() => truth.Sum());
    }

    [Fact]
    public void A_NaN_is_the_extreme_and_its_first_place_counts()
    {
        double[] values = [.. Enumerable.Range(0, 9000).Select(i => (double)i)];
        values[777] = values[8500] = double.NaN;
        foreach (var dtype in (DType[])[DType.Float32, DType.Float64])
        {
            var x = Tensor.FromArray(values).Cast(dtype).To(Cuda);
            Assert.True(double.IsNaN(x.Max().ToDoubles()[0]));
            Assert.True(double.IsNaN(x.Min().ToDoubles()[0]));
            Assert.Equal([777], x.ArgMax().ToDoubles());
            Assert.Equal([777], x.ArgMin().ToDoubles());
            Assert.Equal([259, 2833, 2999], x.Reshape(3000, 3).ArgMax(0).ToDoubles());
        }
    }

    [Fact]
    public void Of_equal_elements_the_first_is_the_place_and_gets_the_gradient()
    {
        var x = Tensor.Zeros([10_000]).To(Cuda);
        Assert.Equal([0], x.ArgMax().ToDoubles());
        Assert.Equal([0], x.Reshape(100, 100).ArgMin(0).ToDoubles().Distinct());
        Assert.Equal([0], Tensor.FromArray([0.0, -0.0, 0.0]).To(Cuda).ArgMin().ToDoubles());
        Assert.Equal([1], Tensor.FromArray([1.0, double.NegativeInfinity, double.NegativeInfinity]).To(Cuda).ArgMin().ToDoubles());
        Assert.Equal([0], Tensor.Full([40], double.NegativeInfinity).To(Cuda).ArgMax().ToDoubles());
        using var tape = new GradientTape();
        tape.Watch(x);
        double[] gradient = tape.Gradient(x.Max(), x).ToDoubles();
        Assert.Equal(1, gradient[0]);
        Assert.Equal(1, gradient.Sum());
    }

    [Fact]
    public void Zeros_have_signs()
    {
        var x = Tensor.FromArray([-0.0, 0.0, -0.0, 0.0, -0.0]);
        Assert.False(double.IsNegative(x.To(Cuda).Max().ToDoubles()[0]));
        Assert.True(double.IsNegative(x.To(Cuda).Min().ToDoubles()[0]));
    }

    [Fact]
    public void Nothing_is_reduced_to_what_the_CPU_says()
    {
        foreach (var x in (Tensor[])[Tensor.Zeros([0]), Tensor.Zeros([3, 0, 2]), Tensor.Zeros([0, 4])])
        {
            var there = x.To(Cuda);
            foreach (int axis in Enumerable.Range(0, x.Rank))
            {
                Assert.Equal(x.Sum(axis).ToDoubles(), there.Sum(axis).ToDoubles());
                Assert.Equal(x.Mean(axis).ToDoubles(), there.Mean(axis).ToDoubles());
                Assert.Equal(x.LogSumExp(axis).ToDoubles(), there.LogSumExp(axis).ToDoubles());
                Assert.Equal(x.Norm(axis).ToDoubles(), there.Norm(axis).ToDoubles());
                Assert.Equal(x.Var(axis).ToDoubles(), there.Var(axis).ToDoubles());
                Assert.Equal(x.Cast(DType.Bool).All(axis).ToDoubles(), there.Cast(DType.Bool).All(axis).ToDoubles());
                Assert.Equal(x.CumSum(axis).Shape, there.CumSum(axis).Shape);
            }
        }
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([0]).To(Cuda).Max());
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([2, 0]).To(Cuda).ArgMax(1));
    }

    // A view that begins 4 or 8 bytes after a 16-byte boundary goes another way through memory, but not through the sums.
    [Theory]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(9001)]
    public void Alignment_does_not_change_a_bit(int length)
    {
        var x = Noise([1 + 2 * length], 1).To(Cuda);
        Tensor view = x.Narrow(0, 1, 2 * length).Reshape(2, length), packed = view.Clone();
        foreach (var reduce in (Func<Tensor, Tensor>[])[t => t.Sum(1), t => t.Mean(1), t => t.Norm(1), t => t.LogSumExp(1), t =>
            t.Var([1], false, 1), t => t.CumSum(1), t => t.Sum(0)])
            Assert.Equal(reduce(packed).ToArray<float>(), reduce(view).ToArray<float>());
    }

    [Fact]
    public void Long_sums_in_float32_stay_accurate()
    {
        var x = Noise([1_000_000], 1).Square();
        double exact = x.Cast(DType.Float64).Sum().ToDoubles()[0];
        Assert.Equal(1, x.To(Cuda).Sum().ToDoubles()[0] / exact, 5e-7);
        Assert.Equal(1, x.To(Cuda).Reshape(500_000, 2).Sum(0).ToDoubles().Sum() / exact, 5e-7);
        Assert.Equal(1, x.To(Cuda).CumSum().ToDoubles()[^1] / exact, 1e-6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void An_offset_costs_the_variance_hardly_any_accuracy(int axis)
    {
        // The mean is known to 1e-3 in float32, of which the square enters.
        var x = Noise([300, 300], 1) + 1e4;
        double[] exact = x.Cast(DType.Float64).Var(axis).ToDoubles(), found = x.To(Cuda).Var(axis).ToDoubles();
        Assert.All(exact.Zip(found), v => Assert.Equal(1, v.Second / v.First, 1e-5));
        exact = x.Cast(DType.Float64).Std(axis).ToDoubles();
        found = x.To(Cuda).Std(axis).ToDoubles();
        Assert.All(exact.Zip(found), v => Assert.Equal(1, v.Second / v.First, 1e-5));
    }

    [Fact]
    public void LogSumExp_neither_overflows_nor_makes_NaN_of_infinities()
    {
        double inf = double.PositiveInfinity;
        var x = Tensor.FromArray(new double[,] { { 1e4, 1e4 }, { -1e4, -1e4 }, { -inf, -inf }, { inf, 1 }, { -inf, 3 }, { double.NaN, 1 } });
        double[] expected = [1e4 + Math.Log(2), -1e4 + Math.Log(2), -inf, inf, 3, double.NaN];
        foreach (int axis in (int[])[0, 1])
        {
            var there = (axis == 1 ? x : x.Transpose().Contiguous()).To(Cuda);
            Assert.Equal(expected, there.LogSumExp(axis).ToDoubles());
            Assert.Equal(expected.Select(v => (double)(float)v), there.Cast(DType.Float32).LogSumExp(axis).ToDoubles());
        }
    }

    // Around a block's turn, a piece, and pieces of pieces' sums.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(31, 1)]
    [InlineData(257, 1)]
    [InlineData(8193, 1)]
    [InlineData(40_000, 1)]
    [InlineData(127, 3)]
    [InlineData(129, 3)]
    [InlineData(20_000, 2)]
    public void Cumulative_sums_of_any_length_go_both_ways(int length, int inner)
    {
        foreach (var dtype in (DType[])[DType.Int32, DType.Int64, DType.Float32, DType.Float64])
        {
            var x = Whole([2, length, inner], 16).Cast(dtype);
            foreach (bool reverse in (bool[])[false, true])
                Assert.Equal(x.CumSum(1, reverse).ToDoubles(), x.To(Cuda).CumSum(1, reverse).ToDoubles());
        }
    }

    [Fact]
    public void A_NaN_goes_on_to_the_later_cumulative_sums_only()
    {
        double[] values = [.. Enumerable.Repeat(1.0, 10_000)];
        values[5000] = double.NaN;
        double[] sums = Tensor.FromArray(values).To(Cuda).CumSum().ToDoubles();
        Assert.Equal(5000, sums.TakeWhile(v => !double.IsNaN(v)).Count());
        Assert.All(sums[5000..], v => Assert.True(double.IsNaN(v)));
    }

    // Numbers that repeat irregularly, small enough to be summed exactly in float32.
    private static Tensor Whole(Shape shape, int below = 100)
    {
        var random = new Random(7);
        return Tensor.FromArray([.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => random.Next(below))], shape);
    }

    private static Tensor Noise(Shape shape, double size)
    {
        var random = new Random(11);
        return Tensor.FromArray([.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => (float)(size * (random.NextDouble() * 2 - 1)))], shape);
    }
}
