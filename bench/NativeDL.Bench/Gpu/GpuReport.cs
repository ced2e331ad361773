using System.Text.Json;
using NativeDL.Cuda;

namespace NativeDL.Bench.Gpu;

/// <summary>A row of the table: rates and shares are of the device's own time, shares of the rates of a copy and of multiply-adds in the same run.</summary>
internal sealed record GpuRow(string Case, double Ms, double? GraphMs, double HostMs, double Gbs, double Gflops, double CopyShare, double FmaShare);

/// <summary>All of the report.</summary>
internal sealed record GpuReport(DateTimeOffset Measured, string Device, string ComputeCapability, string CudaVersion, bool Small, double CopyGbs,
    double FmaGflops, IReadOnlyList<GpuRow> Rows)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>The device with its ceilings, and no rows yet.</summary>
    public static GpuReport Of(CudaDevice device, GpuTimer timer, bool small)
    {
        int bytes = small ? 1 << 16 : 1 << 30, rounds = small ? 16 : 1 << 14, blocks = small ? 1 : 32 * device.Properties.MultiProcessorCount;
        Tensor from = Tensor.Empty([bytes / 4], DType.Float32, device), to = Tensor.Empty([bytes / 4], DType.Float32, device);
        var sums = Tensor.Empty([blocks * 256], DType.Float32, device);
        // A card at rest runs at a low clock.
        timer.Warm(() => device.Launch("fma_rate", DType.Float32, blocks, 256, sums, rounds));
        double copy = timer.Ms(() => device.CopyFrom(device, from.Address, to.Address, bytes));
        double fma = timer.Ms(() => device.Launch("fma_rate", DType.Float32, blocks, 256, sums, rounds));
        return new(DateTimeOffset.UtcNow, device.Properties.DeviceName, device.Properties.ComputeCapability.ToString(),
            CudaContext.GetDriverVersion().ToString(), small,
            Math.Round(2.0 * bytes / copy / 1e6, 3), Math.Round(16.0 * rounds * blocks * 256 / fma / 1e6, 3), []);
    }

    public GpuRow Row(GpuCase work, GpuTimes times)
    {
        double gbs = work.Bytes / times.Best / 1e6, gflops = work.Flops / times.Best / 1e6;
        return new(work.Name, times.Stream, times.Graph, times.Host, gbs, gflops, gbs / CopyGbs, gflops / FmaGflops);
    }

    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, JsonSerializer.Serialize(this, Options) + "\n");
    }
}
