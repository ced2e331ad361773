using BenchmarkDotNet.Running;
using NativeDL.Bench.Compare;

namespace NativeDL.Bench;

/// <summary><c>compare</c> measures NativeDL beside its peers; everything else goes to BenchmarkDotNet.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is ["compare", .. var rest]) return CompareCommand.Run(rest);
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args);
        return 0;
    }
}
