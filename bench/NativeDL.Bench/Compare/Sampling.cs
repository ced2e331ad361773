using System.Diagnostics;

namespace NativeDL.Bench.Compare;

/// <summary>Times a piece of work: samples of at least a millisecond, in milliseconds a call.</summary>
internal sealed class Sampling
{
    private const double SampleMs = 1;

    private readonly Action step;
    private readonly int repeats;

    /// <summary>Warms up until the minimum has not fallen by 2 % for a while: code is then compiled at its last tier.</summary>
    public Sampling(Action step)
    {
        this.step = step;
        const double leastSeconds = 0.6, mostSeconds = 6;
        step();
        var clock = Stopwatch.StartNew();
        double best = double.MaxValue, lastFall = 0;
        repeats = 1;
        while (clock.Elapsed.TotalSeconds < mostSeconds && clock.Elapsed.TotalSeconds - lastFall < leastSeconds)
        {
            double ms = Sample();
            if (ms < 0.98 * best) lastFall = clock.Elapsed.TotalSeconds;
            best = Math.Min(best, ms);
            repeats = Math.Max(repeats, (int)Math.Clamp(SampleMs / Math.Max(best, 1e-6), 1, 1_000_000));
        }
    }

    /// <summary>Samples for the given time, at least one.</summary>
    public List<double> Round(double seconds)
    {
        step();
        var samples = new List<double>();
        long end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        do samples.Add(Sample());
        while (Stopwatch.GetTimestamp() < end);
        return samples;
    }

    private double Sample()
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++) step();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / repeats;
    }
}
