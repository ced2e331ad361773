namespace NativeDL.Tests.Cuda;

public sealed class AlongAxisCudaTests
{
    private static Device Cuda => CudaTest.Device;

    [Fact]
    public void An_index_out_of_range_is_NaN_and_is_added_nowhere()
    {
        var x = Tensor.FromArray([1.0, 2, 3, 4], [2, 2]).To(Cuda);
        var places = Tensor.FromArray([1, -1, 2, 0], [2, 2]).To(Cuda);
        Assert.Equal([2, double.NaN, double.NaN, 3], x.TakeAlongAxis(places).ToDoubles());
        Assert.Equal([2, 0, 0, 3], x.Cast(DType.Int32).TakeAlongAxis(places).ToDoubles());
        Assert.Equal([0, 1, 4, 0], new AddAlongAxisOp(1, 2).Run(x, places).ToDoubles());
    }

    // Around the number of indices up to which each result looks through them.
    [Theory]
    [InlineData(1, 5, 3)]
    [InlineData(64, 7, 2)]
    [InlineData(65, 7, 2)]
    [InlineData(300, 200, 1)]
    public void Sums_are_those_of_the_CPU_to_the_bit(int count, int size, int inner)
    {
        var x = Tensor.RandomNormal([3, count, inner], random: 4);
        var places = (Tensor.RandomUniform([3, count, inner], random: 5) * size).Floor().Cast(DType.Int32);
        var expected = new AddAlongAxisOp(1, size).Run(x, places);
        Assert.Equal(expected.ToDoubles(), new AddAlongAxisOp(1, size).Run(x.To(Cuda), places.To(Cuda)).ToDoubles());
        Assert.Equal(expected.TakeAlongAxis(places, 1).ToDoubles(), expected.To(Cuda).TakeAlongAxis(places.To(Cuda), 1).ToDoubles());
    }
}
