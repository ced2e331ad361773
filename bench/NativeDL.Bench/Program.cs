using BenchmarkDotNet.Running;
using NativeDL.Bench.Compare;
using NativeDL.Bench.Gpu;

namespace NativeDL.Bench;

/// <summary>
/// <c>compare</c> measures NativeDL beside its peers, <c>gpu</c> a CUDA device against its ceilings; everything else goes to BenchmarkDotNet.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is ["compare", .. var rest]) return CompareCommand.Run(rest);
        if (args is ["gpu", .. var forGpu]) return GpuCommand.Run(forGpu);
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args);
        return 0;
    }
}
