namespace NativeDL.Tests.Ops;

/// <summary>Order: sorting and what is made of it. The numbers are those of NumPy 2 unless said otherwise.</summary>
public sealed class OrderTests
{
    private static Tensor Of(params double[] values) => Tensor.FromArray(values);

    [Fact]
    public void NaN_follows_every_number_and_zeros_are_equal()
    {
        double[] values = [3, double.NaN, -0.0, double.PositiveInfinity, 0.0, double.NegativeInfinity, double.NaN, 1e-310];
        Assert.Equal([5, 2, 4, 7, 0, 3, 1, 6], Of(values).ArgSort().ToArray<int>());
        Assert.Equal([1, 6, 3, 0, 7, 2, 4, 5], Of(values).ArgSort(descending: true).ToArray<int>());
        var sorted = Of(values).Sort().ToArray<double>();
        Assert.Equal([double.NegativeInfinity, -0.0, 0.0, 1e-310, 3, double.PositiveInfinity, double.NaN, double.NaN], sorted);
        Assert.True(double.IsNegative(sorted[1]) && !double.IsNegative(sorted[2]));
        Assert.Equal([5, 2, 4, 7, 0, 3, 1, 6], Of(values).Cast(DType.Float32).ArgSort().ToArray<int>());
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Float16)]
    [InlineData(DType.Int32)]
    [InlineData(DType.Int64)]
    [InlineData(DType.UInt8)]
    [InlineData(DType.Bool)]
    public void Rows_of_every_type_and_length_are_sorted_and_stable(DType dtype)
    {
        foreach (int n in new[] { 0, 1, 2, 47, 48, 49, 300, 2500 })
        {
            var random = new System.Random(n);
            double[] values = [.. Enumerable.Range(0, 3 * n)
                .Select(_ => (double)random.Next(dtype.IsIndex() || dtype.IsFloating() ? -40 : 0, dtype == DType.Bool ? 2 : 40))];
            var x = Tensor.FromArray(values, [3, n]).Cast(dtype);
            int[] places = x.ArgSort().ToArray<int>(), falling = x.ArgSort(-1, descending: true).ToArray<int>();
            for (int r = 0; r < 3; r++)
            {
                double At(int place) => values[r * n + place];
                Assert.Equal(Enumerable.Range(0, n).OrderBy(At), places.AsSpan(r * n, n).ToArray());
                Assert.Equal(Enumerable.Range(0, n).OrderByDescending(At), falling.AsSpan(r * n, n).ToArray());
            }
            Assert.Equal(x.TakeAlongAxis(x.ArgSort()).ToDoubles(), x.Sort().ToDoubles());
        }
    }

    [Fact]
    public void The_ends_of_whole_numbers_are_in_order()
    {
        long[] longs = [0, long.MaxValue, long.MinValue, -1, 1L << 40, -(1L << 40), 1L << 31];
        Assert.Equal(longs.Order(), Tensor.FromArray(longs).Sort().ToArray<long>());
        int[] ints = [0, int.MaxValue, int.MinValue, -1, 7];
        Assert.Equal(ints.OrderDescending(), Tensor.FromArray(ints).Sort(descending: true).ToArray<int>());
    }

    [Fact]
    public void Any_axis_is_sorted()
    {
        var x = Tensor.FromArray(new double[,] { { 3, 1 }, { 1, 2 }, { 2, 0 } });
        Assert.Equal([1, 0, 2, 1, 3, 2], x.Sort(0).ToDoubles());
        Assert.Equal([1, 2, 2, 0, 0, 1], x.ArgSort(0).ToDoubles());
        Assert.Equal([3, 1, 2, 1, 2, 0], x.Sort(descending: true).ToDoubles());
        Assert.Throws<ShapeMismatchException>(() => x.Sort(2));
        Assert.Throws<ShapeMismatchException>(() => Tensor.Scalar(1).Sort());
        Assert.Equal("[0, 3]", Tensor.Zeros([0, 3]).Sort(0).Shape.ToString());
    }

    [Fact]
    public void A_gradient_goes_back_to_where_its_element_came_from()
    {
        using var tape = new GradientTape(persistent: true);
        var x = tape.Watch(Of(3, 1, 3, 2));
        var weights = Of(1, 10, 100, 1000);
        Assert.Equal([100, 1, 1000, 10], tape.Gradient((x.Sort() * weights).Sum(), x).ToDoubles());
        Assert.Equal([1, 0, 10, 0], tape.Gradient((x.TopK(2).Values * weights[..2]).Sum(), x).ToDoubles());
        Assert.Equal([5, 0, 0, 0], tape.Gradient(x.KthValue(3) * 5, x).ToDoubles());
        Assert.Equal([0.5, 0, 0, 0.5], tape.Gradient(x.Median(), x).ToDoubles());
        Assert.Equal([1.0, 1, 0, 1], tape.Gradient(x.Unique().Sum(), x).ToDoubles());
    }

    [Fact]
    public void The_greatest_and_the_smallest_few()
    {
        var x = Tensor.FromArray(new double[,] { { 2, 9, 4, 9 }, { -1, double.NaN, 5, 0 } });
        var (values, indices) = x.TopK(2);
        Assert.Equal([9, 9, double.NaN, 5], values.ToDoubles());
        Assert.Equal([1, 3, 1, 2], indices.ToArray<int>());
        Assert.Equal([2, 4, -1, 0], x.TopK(2, largest: false).Values.ToDoubles());
        Assert.Equal([2, double.NaN, 5, 9], x.TopK(1, axis: 0).Values.ToDoubles());
        Assert.Equal("[2, 0]", x.TopK(0).Values.Shape.ToString());
        Assert.Contains("[2, 4]", Assert.Throws<ShapeMismatchException>(() => x.TopK(5)).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeMismatchException>(() => x.TopK(-1));
        Assert.Equal([2, -1], x.KthValue(1).ToDoubles());
        Assert.Equal("[2, 1]", x.KthValue(4, keepDims: true).Shape.ToString());
        Assert.Throws<ShapeMismatchException>(() => x.KthValue(0));
        Assert.Throws<ShapeMismatchException>(() => x.KthValue(5));
    }

    [Fact]
    public void Medians_and_quantiles()
    {
        Assert.Equal(2, Of(3, 1, 2).Median().Item());
        Assert.Equal(2.5, Of(3, 1, 2, 9).Median().Item());
        Assert.Equal(double.PositiveInfinity, Of(double.PositiveInfinity, double.PositiveInfinity).Median().Item());
        Assert.True(double.IsNaN(Of(1, double.NaN, 2).Median().Item()));
        var x = Tensor.Arange(24, DType.Float64).Reshape(2, 3, 4);
        Assert.Equal([10.0, 11, 12, 13], x.Median((0, 1)).ToDoubles());
        Assert.Equal("[1, 1, 4]", x.Median((0, 1), keepDims: true).Shape.ToString());
        Assert.Equal(1.9, Of(4, 1, 2, 3).Quantile(0.3).Item(), 12);
        Assert.Equal(1, Of(4, 1, 2, 3).Quantile(0).Item());
        Assert.Equal(4, Of(4, 1, 2, 3).Quantile(1).Item());
        Assert.Equal(5.1, Of(5.1, 5.1, 5.1).Quantile(0.3).Item());
        Assert.Throws<InvalidInputException>(() => x.Quantile(1.1));
        Assert.Throws<InvalidInputException>(() => x.Quantile(double.NaN));
        Assert.Throws<DTypeMismatchException>(() => Tensor.Arange(4).Median());
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([0]).Median());
    }

    [Fact]
    public void Different_elements_and_the_way_back()
    {
        var x = Tensor.FromArray([3, 1, 3, 2, 1, 3], [2, 3]);
        var (values, indices, inverse, counts) = x.UniqueAll();
        Assert.Equal([1, 2, 3], values.ToArray<int>());
        Assert.Equal([1, 3, 0], indices.ToArray<int>());
        Assert.Equal([2, 1, 3], counts.ToArray<int>());
        Assert.Equal("[2, 3]", inverse.Shape.ToString());
        Assert.Equal(x.ToArray<int>(), values.Gather(inverse).ToArray<int>());
        Assert.Equal([1, double.NaN], Of(double.NaN, 1, double.NaN).Unique().ToDoubles());
        Assert.Empty(Tensor.Zeros([0]).Unique().ToDoubles());
        Assert.Equal([false, true], Tensor.FromArray([true, false, true]).Unique().ToArray<bool>());
    }

    [Fact]
    public void Places_in_a_sorted_row()
    {
        var sorted = Of(1, 2, 2, 5);
        var values = Of(0, 1, 2, 3, 5, 9, double.NaN);
        Assert.Equal([0, 0, 1, 3, 3, 4, 4], sorted.SearchSorted(values).ToArray<int>());
        Assert.Equal([0, 1, 3, 3, 4, 4, 4], sorted.SearchSorted(values, right: true).ToArray<int>());
        Assert.Equal([1, 0], Tensor.FromArray(new double[,] { { 1, 2 }, { 5, 6 } }).SearchSorted(Tensor.FromArray(new[,] { { 1.5 }, { 1.5 } })).ToArray<int>());
        Assert.Equal([0, 0], Tensor.Zeros([0]).SearchSorted(Tensor.Ones([2])).ToArray<int>());
        Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([2, 3]).SearchSorted(Tensor.Ones([3, 3])));
        Assert.Throws<ShapeMismatchException>(() => Tensor.Scalar(1).SearchSorted(Tensor.Ones([3])));
        Assert.Throws<DTypeMismatchException>(() => sorted.SearchSorted(Tensor.Ones([3])));
    }

    [Fact]
    public void Counts_of_whole_numbers_and_of_parts()
    {
        var x = Tensor.FromArray([1, 3, 1, 0], [2, 2]);
        Assert.Equal([1, 2, 0, 1], x.BinCount().ToArray<long>());
        Assert.Equal([1, 2, 0, 1, 0, 0], x.BinCount(minLength: 6).ToArray<long>());
        Assert.Equal([8, 5, 0, 2], x.BinCount(Tensor.FromArray([1.0, 2, 4, 8], [2, 2])).ToDoubles());
        Assert.Empty(Tensor.Zeros([0], DType.Int32).BinCount().ToDoubles());
        Assert.Throws<InvalidInputException>(() => Tensor.FromArray([1, -1]).BinCount());
        Assert.Throws<ShapeMismatchException>(() => x.BinCount(Tensor.Ones([4])));
        Assert.Throws<DTypeMismatchException>(() => Tensor.Ones([4]).BinCount());

        var (counts, edges) = Of(0, 1, 1.5, 2, 4, double.NaN, 5, -1).Histogram(4, 0, 4);
        Assert.Equal([1, 2, 1, 1], counts.ToArray<long>());
        Assert.Equal([0, 1, 2, 3, 4], edges.ToDoubles());
        Assert.Equal([2, 0, 1], Of(1, 1, 4).Histogram(3).Counts.ToArray<long>());
        Assert.Equal([6.5, 7.5], Of(7, 7).Histogram(1).Edges.ToDoubles());
        Assert.Equal([1, 4], Tensor.FromArray([1, 2, 2, 3, 3]).Histogram(2).Counts.ToArray<long>());
        Assert.Throws<InvalidInputException>(() => Of(1, double.NaN).Histogram());
        Assert.Throws<InvalidInputException>(() => Of(1).Histogram(0, 0, 1));

        Assert.Equal([1, 2], Tensor.FromArray(new double[,] { { 0, -0.0, 3 }, { double.NaN, 1, 0 } }).CountNonzero(1).ToArray<long>());
        Assert.Equal(2L, Tensor.FromArray([true, false, true]).CountNonzero().Item<long>());
    }
}
