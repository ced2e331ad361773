using System.Text;
using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>
/// The library's own kernels, launched by name: <c>CudaKernels.Launch(device, "add_f32", grid, block, 0, a, b, c, n)</c>.
/// The kernels of all families are embedded in this assembly as machine code and PTX; the family that a name belongs to is
/// loaded on a device when one of its kernels first runs there.
/// </summary>
internal static class CudaKernels
{
    /// <summary>The name under which the archive of kernels is embedded.</summary>
    internal const string ResourceName = "NativeDL.kernels.ndk";

    private static readonly Lazy<KernelArchive> Archive = new(ReadEmbedded);
    private static readonly Lazy<Dictionary<string, KernelSignature>> Simulated = new(ReadManifest);

    /// <summary>Every kernel that can be launched, by name: the simulator has its own, whose list also tells pointers from integers.</summary>
    internal static IReadOnlyDictionary<string, KernelSignature> All =>
        CudaDriver.Instance.Simulator is null ? Embedded : Simulated.Value;

    /// <summary>The kernels embedded in the assembly; none where <see cref="Absent"/> tells why.</summary>
    internal static IReadOnlyDictionary<string, KernelSignature> Embedded => Archive.Value.Kernels;

    /// <summary>Why there are no embedded kernels, or null when there are.</summary>
    internal static string? Absent => Archive.Value.Absent;

    /// <summary>Launches a kernel on the device's stream. Pointers are addresses on the device, <c>nint</c>.</summary>
    internal static void Launch(CudaDevice device, string kernel, dim3 grid, dim3 block, int sharedBytes, params ReadOnlySpan<CudaArgument> arguments)
    {
        device.Context.MakeCurrent();
        Find(device, kernel).Launch(grid, block, sharedBytes, device.Stream.Handle, arguments);
    }

    /// <summary>Launches one thread for each of <paramref name="count"/> elements, in blocks of 256; nothing for 0.</summary>
    /// <remarks>The grid is at most 2^31 − 1 blocks; kernels still check their index against the count.</remarks>
    internal static void LaunchOver(CudaDevice device, string kernel, long count, params ReadOnlySpan<CudaArgument> arguments)
    {
        if (count > 0)
        {
            Launch(device, kernel, Grid(count, 256), 256, 0, arguments);
        }
    }

    /// <summary>The blocks that cover <paramref name="count"/> elements.</summary>
    internal static dim3 Grid(long count, int perBlock) => new(checked((uint)((count + perBlock - 1) / perBlock)));

    /// <summary>The kernel of that name, ready to launch on the device; keep it where a lookup by name is too slow.</summary>
    internal static CudaLauncher Find(CudaDevice device, string kernel) =>
        device.Kernels.TryGetValue(kernel, out var known) ? known : Load(device, kernel);

    private static CudaLauncher Load(CudaDevice device, string kernel)
    {
        if (!All.TryGetValue(kernel, out var signature))
        {
            throw Error.Device($"Cuda({kernel})", Archive.Value.Absent is { } absent && CudaDriver.Instance.Simulator is null
                    ? $"this build of NativeDL has no CUDA kernels: {absent}" : "there is no such kernel",
                hint: "./build.sh Setup fetches NVRTC, ./build.sh Kernels compiles the kernels, ./build.sh Simulator compiles them for the tests");
        }

        // One at a time: a module that two threads load is compiled twice and one of them lost.
        lock (device.Modules)
        {
            if (!device.Modules.TryGetValue(signature.Module, out var module))
            {
                device.Modules[signature.Module] = module = LoadModule(device, signature.Module);
            }

            return device.Kernels.GetOrAdd(kernel, _ => new CudaLauncher(module.GetKernel(kernel).Handle, kernel, signature));
        }
    }

    private static CudaModule LoadModule(CudaDevice device, string module)
    {
        if (CudaDriver.Instance.Simulator is { } simulator)
        {
            return CudaModule.Load(device.Context, Encoding.UTF8.GetBytes(simulator.Manifest()), module);
        }

        byte[]? image;
        try
        {
            image = Archive.Value.Image(module, device.Properties.Capability);
        }
        catch (InvalidDataException damage)
        {
            throw new DeviceException(Error.Message($"Cuda(load {module})", damage.Message, null, null, "install NativeDL again"), damage);
        }

        return image is not null
            ? CudaModule.Load(device.Context, image, module)
            : throw Error.Device($"Device({device.Name})", "the card is too old", $"compute capability {device.Properties.ComputeCapability}",
                string.Join(" or ", Archive.Value.CapabilitiesOf(module).Order().Select(c => $"{c / 10}.{c % 10}")) + " or newer");
    }

    private static KernelArchive ReadEmbedded()
    {
        using var resource = typeof(CudaKernels).Assembly.GetManifestResourceStream(ResourceName);
        byte[] bytes;
        if (resource is null)
        {
            bytes = KernelArchive.WriteAbsent("it was built without compiling them");
        }
        else
        {
            bytes = new byte[resource.Length];
            resource.ReadExactly(bytes);
        }

        return ReadArchive(bytes);
    }

    /// <summary>Reads an archive; damage is an error that says so.</summary>
    internal static KernelArchive ReadArchive(byte[] bytes)
    {
        try
        {
            return KernelArchive.Read(bytes);
        }
        catch (Exception damage) when (damage is InvalidDataException or FormatException)
        {
            throw new DeviceException(Error.Message("Cuda(kernels)", "the kernels embedded in the assembly are damaged: " + damage.Message, null, null,
                "install NativeDL again"), damage);
        }
    }

    private static Dictionary<string, KernelSignature> ReadManifest()
    {
        string text = CudaDriver.Instance.Simulator?.Manifest() ?? "";
        if (text.StartsWith("error ", StringComparison.Ordinal))
        {
            throw Error.Device("Cuda(simulator)", text["error ".Length..]);
        }

        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(KernelSignature.Parse)
            .ToDictionary(k => k.Name, StringComparer.Ordinal);
    }
}
