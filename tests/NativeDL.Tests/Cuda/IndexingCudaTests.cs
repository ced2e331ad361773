namespace NativeDL.Tests.Cuda;

public sealed class IndexingCudaTests
{
    private static Device Cuda => CudaTest.Device;

    [Theory]
    [InlineData(DType.Float32, 4)]
    [InlineData(DType.Float32, 3)]
    [InlineData(DType.Float64, 2)]
    [InlineData(DType.Float64, 5)]
    [InlineData(DType.Int32, 4)]
    [InlineData(DType.Int64, 1)]
    [InlineData(DType.UInt8, 16)]
    [InlineData(DType.UInt8, 7)]
    [InlineData(DType.Bool, 3)]
    public void A_gather_moves_bits_of_every_type(DType dtype, int inner)
    {
        var x = Tensor.FromArray(Values(3 * 40 * inner), [3, 40, inner]).Cast(dtype);
        var indices = Indices(700, 40);
        Assert.Equal(x.Gather(indices, 1).ToDoubles(), x.To(Cuda).Gather(indices.To(Cuda), 1).ToDoubles());
    }

    [Fact]
    public void An_index_out_of_range_gives_a_row_of_NaN_and_reads_nothing()
    {
        var x = Tensor.FromArray([1.0, 2, 3, 4, 5, 6], [3, 2]).To(Cuda);
        var indices = Tensor.FromArray([2L, -1, 0, 3, long.MaxValue, 1]).To(Cuda);
        double[] expected = [5, 6, double.NaN, double.NaN, 1, 2, double.NaN, double.NaN, double.NaN, double.NaN, 3, 4];
        Assert.Equal(expected, x.Gather(indices).ToDoubles());
        Assert.Equal(expected, x.Cast(DType.Float32).Gather(indices).ToDoubles());
        Assert.Equal([5, 6, 0, 0, 1, 2, 0, 0, 0, 0, 3, 4], x.Cast(DType.Int32).Gather(indices).ToDoubles());
    }

    [Fact]
    public void Nothing_can_be_gathered_from_nothing()
    {
        Assert.All(Tensor.Zeros([0, 3]).To(Cuda).Gather(Indices(2, 1).To(Cuda)).ToDoubles(), v => Assert.True(double.IsNaN(v)));
        Assert.Equal([0, 3], Tensor.Zeros([4, 3]).To(Cuda).Gather(Tensor.Zeros([0], DType.Int32).To(Cuda)).Shape.Dimensions);
        Assert.Equal(0, Tensor.Zeros([4, 0]).To(Cuda).Gather(Indices(5, 4).To(Cuda)).ElementCount);
    }

    [Fact]
    public void An_index_out_of_range_scatters_nowhere()
    {
        var x = Tensor.FromArray([1.0, 2, 4, 8, 16]).To(Cuda);
        Assert.Equal([4, 0, 18], x.ScatterAdd(Tensor.FromArray([-1, 2, 0, 3, 2]).To(Cuda), 0, 3).ToDoubles());
        Assert.Equal([0, 0, 0], x.ScatterAdd(Tensor.FromArray([-1, 7, 9, 3, int.MinValue]).To(Cuda), 0, 3).ToDoubles());
        Assert.Equal([0, 0, 0], Tensor.Zeros([0], DType.Float64).To(Cuda).ScatterAdd(Tensor.Zeros([0], DType.Int32).To(Cuda), 0, 3).ToDoubles());
    }

