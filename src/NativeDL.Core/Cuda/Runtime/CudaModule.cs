using System.Runtime.InteropServices;
using System.Text;
using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>A loaded module: kernels and variables from PTX or machine code.</summary>
public sealed unsafe class CudaModule : IDisposable
{
    private readonly CudaContext context;
    private readonly string name;
    private readonly Dictionary<string, KernelSignature> signatures;
    private bool disposed;

    private CudaModule(CudaContext context, nint handle, string name, Dictionary<string, KernelSignature> signatures)
    {
        this.context = context;
        Handle = handle;
        this.name = name;
        this.signatures = signatures;
    }

    /// <summary>The driver's handle.</summary>
    public nint Handle { get; }

    /// <summary>The driver's handle, by type.</summary>
    public CUmodule Module => new(Handle);

    /// <summary>The names of the kernels, as far as the module's text tells.</summary>
    public IReadOnlyCollection<string> KernelNames => signatures.Keys;

    /// <summary>Loads an image. PTX is compiled for the device by the driver.</summary>
    internal static CudaModule Load(CudaContext context, ReadOnlySpan<byte> image, string name)
    {
        context.MakeCurrent();
        const int logBytes = 8192;
        byte* log = stackalloc byte[logBytes];
        log[0] = 0;
        int* options = stackalloc int[2] { 5, 6 };   // CU_JIT_ERROR_LOG_BUFFER and its size
        void** values = stackalloc void*[2] { log, (void*)logBytes };
        bool isText = image.IndexOf((byte)0) < 0 || image.IndexOf((byte)0) == image.Length - 1;
        byte[] terminated = [.. image, 0];
        nint handle;
        CudaResult result;
        fixed (byte* p = terminated)
        {
            result = CudaStatus.Api.ModuleLoadDataEx(&handle, p, 2, options, values);
        }

        if (result != CudaResult.Success)
        {
            string words = Marshal.PtrToStringUTF8((nint)log) is { Length: > 0 } said ? $" ({said.Trim()})" : "";
            throw CudaStatus.Failure(result, $"load {name}{words}");
        }

        return new CudaModule(context, handle, name, isText ? Signatures(Encoding.UTF8.GetString(image).TrimEnd('\0'), name) : []);
    }

    /// <summary>One of the module's kernels.</summary>
    public CudaKernel GetKernel(string kernelName)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        context.MakeCurrent();
        nint function;
        CudaResult result;
        fixed (byte* text = Encoding.UTF8.GetBytes(kernelName + "\0"))
        {
            result = CudaStatus.Api.ModuleGetFunction(&function, Handle, text);
        }

        return result switch
        {
            CudaResult.Success => new CudaKernel(context, function, kernelName, signatures.GetValueOrDefault(kernelName)),
            CudaResult.NotFound => throw Error.Device($"Cuda(load {kernelName})", $"{name} has no such kernel: {CudaDriver.Instance.TextOf(result)}",
                kernelName, signatures.Count > 0 ? $"one of {string.Join(", ", signatures.Keys.Order(StringComparer.Ordinal))}" : null),
            _ => throw CudaStatus.Failure(result, $"load {kernelName}", null),
        };
    }

    /// <summary>Address and size in bytes of one of the module's variables or constants.</summary>
    public (CUdeviceptr Pointer, SizeT Bytes) GetGlobal(string variableName)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        context.MakeCurrent();
        nint address;
        nuint bytes;
        fixed (byte* text = Encoding.UTF8.GetBytes(variableName + "\0"))
        {
            CudaStatus.Check(CudaStatus.Api.ModuleGetGlobal(&address, &bytes, Handle, text), $"variable {variableName} of {name}");
        }

        return (new CUdeviceptr(address), (long)bytes);
    }

    /// <summary>Unloads the module; its kernels must not run any more.</summary>
    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        if (context.TryMakeCurrent())
        {
            CudaStatus.CheckRelease(CudaStatus.Api.ModuleUnload(Handle), $"unload {name}");
        }
    }

    private static Dictionary<string, KernelSignature> Signatures(string text, string name)
    {
        // The driver has accepted the text, so its entries are well formed.
        var all = text.StartsWith("ndlsim-manifest", StringComparison.Ordinal)
            ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(KernelSignature.Parse)
            : KernelSignature.FromPtx(name, text);
        return all.ToDictionary(k => k.Name, StringComparer.Ordinal);
    }
}
