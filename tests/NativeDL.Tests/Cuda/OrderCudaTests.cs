namespace NativeDL.Tests.Cuda;

/// <summary>Order on the device is the CPU's to the bit, around the sizes at which blocks and launches begin anew.</summary>
public sealed class OrderCudaTests
{
    private static Device Cuda => CudaTest.Device;

    private static Tensor Numbers(Shape shape, DType dtype)
    {
        var random = new System.Random((int)shape.ElementCount);
        double[] special = [double.NaN, -0.0, 0, double.PositiveInfinity, double.NegativeInfinity, 1e-40, -1e-40];
        double[] values = [.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => random.Next(8) == 0 && dtype.IsFloating()
            ? special[random.Next(special.Length)] : random.Next(-1000, 1000) * (dtype == DType.Int64 ? 1e12 : 1))];
        return Tensor.FromArray(values, shape).Cast(dtype);
    }

    [Theory]
    [InlineData(1, DType.Float32)]
    [InlineData(2, DType.Float64)]
    [InlineData(33, DType.Int32)]
    [InlineData(1023, DType.Int64)]
    [InlineData(1024, DType.Float32)]
    [InlineData(1025, DType.Float64)]
    [InlineData(2049, DType.Int64)]
    [InlineData(5000, DType.Float32)]
    [InlineData(70, DType.UInt8)]
    [InlineData(70, DType.BFloat16)]
    public void Rows_are_sorted_as_on_the_CPU(int n, DType dtype)
    {
        var x = Numbers([3, n], dtype);
        var there = x.To(Cuda);
        foreach (bool descending in new[] { false, true })
        {
            Assert.Equal(x.ArgSort(-1, descending).ToArray<int>(), there.ArgSort(-1, descending).ToArray<int>());
            Assert.Equal(x.Sort(-1, descending).ToDoubles(), there.Sort(-1, descending).ToDoubles());
        }
        Assert.Equal(x.Sort(0).ToDoubles(), there.Sort(0).ToDoubles());
        var sorted = x.Sort().Clone();
        Assert.Equal(sorted.SearchSorted(x, right: true).ToArray<int>(), sorted.To(Cuda).SearchSorted(there, right: true).ToArray<int>());
        Assert.Equal(x.Unique().ToDoubles(), there.Unique().ToDoubles());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1500)]
    public void What_runs_along_rows_is_as_on_the_CPU(int n)
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64, DType.Int32, DType.Int64 })
        {
            var x = Numbers([2, n], dtype);
            Assert.Equal(x.CumMax().ToDoubles(), x.To(Cuda).CumMax().ToDoubles());
            Assert.Equal(x.CumMin(reverse: true).ToDoubles(), x.To(Cuda).CumMin(reverse: true).ToDoubles());
        }
        // Powers of 2 are exact in any order.
        var random = new System.Random(n);
        var powers = Tensor.FromArray([.. Enumerable.Range(0, 2 * n).Select(_ => random.Next(3) switch { 0 => 2.0, 1 => 0.5, _ => -1 })], [2, n]);
        Assert.Equal(powers.CumProd().ToDoubles(), powers.To(Cuda).CumProd().ToDoubles());
        Assert.Equal(powers.Prod(1).ToDoubles(), powers.To(Cuda).Prod(1).ToDoubles());
        Assert.Equal(powers.Prod(0).ToDoubles(), powers.To(Cuda).Prod(0).ToDoubles());
        var whole = (powers * 2).Cast(DType.Int64);
        Assert.Equal(whole.CumProd().ToArray<long>(), whole.To(Cuda).CumProd().ToArray<long>());
    }

    [Fact]
    public void An_infinity_that_a_product_meets_stays_one()
    {
        var x = Tensor.FromArray([.. Enumerable.Range(0, 300).Select(i => i == 40 ? double.PositiveInfinity : 1.0)]);
        Assert.Equal(x.CumProd().ToDoubles(), x.To(Cuda).CumProd().ToDoubles());
    }

    [Fact]
    public void Segments_are_those_of_the_CPU_and_an_id_out_of_range_is_left_out()
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64, DType.Int32, DType.Int64 })
        {
            var x = Numbers([500, 3], dtype);
            var ids = Tensor.FromArray([.. Enumerable.Range(0, 500).Select(i => i * 7 % 11)]);
            Assert.Equal(x.SegmentMax(ids, 12).ToDoubles(), x.To(Cuda).SegmentMax(ids.To(Cuda), 12).ToDoubles());
            Assert.Equal(x.SegmentMin(ids, 12).ToDoubles(), x.To(Cuda).SegmentMin(ids.To(Cuda), 12).ToDoubles());
        }
        var y = Tensor.FromArray([1.0, 5, 3]).To(Cuda).SegmentMax(Tensor.FromArray([0, 2, -1]).To(Cuda), 2);
        Assert.Equal([1, double.NegativeInfinity], y.ToDoubles());
    }
}