    // Lengths around a chunk of 32 and a sorted block of 1024, and lists that are merged from several.
    [Theory]
    [InlineData(1, 3, 4)]
    [InlineData(31, 5, 3)]
    [InlineData(32, 2, 4)]
    [InlineData(33, 1, 4)]
    [InlineData(1024, 70, 2)]
    [InlineData(1025, 7, 1)]
    [InlineData(2600, 50_000, 4)]
    [InlineData(5000, 40, 3)]
    public void A_scatter_adds_what_the_CPU_adds(int count, int size, int inner)
    {
        var x = Tensor.FromArray(Values(2 * count * inner), [2, count, inner]);
        var indices = Indices(count, size);
        Near(x.ScatterAdd(indices, 1, size), x.To(Cuda).ScatterAdd(indices.To(Cuda), 1, size), 1e-13);
        var single = x.Cast(DType.Float32).To(Cuda);
        var once = single.ScatterAdd(indices.To(Cuda), 1, size);
        Near(x.Cast(DType.Float32).Cast(DType.Float64).ScatterAdd(indices, 1, size), once, 1e-6);
        Assert.Equal(once.ToDoubles(), single.ScatterAdd(indices.To(Cuda), 1, size).ToDoubles());
    }

    [Fact]
    public void An_index_that_most_rows_have_is_added_up_over_many_chunks()
    {
        int[] indices = [.. Enumerable.Range(0, 4000).Select(i => i % 17 == 0 ? i % 5 : 3)];
        var x = Tensor.FromArray(Values(4000 * 8), [4000, 8]);
        var list = Tensor.FromArray(indices);
        Near(x.ScatterAdd(list, 0, 6), x.To(Cuda).ScatterAdd(list.To(Cuda), 0, 6), 1e-13);
        Near(x.ScatterAdd(list, 0, 6), x.Cast(DType.Float32).To(Cuda).ScatterAdd(list.To(Cuda), 0, 6), 2e-6);
    }

    [Fact]
    public void Views_that_are_not_aligned_are_read_as_they_stand()
    {
        var x = Tensor.FromArray(Values(9 * 4 + 1)).Cast(DType.Float32);
        var indices = Indices(50, 9);
        Tensor View(Device device) => x.To(device)[1..].Reshape(9, 4);
        Assert.Equal(View(Device.Cpu).Gather(indices).ToDoubles(), View(Cuda).Gather(indices.To(Cuda)).ToDoubles());
        Near(View(Device.Cpu).ScatterAdd(indices[..9], 0, 9), View(Cuda).ScatterAdd(indices.To(Cuda)[..9], 0, 9), 1e-6);
    }

    [Fact]
    public void NaN_reaches_the_row_it_is_scattered_to_and_no_other() =>
        Assert.Equal([double.NaN, 2, 0], Tensor.FromArray([1, 2, double.NaN]).To(Cuda).ScatterAdd(Tensor.FromArray([0, 1, 0]).To(Cuda), 0, 3).ToDoubles());

    [Theory]
    [InlineData(DType.Float32, double.NaN)]
    [InlineData(DType.Float64, double.NaN)]
    [InlineData(DType.Int32, 0)]
    [InlineData(DType.Int64, 0)]
    [InlineData(DType.UInt8, 0)]
    [InlineData(DType.Bool, 0)]
    public void One_hot_rows_of_every_type(DType dtype, double missing)
    {
        var y = Tensor.FromArray([1, 3, 0, -1, 2]).To(Cuda).OneHot(3, dtype);
        Assert.Equal((dtype, 5, 3), (y.DType, y.Shape[0], y.Shape[1]));
        Assert.Equal([0, 1, 0, missing, missing, missing, 1, 0, 0, missing, missing, missing, 0, 0, 1], y.ToDoubles());
    }

    private static double[] Values(int n) => [.. Enumerable.Range(0, n).Select(i => Math.Round(100 * Math.Sin(1 + i * 0.7)))];

    private static Tensor Indices(int count, int size) => Tensor.FromArray(Enumerable.Range(0, count).Select(i => (int)(i * 2654435761L % size)).ToArray());

    private static void Near(Tensor expected, Tensor found, double tolerance)
    {
        Assert.Equal(expected.Shape, found.Shape);
        Assert.All(expected.ToDoubles().Zip(found.ToDoubles()), v =>
            Assert.True(Math.Abs(v.First - v.Second) <= tolerance * (100 + Math.Abs(v.First)), $"{v}"));
    }
}
