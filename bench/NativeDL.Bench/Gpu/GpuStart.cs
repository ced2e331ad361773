using System.Diagnostics;
using System.Globalization;
using NativeDL.Cuda;

namespace NativeDL.Bench.Gpu;

/// <summary><c>gpu --start</c>: what a program waits for before its first kernel has run, and what loading all of them takes.</summary>
internal static class GpuStart
{
    public static int Run()
    {
        var watch = Stopwatch.StartNew();
        double before = 0;
        var device = (CudaDevice)Device.Cuda();
        Tell("driver found, context made");
        using var use = Device.Use(device);
        using var scope = TensorScope.Begin();
        var x = Tensor.Ones([1000]);
        device.Synchronize();
        Tell("first kernel");
        double sum = (x + x).Sum().Item();
        Tell("two more, from other modules, read back");
        if (sum != 2000)
        {
            Console.Error.WriteLine($"gpu: the sum of 1000 twos is {sum}");
            return 1;
        }

        var modules = CudaKernels.All.Values.GroupBy(k => k.Module).ToArray();
        foreach (var kernel in CudaKernels.All.Keys) CudaKernels.Find(device, kernel);
        device.Synchronize();
        Tell($"all {CudaKernels.All.Count} kernels of {modules.Length} modules found");
        return 0;

        void Tell(string what)
        {
            double now = watch.Elapsed.TotalMilliseconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{now - before,10:F1} ms  {what}"));
            before = now;
        }
    }
}
