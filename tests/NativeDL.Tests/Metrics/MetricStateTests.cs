using NativeDL.Tests.Cuda;

namespace NativeDL.Tests.Metrics;

/// <summary>What every metric promises of its state.</summary>
public sealed class MetricStateTests
{
    public static TheoryData<string> Names => [.. Registry.Names<Metric>()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gone_on_with_in_another_process_it_is_as_if_nothing_had_been(string name)
    {
        Metric whole = name, before = name, after = name;
        foreach (ulong seed in new ulong[] { 4, 5 }) See(whole, seed);
        See(before, 4);
        var saved = new SavedState("a metric");
        before.WriteState(saved);
        after.ReadState(saved);
        Assert.Equal(before.Result, after.Result);
        See(after, 5);
        Assert.Equal(whole.Result, after.Result);
        // As new.
        after.Reset();
        See(after, 5);
        Metric fresh = name;
        See(fresh, 5);
        Assert.Equal(fresh.Result, after.Result);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void On_a_device_it_says_the_same(string name)
    {
        Metric here = name, there = name;
        foreach (ulong seed in new ulong[] { 4, 5 })
        {
            See(here, seed);
            See(there, seed, CudaTest.Device, Tensor.Of(1, 1, 1, 1));
        }
        Assert.Equal(here.Result, there.Result, 1e-12 * (1 + Math.Abs(here.Result)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_that_was_not_good_counts_for_nothing(string name)
    {
        Metric plain = name, gated = name;
        See(plain, 4);
        See(gated, 4, CudaTest.Device);
        foreach (var sum in gated.Sums) sum.Gate = Tensor.Full(Shape.Scalar, 0, device: CudaTest.Device).Greater(0);
        See(gated, 5, CudaTest.Device);
        Assert.Equal(plain.Result, gated.Result, 1e-12 * (1 + Math.Abs(plain.Result)));
    }

    private static void See(Metric metric, ulong seed, Device? device = null, Tensor? weights = null)
    {
        var (target, prediction) = MetricSample.Of(metric, seed);
        device ??= Device.Cpu;
        metric.Update(target.To(device), prediction.To(device), weights?.To(device));
    }
}
