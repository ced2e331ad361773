using System.Collections.Concurrent;
using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>
/// A CUDA context: the device's memory, modules and streams that belong together. Most programs want
/// <see cref="PrimaryContext"/>, which NativeDL's tensors and NVIDIA's runtime libraries share.
/// </summary>
public unsafe class CudaContext : IDisposable
{
    // The context that this library made current on the thread; setting one again would cost a call each time.
    [ThreadStatic] private static nint currentHere;

    // Contexts that were destroyed or reset, and how often: the driver may give the same handle out again, and what was made
    // before must not touch what is made after.
    private static readonly ConcurrentDictionary<nint, int> Ends = new();
    private static volatile int allEnds;

    private readonly bool owned;
    private readonly int endsBefore;
    private int checkedAt;
    private bool disposed;

    /// <summary>A new context on a device, made current.</summary>
    public CudaContext(int deviceId = 0)
        : this(Create(deviceId), deviceId, owned: true)
    {
    }

    private protected CudaContext(nint handle, int deviceId, bool owned)
    {
        Handle = handle;
        DeviceId = deviceId;
        this.owned = owned;
        endsBefore = Ends.GetValueOrDefault(handle);
        MakeCurrent();
    }

    /// <summary>The driver's handle.</summary>
    public nint Handle { get; }

    /// <summary>The driver's handle, by type.</summary>
    public CUcontext Context => new(Handle);

    /// <summary>The device's number.</summary>
    public int DeviceId { get; }

    /// <summary>The device.</summary>
    public CUdevice Device => new(DeviceId);

    private protected bool IsDisposed => disposed;

    /// <summary>Uses a context that other code made. Disposing the result leaves the context alone.</summary>
    public static CudaContext FromHandle(nint context)
    {
        nint before;
        CudaStatus.Check(CudaStatus.Api.CtxGetCurrent(&before), "context from handle");
        CudaStatus.Check(CudaStatus.Api.CtxSetCurrent(context), "context from handle");
        int device;
        var result = CudaStatus.Api.CtxGetDevice(&device);
        CudaStatus.Api.CtxSetCurrent(before);
        currentHere = before;
        CudaStatus.Check(result, "context from handle");
        return new CudaContext(context, device, owned: false);
    }

    /// <summary>How many CUDA devices there are.</summary>
    public static int GetDeviceCount()
    {
        _ = CudaStatus.Api;
        return CudaDriver.Instance.DeviceCount;
    }

    /// <summary>A device's name.</summary>
    public static string GetDeviceName(int deviceId) => GetDeviceInfo(deviceId).DeviceName;

    /// <summary>A device's properties.</summary>
    public static CudaDeviceProperties GetDeviceInfo(int deviceId) => CudaDeviceProperties.Read(deviceId);

    /// <summary>The CUDA version that the driver supports.</summary>
    public static Version GetDriverVersion()
    {
        _ = CudaStatus.Api;
        int version = CudaDriver.Instance.Version;
        return new Version(version / 1000, version % 1000 / 10);
    }

    /// <summary>This context's device's properties.</summary>
    public CudaDeviceProperties GetDeviceInfo() => GetDeviceInfo(DeviceId);

    /// <summary>Makes this context current on the calling thread, also after other code made another one current.</summary>
    public void SetCurrent()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (HasEnded)
        {
            throw Error.Device($"Cuda(cuda:{DeviceId})", "the context of this object was reset or destroyed, and with it all that lived there");
        }

