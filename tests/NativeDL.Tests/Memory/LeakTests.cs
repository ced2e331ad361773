using System.Diagnostics;
using NativeDL.Layers;

namespace NativeDL.Tests;

/// <summary>Tests that watch the whole process run alone.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public class Alone;

[Collection(nameof(Alone))]
public class LeakTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_loop_without_scopes_or_disposing_keeps_its_memory(bool collectThroughout)
    {
        int steps = 0;
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            // Mostly young collections: a full one walks all that other tests left in the process.
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                GC.Collect(i % 200 == 0 ? 2 : 1);
                // At most one collection a step, or the loop would hardly get to run.
                int seen = Volatile.Read(ref steps);
                while (Volatile.Read(ref steps) == seen && !stop.IsCancellationRequested) Thread.Yield();
            }
        }) { IsBackground = true };
        if (collectThroughout) collector.Start();

        var w = new Parameter("w", Tensor.RandomNormal([64, 64], 0, 0.1, random: new RandomState(1)));
        var b = new Parameter("b", Tensor.Zeros([64]));
        var x = Tensor.RandomNormal([32, 64], 0, 1, random: new RandomState(2));
        var y = Tensor.RandomNormal([32, 64], 0, 1, random: new RandomState(3));
        double first = 0, last = 0;
        long at2000 = 0;
        for (int step = 1; step <= 20_000; step++)
        {
            using var tape = new GradientTape();
            var loss = (x.Linear(w, b).Tanh() - y).Square().Mean();
            var gradients = tape.Gradient(loss, [w, b]);
            w.Assign(w.Value - gradients[0] * 0.1);
            b.Assign(b.Value - gradients[1] * 0.1);
            Volatile.Write(ref steps, step);
            if (step == 1) first = loss.Item();
            if (step == 2000) at2000 = Memory();
            if (step == 20_000) last = loss.Item();
        }
        long atEnd = Memory();
        stop.Cancel();
        if (collectThroughout) collector.Join();

        Assert.True(last < first, $"the loop did not learn: {first} to {last}"); // memory recycled too early would show here
        Assert.True(atEnd <= 1.2 * at2000, $"{at2000:N0} bytes at step 2,000 and {atEnd:N0} at step 20,000");

        static long Memory()
        {
            using var self = Process.GetCurrentProcess();
            return self.WorkingSet64;
        }
    }

    [Fact]
    public void Fit_holds_live_bytes_constant()
    {
        var random = new RandomState(4);
        var data = new Dataset(Tensor.RandomNormal([20_000, 8], 0, 1, random: random), Tensor.RandomNormal([20_000, 1], 0, 1, random: random));
        var model = new Sequential { new Dense(16, "relu"), new Dense(1) };
        model.Compile("adam", "mse", ["mae"]);
        var watch = new LiveBytes();
        model.Fit(data, epochs: 1, batchSize: 2, callbacks: [watch]);
        Assert.Equal(10_000, watch.Steps);
        Assert.True(watch.AtEnd <= watch.At100, $"{watch.At100:N0} bytes live at step 100 and {watch.AtEnd:N0} at step 10,000");
    }

    [Fact]
    public void Running_out_of_memory_names_the_largest_tensors_and_leaves_the_process_usable()
    {
        var pool = ((CpuDevice)Device.Cpu).Pool;
        Device.Cpu.TrimPool();   // what another test left in the pool would do
        var big = Tensor.Ones([1 << 20]);
        var stats = Device.Cpu.MemoryStats();
        pool.HardLimit = stats.LiveBytes + stats.CachedBytes + (32 << 20);
        try
        {
            var error = Assert.Throws<OutOfDeviceMemoryException>(() => Tensor.Ones([1 << 28]));
            Assert.Contains("Float32 [1048576]", error.Message, StringComparison.Ordinal);
            Assert.Contains("bytes", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            pool.HardLimit = long.MaxValue;
        }
        Assert.Equal(1 << 20, big.Sum().Item());
    }

    [Fact]
    public void The_leak_report_tells_where_live_tensors_were_made()
    {
        var pool = ((CpuDevice)Device.Cpu).Pool;
        Device.Cpu.TracksOrigins = true;
        try
        {
            var kept = Tensor.Ones([333, 3333]);
            Assert.Contains(nameof(The_leak_report_tells_where_live_tensors_were_made), Device.Cpu.LeakReport(), StringComparison.Ordinal);
            GC.KeepAlive(kept);
        }
        finally
        {
            Device.Cpu.TracksOrigins = false;
        }
    }

    private sealed class LiveBytes : Callback
    {
        public int Steps { get; private set; }

        public long At100 { get; private set; }

        public long AtEnd { get; private set; }

        public override void OnBatchEnd(TrainingState state)
        {
            Steps++;
            if (Steps == 100) At100 = Device.Cpu.MemoryStats().LiveBytes;
            AtEnd = Device.Cpu.MemoryStats().LiveBytes;
        }
    }

    [Fact]
    public void Threads_that_wait_keep_nothing_alive()
    {
        var pool = ((CpuDevice)Device.Cpu).Pool;
        long before = Collected();
        Work();
        Assert.True(Collected() <= before + (1 << 20), $"{before:N0} bytes live before and {Collected():N0} after");

        static void Work()
        {
            var big = Tensor.Ones([4 << 20]);
            Workers.Run(64, i => Assert.Equal(1, big[i].Item()));
        }

        long Collected()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return pool.Stats().LiveBytes;
        }
    }
}
