using System.Diagnostics;
using NativeDL.Cuda;

namespace NativeDL.Bench.Gpu;

/// <summary>How long work takes, in milliseconds a call.</summary>
/// <param name="Stream">On the device, call after call: what a program sees.</param>
/// <param name="Graph">On the device, replayed as a graph: without what launching costs; null for work that cannot be captured.</param>
/// <param name="Host">On the host, until the call returns.</param>
internal sealed record GpuTimes(double Stream, double? Graph, double Host)
{
    /// <summary>The device's own time.</summary>
    public double Best => Math.Min(Stream, Graph ?? double.PositiveInfinity);
}

/// <summary>Times work on a device by its own events.</summary>
internal sealed class GpuTimer(CudaDevice device, bool quick)
{
    private const double SampleMs = 5;
    private const int HostCalls = 20; // fewer than the driver lets wait in line

    /// <summary>Runs work until clocks have risen: at least so many milliseconds.</summary>
    public void Warm(Action work, double milliseconds = 300)
    {
        var watch = Stopwatch.StartNew();
        do
        {
            work();
            device.Synchronize();
        }
        while (!quick && watch.Elapsed.TotalMilliseconds < milliseconds);
    }

    /// <summary>The times of a call: medians of samples of at least some milliseconds, or of a few single calls.</summary>
    public GpuTimes Times(Action work)
    {
        for (int warm = 0; warm < (quick ? 1 : 5); warm++) work();
        device.Synchronize();
        double stream = Ms(work), host = Median(() => Host(work));
        CudaGraph? graph = null;
        try
        {
            graph = CudaGraph.Capture(device, work);
            return new GpuTimes(stream, Ms(() => graph.Launch(device.Stream)), host);
        }
        catch (NativeDLException)
        {
            return new GpuTimes(stream, null, host); // it waits for the device, so there is nothing to capture
        }
        finally
        {
            graph?.Dispose();
        }
    }

    /// <summary>Milliseconds of a call on the device.</summary>
    public double Ms(Action work)
    {
        work();
        device.Synchronize();
        int repeats = quick ? 1 : (int)Math.Clamp(SampleMs / Math.Max(Sample(work, 3), 1e-4), 1, 1000);
        return Median(() => Sample(work, repeats));
    }

    private double Median(Func<double> sample)
    {
        double[] samples = [.. Enumerable.Range(0, quick ? 3 : 15).Select(_ => sample()).Order()];
        return samples[samples.Length / 2];
    }

    private double Host(Action work)
    {
        device.Synchronize();
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < HostCalls; i++) work();
        double ms = watch.Elapsed.TotalMilliseconds / HostCalls;
        device.Synchronize();
        return ms;
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