        CudaStatus.Check(CudaStatus.Api.CtxSetCurrent(Handle), "set current");
        currentHere = Handle;
        checkedAt = allEnds;
    }

    /// <summary>Waits until everything asked of this context is done.</summary>
    public void Synchronize()
    {
        MakeCurrent();
        CudaStatus.Check(CudaStatus.Api.CtxSynchronize(), "synchronize");
    }

    /// <summary>Free device memory in bytes.</summary>
    public SizeT GetFreeDeviceMemorySize() => MemoryInfo().Free;

    /// <summary>All device memory in bytes.</summary>
    public SizeT GetTotalDeviceMemorySize() => MemoryInfo().Total;

    /// <summary>Allocates device memory.</summary>
    public CUdeviceptr AllocateMemory(SizeT bytes)
    {
        MakeCurrent();
        nint address;
        CudaStatus.Check(CudaStatus.Api.MemAlloc(&address, (nuint)bytes.Value), $"allocate {bytes} bytes");
        return new CUdeviceptr(address);
    }

    /// <summary>Frees device memory.</summary>
    public void FreeMemory(CUdeviceptr pointer)
    {
        MakeCurrent();
        CudaStatus.Check(CudaStatus.Api.MemFree(pointer.Pointer), "free");
    }

    /// <summary>Fills device memory with a byte.</summary>
    public void ClearMemory(CUdeviceptr pointer, byte value, SizeT bytes)
    {
        MakeCurrent();
        CudaStatus.Check(CudaStatus.Api.MemsetD8(pointer.Pointer, value, (nuint)bytes.Value), "clear");
    }

    /// <summary>Copies an array to the device.</summary>
    public void CopyToDevice<T>(CUdeviceptr destination, T[] source)
        where T : unmanaged
    {
        MakeCurrent();
        fixed (T* p = source)
        {
            CudaStatus.Check(CudaStatus.Api.MemcpyHtoD(destination.Pointer, p, (nuint)source.LongLength * (nuint)sizeof(T)), "copy to device");
        }
    }

    /// <summary>Copies from the device into an array.</summary>
    public void CopyToHost<T>(T[] destination, CUdeviceptr source)
        where T : unmanaged
    {
        MakeCurrent();
        fixed (T* p = destination)
        {
            CudaStatus.Check(CudaStatus.Api.MemcpyDtoH(p, source.Pointer, (nuint)destination.LongLength * (nuint)sizeof(T)), "copy to host");
        }
    }

    /// <summary>Loads a module from a file of PTX or machine code.</summary>
    public CudaModule LoadModule(string path) => CudaModule.Load(this, File.ReadAllBytes(path), Path.GetFileName(path));

    /// <summary>Loads a module from a PTX file.</summary>
    public CudaModule LoadModulePTX(string path) => LoadModule(path);

    /// <summary>Loads a module from PTX in memory.</summary>
    public CudaModule LoadModulePTX(byte[] image) => CudaModule.Load(this, image, "PTX in memory");

    /// <summary>Loads a kernel from a file of PTX or machine code.</summary>
    public CudaKernel LoadKernel(string path, string kernelName) => LoadModule(path).GetKernel(kernelName);

    /// <summary>Loads a kernel from a PTX file.</summary>
    public CudaKernel LoadKernelPTX(string path, string kernelName) => LoadModule(path).GetKernel(kernelName);

    /// <summary>Loads a kernel from PTX in memory.</summary>
    public CudaKernel LoadKernelPTX(byte[] image, string kernelName) => LoadModulePTX(image).GetKernel(kernelName);

    /// <summary>Unloads a module.</summary>
    public static void UnloadModule(CudaModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        module.Dispose();
    }

    /// <summary>Lets the context go; one that this object made is destroyed with all that lives in it.</summary>
    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            Release();
        }

        GC.SuppressFinalize(this);
    }

    private protected virtual void Release()
    {
        if (!owned)
        {
            return;
        }

        End(Handle);
        CudaStatus.Api.CtxDestroy(Handle);
        currentHere = currentHere == Handle ? 0 : currentHere;
    }

    /// <summary>Makes this context current unless it is already. Every entry into the driver begins with it.</summary>
    internal void MakeCurrent()
    {
        if (currentHere != Handle || disposed || checkedAt != allEnds)
        {
            SetCurrent();
        }
    }

    /// <summary>As <see cref="MakeCurrent"/>, for clean-up: false when the context is gone or has failed.</summary>
    internal bool TryMakeCurrent()
    {
        if (disposed || HasEnded || CudaStatus.Api.CtxSetCurrent(Handle) != CudaResult.Success)
        {
            return false;
        }

        currentHere = Handle;
        return true;
    }

    /// <summary>Says that a context is about to go or to be reset: objects made in it before do nothing from here on.</summary>
    internal static void End(nint context)
    {
        Ends.AddOrUpdate(context, 1, static (_, n) => n + 1);
        Interlocked.Increment(ref allEnds);
    }

    /// <summary>Forgets what this thread's context is, after calls that may have changed it.</summary>
    internal static void ForgetCurrent() => currentHere = 0;

    /// <summary>
    /// The context in which a new variable, stream or event of this thread is made: the current one, whoever made it, or
    /// the first device's primary context when there is none.
    /// </summary>
    internal static CudaContext OfThread()
    {
        nint current;
        CudaStatus.Check(CudaStatus.Api.CtxGetCurrent(&current), "current context");
        currentHere = current;
        if (current == 0)
        {
            return CudaDevice.Get(0).Context;
        }

        int device;
        CudaStatus.Check(CudaStatus.Api.CtxGetDevice(&device), "current context");
        return new CudaContext(current, device, owned: false);
    }

    private bool HasEnded => Ends.GetValueOrDefault(Handle) != endsBefore;

    private static nint Create(int deviceId)
    {
        CudaDeviceProperties.CheckOrdinal(deviceId);
        nint context;
        CudaStatus.Check(CudaStatus.Api.CtxCreate(&context, 0, deviceId), "create context");
        currentHere = context;
        return context;
    }

    private (long Free, long Total) MemoryInfo()
    {
        MakeCurrent();
        nuint free, total;
        CudaStatus.Check(CudaStatus.Api.MemGetInfo(&free, &total), "memory");
        return ((long)free, (long)total);
    }
}
