using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace NativeDL.Bench.Benchmarks;

/// <summary>In this process: the workers' threads, pools and OpenBLAS are then the ones a program has.</summary>
internal sealed class BenchConfig : ManualConfig
{
    public BenchConfig() => AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
}

/// <summary>The same with few repeats, for tables of many rows.</summary>
internal sealed class QuickConfig : ManualConfig
{
    public QuickConfig() => AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(2).WithIterationCount(5));
}
