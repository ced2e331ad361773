using System.Collections.Concurrent;
using System.Text;
using NativeDL.Interop.Cuda;
using NativeDL.Interop.Nvrtc;

namespace NativeDL.Cuda;

/// <summary>
/// A kernel of one's own as CUDA C++ text, for the <c>Launch</c> of an <see cref="Op"/>. It is compiled once for each kind of card,
/// when it first runs there, by NVRTC, NVIDIA's run-time compiler; where there is none the error says where it was looked for.
/// </summary>
/// <example><code>
/// static readonly CudaSource Kernel = new("cube", """
///     extern "C" __global__ void cube(const float* x, float* y, long long n)
///     {
///         long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
///         if (i &lt; n) y[i] = x[i] * x[i] * x[i];
///     }
///     """);
/// protected override void Launch(Operands x, Results y, CudaStream stream) => Kernel.Launch(stream, x.Pointer(0), y.Pointer(0), x[0].ElementCount);
/// </code></example>
/// <remarks>Kernels are <c>extern "C"</c>. The simulator compiles no text: it runs the kernel of this name that was built into it.</remarks>
public sealed class CudaSource
{
    private const uint BlockSize = 256;

    private readonly string source;
    private readonly ConcurrentDictionary<CudaDevice, CudaLauncher> kernels = new();
    private readonly ConcurrentDictionary<int, byte[]> images = new();

    /// <summary>A kernel; nothing is compiled yet.</summary>
    /// <param name="kernelName">The kernel's name in the text.</param>
    /// <param name="source">CUDA C++.</param>
    public CudaSource(string kernelName, string source)
    {
        ArgumentException.ThrowIfNullOrEmpty(kernelName);
        ArgumentException.ThrowIfNullOrEmpty(source);
        KernelName = kernelName;
        this.source = source;
    }

    /// <summary>The kernel's name.</summary>
    public string KernelName { get; }

    /// <summary>Launches one thread for each of the elements that the last argument counts, in blocks of 256; nothing for 0.</summary>
    /// <param name="stream">The stream that <c>Launch</c> of an operation is given.</param>
    /// <param name="arguments">The kernel's arguments; the last is a whole number, and threads beyond it have nothing to do.</param>
    /// <exception cref="InvalidInputException">The last argument is no whole number.</exception>
    /// <exception cref="DeviceException">There is no NVRTC, or it refuses the text; the error has its words.</exception>
    public void Launch(CudaStream stream, params ReadOnlySpan<CudaArgument> arguments)
    {
        if (arguments.Length == 0 || arguments[^1].Whole is not { } count || count < 0)
            throw Error.Input($"CudaSource({KernelName})", "the last argument says how many elements there are", $"{arguments.Length} arguments",
                "a whole number at the end", "or say grid and block: Launch(stream, grid, block, sharedBytes, …)");
        if (count > 0) Launch(stream, CudaKernels.Grid(count, (int)BlockSize), BlockSize, 0, arguments);
    }

    /// <summary>Launches the kernel in a shape of one's own.</summary>
    /// <param name="stream">The stream that <c>Launch</c> of an operation is given.</param>
    /// <param name="grid">Blocks of the grid.</param>
    /// <param name="block">Threads of a block.</param>
    /// <param name="sharedBytes">Bytes of dynamic shared memory.</param>
    /// <param name="arguments">The kernel's arguments.</param>
    /// <exception cref="DeviceException">There is no NVRTC, or it refuses the text; the error has its words.</exception>
    public void Launch(CudaStream stream, dim3 grid, dim3 block, int sharedBytes, params ReadOnlySpan<CudaArgument> arguments)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var kernel = kernels.GetOrAdd(stream.Device, Load);
        stream.Context.MakeCurrent();
        kernel.Launch(grid, block, sharedBytes, stream.Handle, arguments);
    }

    private CudaLauncher Load(CudaDevice device)
    {
        if (CudaDriver.Instance.Simulator is not null) return CudaKernels.Find(device, KernelName);
        var module = CudaModule.Load(device.Context, images.GetOrAdd(device.Properties.Capability, Compile), KernelName);
        var kernel = module.GetKernel(KernelName);
        return new CudaLauncher(kernel.Handle, KernelName, kernel.Signature);
    }

    /// <summary>The text as PTX for cards of a capability, such as 80, or older ones where the compiler does not know it yet.</summary>
    internal byte[] Compile(int capability)
    {
        var nvrtc = NvrtcLibrary.Instance;
        if (!nvrtc.IsAvailable) throw Error.Device($"CudaSource({KernelName})", "there is no NVRTC to compile it", $"{nvrtc.Report}", null,
            "./build.sh Setup fetches it, a CUDA toolkit has it; NATIVEDL_NVRTC names it");
        int known = NvrtcCompiler.SupportedCapabilities(nvrtc).Where(c => c <= capability).DefaultIfEmpty(capability).Max();
        var result = NvrtcCompiler.Compile(nvrtc, source, KernelName + ".cu", [$"--gpu-architecture=compute_{known}", "--std=c++17"]);
        return result.Succeeded ? Encoding.UTF8.GetBytes(result.Ptx)
            : throw Error.Device($"CudaSource({KernelName})", $"NVRTC refuses the text: {result.Log.Trim()}");
    }
}
