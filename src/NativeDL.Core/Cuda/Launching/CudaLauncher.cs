using System.Runtime.CompilerServices;
using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>A kernel that is ready to launch, with what is known of its parameters. Launching allocates nothing.</summary>
internal sealed unsafe class CudaLauncher(nint function, string name, KernelSignature? signature)
{
    private const int DefaultSharedBytes = 48 * 1024;
    private const int MostArguments = 64;

    private readonly LaunchRecord record = new(name);
    private int allowedShared = DefaultSharedBytes;

    internal nint Function => function;

    internal string Name => name;

    internal KernelSignature? Signature => signature;

    /// <summary>Launches on a stream of the context that is current on this thread.</summary>
    internal void Launch(dim3 grid, dim3 block, int sharedBytes, nint stream, ReadOnlySpan<CudaArgument> arguments)
    {
        CheckArguments(arguments);
        var api = CudaStatus.Api;
        if (sharedBytes > allowedShared)
        {
            const int maxDynamicShared = 8;
            CudaStatus.Check(api.FuncSetAttribute(function, maxDynamicShared, sharedBytes), $"{name}, {sharedBytes} bytes of shared memory");
            allowedShared = sharedBytes;
        }

        record.Set(grid, block, (uint)sharedBytes);
        CudaStatus.NoteLaunch(record);
        void** values = stackalloc void*[MostArguments];
        CudaResult result;
        fixed (CudaArgument* first = arguments)
        {
            for (int i = 0; i < arguments.Length; i++)
            {
                values[i] = CudaArgument.AddressOf(first + i);
            }

            result = api.LaunchKernel(function, grid.x, grid.y, grid.z, block.x, block.y, block.z, (uint)sharedBytes, stream, values, null);
        }

        if (result == CudaResult.Success && CudaStatus.Blocking && !IsCapturing(api, stream))
        {
            result = api.StreamSynchronize(stream);
        }

        if (result != CudaResult.Success)
        {
            throw CudaStatus.Failure(result, name, record);
        }
    }

    // The driver cannot see a wrong argument list: it would read whatever lies there.
    private void CheckArguments(ReadOnlySpan<CudaArgument> arguments)
    {
        var parameters = signature?.Parameters;
        if (arguments.Length > MostArguments || (parameters is not null && parameters.Length != arguments.Length))
        {
            throw Error.Device($"Cuda({name})", "the argument list does not match the kernel",
                $"{arguments.Length} arguments", $"{parameters?.Length ?? MostArguments} ({signature})");
        }

        for (int i = 0; parameters is not null && i < parameters.Length; i++)
        {
            if (parameters[i].Size != arguments[i].Size || !Fits(parameters[i].Kind, arguments[i].Kind))
            {
                throw Mismatch(i, arguments[i]);
            }
        }
    }

    private static bool Fits(KernelParameterKind parameter, KernelParameterKind argument) => parameter == argument
        || (parameter == KernelParameterKind.PointerOrInteger && argument is KernelParameterKind.Pointer or KernelParameterKind.Integer);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private DeviceException Mismatch(int i, CudaArgument argument) => Error.Device($"Cuda({name})", $"argument {i} does not match the kernel's parameter",
        new KernelParameter(argument.Kind, argument.Size).ToString(),
            $"{signature!.Parameters[i]} (p pointer, i integer, f float, s structure, x pointer or integer, with its bytes; all of it: {signature})");

    private static bool IsCapturing(CudaApi api, nint stream)
    {
        int status;
        return api.StreamIsCapturing(stream, &status) == CudaResult.Success && status != 0;
    }
}
