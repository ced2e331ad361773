using System.Globalization;
using NativeDL.Cuda;

namespace NativeDL.Bench.Gpu;

/// <summary><c>gpu [--out file] [--only part-of-a-name] [--small]</c>: what operations reach on the first CUDA device, against its own ceilings.</summary>
internal static class GpuCommand
{
    public static int Run(string[] args)
    {
        string path = "artifacts/gpu.json", only = "";
        bool small = false;
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] is "--out" && i + 1 < args.Length) path = args[++i];
            else if (args[i] is "--only" && i + 1 < args.Length) only = args[++i];
            else if (args[i] is "--start") return GpuStart.Run();
            else if (args[i] is "--small") small = true;
            else
            {
                Console.Error.WriteLine($"gpu: '{args[i]}' is not understood. Usage: gpu [--out file] [--only part-of-a-name] [--small], or gpu --start");
                return 2;
            }
        }

        var device = (CudaDevice)Device.Cuda();
        using var use = Device.Use(device);
        var timer = new GpuTimer(device, small);
        var report = GpuReport.Of(device, timer, small);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{report.Device}, compute capability {report.ComputeCapability}, CUDA {report.CudaVersion}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"copy {report.CopyGbs:F0} GB/s (read and written), fused multiply-add {report.FmaGflops:F0} GF/s\n"));
        Console.WriteLine($"{"case",-20}{"ms",10}{"as graph",10}{"host",10}{"GB/s",10}{"GF/s",10}{"of copy",10}{"of FMA",10}");
        int failed = 0;
        foreach (var work in GpuCase.All(small).Where(c => c.Name.Contains(only, StringComparison.Ordinal)))
        {
            GpuRow row;
            try
            {
                row = report.Row(work, timer.Times(work.Prepare()));
            }
            catch (NativeDLException error)
            {
                failed++;
                Console.WriteLine($"{work.Name,-20}failed: {error.Message}");
                continue;
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Case,-20}{row.Ms,10:G4}{row.GraphMs,10:G4}{row.HostMs,10:G3}{row.Gbs,10:F1}{row.Gflops,10:F1}{row.CopyShare,10:P1}{row.FmaShare,10:P1}"));
            // After each row: a run that is stopped leaves what it measured.
            report = report with { Rows = [.. report.Rows, row] };
            report.Write(path);
            device.TrimPool();
        }

        Console.WriteLine($"\nwrote {path}");
        return failed == 0 ? 0 : 1;
    }
}
