using System.Runtime.InteropServices;

namespace NativeDL.Tests.Cuda;

/// <summary>What is random on the device has the CPU's bits, wherever in its sequence the source stands.</summary>
public sealed class RandomCudaTests
{
    // Where the counter carries into its upper half, and where it wraps.
    private static RandomSnapshot[] Places => [new(0, 0), new(42, 7), new(0xFEDCBA9876543210, 0xFFFF_FFFF), new(ulong.MaxValue, ulong.MaxValue - 2)];

    public static TheoryData<int> Sizes => [0, 1, 2, 3, 4, 5, 7, 9, 127, 1023, 4097, 30_011];

    [Theory, MemberData(nameof(Sizes))]
    public void Fills_have_the_CPUs_bits(int n)
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
            foreach (var place in Places)
            {
                Same(place, (r, d) => Tensor.RandomUniform([n], 0, 1, dtype, r, d));
                Same(place, (r, d) => Tensor.RandomUniform([n], -0.3, 12.7, dtype, r, d));
                Same(place, (r, d) => Tensor.RandomNormal([n], 0, 1, dtype, r, d));
                Same(place, (r, d) => Tensor.RandomNormal([n], 3.3, 0.7, dtype, r, d));
                Same(place, (r, d) => Tensor.RandomTruncatedNormal([n], 0, 1, dtype, r, d));
                Same(place, (r, d) => Tensor.RandomTruncatedNormal([n], -1, 0.02, dtype, r, d));
            }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Choices_have_the_CPUs_bits(int n)
    {
        foreach (var dtype in Enum.GetValues<DType>())
            foreach (double probability in new[] { 0, 1e-3, 0.3, 0.5, 1 })
                Same(Places[n % Places.Length], (r, d) => Tensor.RandomBernoulli([n], probability, dtype, r, d));
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Dropout_has_the_CPUs_bits(int n)
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
            foreach (double rate in new[] { 0, 0.2, 0.5, 0.9, 1 })
                foreach (var place in Places)
                {
                    Same(place, (r, d) => Tensor.RandomNormal([n + 3], 0, 1, dtype, new RandomState(5)).To(d).Narrow(0, 0, n).Dropout(rate, r));
                    Same(place, (r, d) => Tensor.RandomNormal([n + 3], 0, 1, dtype, new RandomState(5)).To(d).Narrow(0, 3, n).Dropout(rate, r));
                    Same(place, (r, d) => Tensor.RandomNormal([n], 0, 1, dtype, new RandomState(5)).To(d).Flip(0).Dropout(rate, r));
                }
    }

    [Fact]
    public void Dropout_hands_on_what_is_not_finite()
    {
        double[] values = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, 1e308, 5e-324];
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
        {
            // Which of the many NaN it is does not matter.
            var x = Tensor.FromArray([.. Enumerable.Range(0, 60).Select(i => values[i % values.Length])]).Cast(dtype);
            Assert.Equal(x.Dropout(0.5, new RandomState(6)).ToDoubles(), x.To(CudaTest.Device).Dropout(0.5, new RandomState(6)).ToDoubles());
        }
    }

    [Fact]
    public void Dropouts_gradient_is_its_mask()
    {
        using var tape = new GradientTape();
        var x = tape.Watch(Tensor.Arange(1.0, 501).To(CudaTest.Device));
        var y = x.Dropout(0.3, new RandomState(8));
        var arrives = Tensor.Arange(500.0, 0, -1).To(CudaTest.Device);
        var kept = y.ToDoubles().Select(v => v != 0).ToArray();
        Assert.Equal([false, true], kept.Distinct().Order());
        double[] expected = [.. arrives.ToDoubles().Zip(kept, (v, kept) => kept ? v / 0.7 : 0)];
        Assert.Equal(expected, tape.Gradient(y, [x], arrives)[0].ToDoubles(), (a, b) => Math.Abs(a - b) <= 1e-6 * Math.Abs(a));
    }

    [Fact]
    public void A_source_goes_on_alike_whatever_the_device()
    {
        Same(Places[1], (r, d) => Tensor.Stack([Tensor.RandomUniform([5], random: r, device: d), Tensor.RandomNormal([5], random: r, device: d),
            Tensor.RandomBernoulli([5], random: r, device: d), Tensor.Ones([5], device: d).Dropout(0.5, r),
                Tensor.RandomTruncatedNormal([5], random: r, device: d)]));
        Same(Places[1], (r, d) => Tensor.RandomPermutation(1000, r, d));
    }

    [Fact]
    public void The_default_device_is_where_numbers_are_made()
    {
        using var device = Device.Use(CudaTest.Device);
        Assert.Same(CudaTest.Device, Tensor.RandomNormal([3], random: new RandomState(1)).Device);
        Assert.Same(CudaTest.Device, Tensor.RandomBernoulli([3], random: new RandomState(1)).Device);
    }

    private static void Same(RandomSnapshot place, Func<RandomState, Device, Tensor> make)
    {
        RandomState here = new(place), there = new(place);
        Tensor expected = make(here, Device.Cpu), found = make(there, CudaTest.Device);
        Assert.Same(CudaTest.Device, found.Device);
        Assert.Equal(expected.Shape, found.Shape);
        Assert.Equal(here.State, there.State);
        Assert.Equal(Bytes(expected), Bytes(found));
    }

    private static byte[] Bytes(Tensor x) => x.DType switch
    {
        DType.Float32 => Raw<float>(x),
        DType.Float64 => Raw<double>(x),
        DType.Int32 => Raw<int>(x),
        DType.Int64 => Raw<long>(x),
        DType.Bool => Raw<bool>(x),
        DType.BFloat16 => Raw<BFloat16>(x),
        DType.Float16 => Raw<Half>(x),
        _ => Raw<byte>(x),
    };

    private static byte[] Raw<T>(Tensor x) where T : unmanaged => MemoryMarshal.AsBytes<T>(x.ToArray<T>()).ToArray();
}
