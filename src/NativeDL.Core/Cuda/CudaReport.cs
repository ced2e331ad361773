using System.Globalization;
using System.Text;
using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>What <c>ndl doctor</c> says about CUDA: the driver, every place it was looked for, the devices, the kernels.</summary>
internal static class CudaReport
{
    internal static string Describe()
    {
        CudaDriver driver = CudaDriver.Instance;
        var text = new StringBuilder(driver.Report.ToString());
        if (driver.Problem is { } problem)
        {
            return text.Append("\n  ").Append(problem).ToString();
        }

        text.Append(CultureInfo.InvariantCulture, $"\n  {(driver.Simulator is null ? "driver" : "simulated driver")} for CUDA {CudaDriver.Describe(driver.Version)}");
        for (int i = 0; i < driver.DeviceCount; i++)
        {
            CudaDeviceProperties p = CudaDeviceProperties.Read(i);
            text.Append(CultureInfo.InvariantCulture,
                $"\n  cuda:{i}: {p.DeviceName}, compute capability {p.ComputeCapability}, {p.TotalGlobalMemory.Value / (1 << 20):N0} MiB, {p.MultiProcessorCount} multiprocessors");
        }

        return text.Append("\n  kernels: ").Append(CudaKernels.Absent ?? CudaKernels.All.Count.ToString(CultureInfo.InvariantCulture) + " embedded").ToString();
    }
}
