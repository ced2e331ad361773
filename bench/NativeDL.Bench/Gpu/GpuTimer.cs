using NativeDL.Cuda;

namespace NativeDL.Bench.Gpu;

/// <summary>Times work on a device by its own events.</summary>
internal sealed class GpuTimer(CudaDevice device, bool quick)
{
    private const double SampleMs = 5;

    /// <summary>Milliseconds of one call: the median of samples of at least some milliseconds, or of a few single calls.</summary>
    public double Ms(Action work)
    {
        for (int warm = 0; warm < (quick ? 1 : 5); warm++) work();
        device.Synchronize();
        int repeats = quick ? 1 : (int)Math.Clamp(SampleMs / Math.Max(Sample(work, 3), 1e-4), 1, 1000);
        double[] samples = [.. Enumerable.Range(0, quick ? 3 : 21).Select(_ => Sample(work, repeats)).Order()];
        return samples[samples.Length / 2];
    }

    private double Sample(Action work, int repeats)
    {
        using CudaEvent start = new(device.Context, CUEventFlags.Default), end = new(device.Context, CUEventFlags.Default);
        start.Record(device.Stream.Stream);
        for (int i = 0; i < repeats; i++) work();
        end.Record(device.Stream.Stream);
        end.Synchronize();
        return CudaEvent.ElapsedTime(start, end) / repeats;
    }
}
