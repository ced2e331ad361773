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

    [Fact]
    public void Scattering_is_the_CPUs_and_leaves_out_what_is_out_of_range()
    {
        var x = Tensor.RandomNormal([5, 4], random: 1);
        var places = (Tensor.RandomUniform([40, 2], random: 2) * 4).Floor().Cast(DType.Int32);
        var updates = Tensor.RandomNormal([40], random: 3);
        foreach (var reduction in Enum.GetValues<ScatterReduction>())
        {
            var expected = x.ScatterUpdate(places, updates, reduction);
            Assert.Equal(expected.ToDoubles(), x.To(Cuda).ScatterUpdate(places.To(Cuda), updates.To(Cuda), reduction).ToDoubles());
        }
        var outside = Tensor.FromArray(new[,] { { 0, 4 }, { 5, 0 }, { -1, 0 }, { 1, 1 } }).To(Cuda);
        var y = Tensor.Zeros([5, 4]).To(Cuda).ScatterUpdate(outside, Tensor.Ones([4]).To(Cuda), ScatterReduction.Add);
        Assert.Equal((1.0, 1.0), (y.Sum().Item(), y[1, 1].Item()));
        Assert.Equal(1, Tensor.Zeros([5, 4]).To(Cuda).ScatterUpdate(outside, Tensor.Ones([4]).To(Cuda)).Sum().Item());
        Assert.Equal([double.NaN, double.NaN, double.NaN, 0], Tensor.Zeros([5, 4]).To(Cuda).GatherNd(outside).ToDoubles());
    }
}
