using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>Host memory that the device reads and writes directly, so that copies run beside the program.</summary>
/// <typeparam name="T">The type of an element.</typeparam>
public sealed unsafe class CudaPageLockedHostMemory<T> : IDisposable
    where T : unmanaged
{
    private readonly CudaContext context;
    private T* pointer;

    /// <summary>Pinned memory for so many elements, with undefined content.</summary>
    public CudaPageLockedHostMemory(SizeT size)
    {
        DeferredRelease.Drain();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size.Value, nameof(size));
        context = CudaContext.OfThread();
        context.MakeCurrent();
        void* pointer;
        CudaStatus.Check(CudaStatus.Api.MemHostAlloc(&pointer, (nuint)(size.Value * sizeof(T)), 0), $"allocate {size} pinned elements");
        this.pointer = (T*)pointer;
        Size = size;
    }

    /// <summary>The memory goes when the collector finds the object, at the next allocation.</summary>
    ~CudaPageLockedHostMemory() => DeferredRelease.Enqueue(ReleaseKind.HostMemory, context, (nint)pointer);

    /// <summary>The number of elements.</summary>
    public SizeT Size { get; }

    /// <summary>The address.</summary>
    public nint PinnedHostPointer => (nint)pointer;

    /// <summary>One element.</summary>
    public ref T this[SizeT index]
    {
        get
        {
            ObjectDisposedException.ThrowIf(pointer == null, this);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)index.Value, (ulong)Size.Value, nameof(index));
            return ref pointer[index.Value];
        }
    }

    /// <summary>The elements, valid until this object is disposed.</summary>
    public Span<T> AsSpan()
    {
        ObjectDisposedException.ThrowIf(pointer == null, this);
        return new Span<T>(pointer, (int)Size);
    }

    /// <summary>Copies to the device, in order with the stream.</summary>
    public void AsyncCopyToDevice(CudaDeviceVariable<T> destination, CUstream stream)
    {
        long bytes = Enter(destination);
        CudaStatus.Check(CudaStatus.Api.MemcpyHtoDAsync(destination.Handle, pointer, (nuint)bytes, stream.Pointer), "copy to device");
    }

    /// <summary>Copies from the device, in order with the stream.</summary>
    public void AsyncCopyFromDevice(CudaDeviceVariable<T> source, CUstream stream)
    {
        long bytes = Enter(source);
        CudaStatus.Check(CudaStatus.Api.MemcpyDtoHAsync(pointer, source.Handle, (nuint)bytes, stream.Pointer), "copy to host");
    }

    /// <summary>Frees the memory once the device is done with it.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (this.pointer == null)
        {
            return;
        }

        var pointer = this.pointer;
        this.pointer = null;
        if (context.TryMakeCurrent())
        {
            CudaStatus.CheckRelease(CudaStatus.Api.MemFreeHost(pointer), "free pinned memory");
        }
    }

    private long Enter(CudaDeviceVariable<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        ObjectDisposedException.ThrowIf(pointer == null, this);
        context.MakeCurrent();
        return Math.Min(Size.Value, other.Size.Value) * sizeof(T);
    }
}
