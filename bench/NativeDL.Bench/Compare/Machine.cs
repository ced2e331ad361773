using System.Runtime.InteropServices;
using NativeDL.Interop.OpenBlas;

namespace NativeDL.Bench.Compare;

/// <summary>Where the figures of a run come from.</summary>
internal sealed record Machine(string Cpu, string System, string Dotnet, string OpenBlasCore, string OpenBlas, int Threads, double FmaGflops,
    double FmaGflopsOneThread, double CopyGbs, double CopyGbsOneThread)
{
    /// <summary>Looks at the machine and measures its ceilings.</summary>
    public static Machine Measure() => new(
        CpuName(), RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription,
        OpenBlasLibrary.IsAvailable ? OpenBlasInfo.CoreName : "none", OpenBlasLibrary.IsAvailable ? OpenBlasInfo.Config : "the managed product",
        NativeDL.Threads.Count,
        Math.Round(Ceilings.FmaRate(NativeDL.Threads.Count), 1), Math.Round(Ceilings.FmaRate(1), 1),
        Math.Round(Ceilings.CopyRate(NativeDL.Threads.Count), 1), Math.Round(Ceilings.CopyRate(1), 1));

    /// <summary>The same machine with the best ceilings of both looks: other work on it can only lower them.</summary>
    public Machine Or(Machine later) => this with
    {
        FmaGflops = Math.Max(FmaGflops, later.FmaGflops),
        FmaGflopsOneThread = Math.Max(FmaGflopsOneThread, later.FmaGflopsOneThread),
        CopyGbs = Math.Max(CopyGbs, later.CopyGbs),
        CopyGbsOneThread = Math.Max(CopyGbsOneThread, later.CopyGbsOneThread),
    };

    /// <summary>The shortest time that arithmetic and memory leave, in milliseconds.</summary>
    public double LimitMs(CompareCase work) => work.Threads == 1
        ? Math.Max(work.Flops / FmaGflopsOneThread, work.Bytes / CopyGbsOneThread) / 1e6
        : Math.Max(work.Flops / FmaGflops, work.Bytes / CopyGbs) / 1e6;

    private static string CpuName()
    {
        const string info = "/proc/cpuinfo";
        if (File.Exists(info) && File.ReadLines(info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) is { } line)
            return line[(line.IndexOf(':') + 1)..].Trim();
        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
