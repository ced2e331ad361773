using System.Runtime.CompilerServices;
using NativeDL.Cuda;
using NativeDL.Interop.Cuda;

namespace NativeDL.Tests.Cuda;

/// <summary>
/// The driver and the kernels that the tests run on: the simulator of the checkout, unless NATIVEDL_CUDA_DRIVER names
/// another driver or NATIVEDL_TEST_DEVICE=cuda asks for the machine's own.
/// </summary>
internal static class CudaTest
{
    /// <summary>The device that tests of failures use and reset; the others keep to device 0.</summary>
    internal const int Spare = 1;

    /// <summary>The device that tests of graphs capture on, where nobody else waits meanwhile; a real machine's first one.</summary>
    internal static int Graphs => CudaDevice.Count > 2 ? 2 : 0;

    private static readonly Lazy<string> s_folder = new(FindKernelFolder);

    internal static CudaDevice Device => CudaDevice.Get(0);

    internal static SimulatorApi Simulator => CudaDriver.Instance.Simulator
        ?? throw new InvalidOperationException("This test needs the simulator. Leave out tests with the trait needs=simulator on a real driver.");

    // An environment variable set here is seen by the library, which reads it at its first use of CUDA.
    [ModuleInitializer]
    internal static void ChooseDriver()
    {
        if (Environment.GetEnvironmentVariable(CudaDriver.EnvironmentVariable) is null
            && Environment.GetEnvironmentVariable("NATIVEDL_TEST_DEVICE") != "cuda"
            && FindUpwards(Path.Combine("artifacts", "simulator", "libcuda.so.1")) is { } simulator)
        {
            Environment.SetEnvironmentVariable(CudaDriver.EnvironmentVariable, simulator);
        }
    }

    /// <summary>A file that LoadKernel takes, with the test kernels of a family: PTX, or without NVRTC the simulator's own list.</summary>
    internal static string KernelFile(string family) => Path.Combine(s_folder.Value, family + ".ptx");

    internal static CudaKernel Kernel(CudaContext context, string family, string name) => context.LoadKernel(KernelFile(family), name);

    private static string FindKernelFolder()
    {
        string beside = Path.Combine(AppContext.BaseDirectory, "kernels");
        if (File.Exists(Path.Combine(beside, "planted.ptx")))
        {
            return beside;
        }

        string folder = Directory.CreateTempSubdirectory("ndl-kernels-").FullName;
        string[] lines = Simulator.Manifest().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var family in lines.Skip(1).GroupBy(l => l.Split(' ')[0]))
        {
            File.WriteAllText(Path.Combine(folder, family.Key + ".ptx"), lines[0] + "\n" + string.Join("\n", family) + "\n");
        }

        return folder;
    }

    private static string? FindUpwards(string relative)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, relative);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}

/// <summary>Tests that make the spare device fail, one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = false)]
public sealed class SpareDevice
{
    internal const string Name = "spare CUDA device";
}
