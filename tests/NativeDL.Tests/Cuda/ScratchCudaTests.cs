namespace NativeDL.Tests.Cuda;

/// <summary>Watches all memory of the device, so nothing else runs beside it.</summary>
[Collection(nameof(Alone))]
public sealed class ScratchCudaTests
{
    [Fact]
    public void Scratch_of_transposed_operands_is_given_back()
    {
        // Sizes that the pool does not round up.
        var x = Tensor.RandomUniform([256, 256], random: new RandomState(4)).To(CudaTest.Device).Transpose();
        long before = CudaTest.Device.MemoryStats().LiveBytes;
        using var scope = TensorScope.Begin();
        var y = x * x;
        // Less where the collector brings back, just now, what earlier tests left behind.
        Assert.True(CudaTest.Device.MemoryStats().LiveBytes - before <= y.ElementCount * sizeof(float));
    }
}
