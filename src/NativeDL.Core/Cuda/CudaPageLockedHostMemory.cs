using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>Host memory that the device reads and writes directly, so that copies run beside the program.</summary>
/// <typeparam name="T">The type of an element.</typeparam>
public sealed unsafe class CudaPageLockedHostMemory<T> : IDisposable
    where T : unmanaged
{
    private readonly CudaContext _context;
    private T* _pointer;

    /// <summary>Pinned memory for so many elements, with undefined content.</summary>
    public CudaPageLockedHostMemory(SizeT size)
    {
        DeferredRelease.Drain();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size.Value, nameof(size));
        _context = CudaContext.OfThread();
        _context.MakeCurrent();
        void* pointer;
        CudaStatus.Check(CudaStatus.Api.MemHostAlloc(&pointer, (nuint)(size.Value * sizeof(T)), 0), $"allocate {size} pinned elements");
        _pointer = (T*)pointer;
        Size = size;
    }

    /// <summary>The memory goes when the collector finds the object, at the next allocation.</summary>
    ~CudaPageLockedHostMemory() => DeferredRelease.Enqueue(ReleaseKind.HostMemory, _context, (nint)_pointer);

    /// <summary>The number of elements.</summary>
    public SizeT Size { get; }

    /// <summary>The address.</summary>
    public nint PinnedHostPointer => (nint)_pointer;

    /// <summary>One element.</summary>
    public ref T this[SizeT index]
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer == null, this);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)index.Value, (ulong)Size.Value, nameof(index));
            return ref _pointer[index.Value];
        }
    }

    /// <summary>The elements, valid until this object is disposed.</summary>
    public Span<T> AsSpan()
    {
        ObjectDisposedException.ThrowIf(_pointer == null, this);
        return new Span<T>(_pointer, (int)Size);
    }

    /// <summary>Copies to the device, in order with the stream.</summary>
    public void AsyncCopyToDevice(CudaDeviceVariable<T> destination, CUstream stream)
    {
        long bytes = Enter(destination);
        CudaStatus.Check(CudaStatus.Api.MemcpyHtoDAsync(destination.Handle, _pointer, (nuint)bytes, stream.Pointer), "copy to device");
    }

    /// <summary>Copies from the device, in order with the stream.</summary>
    public void AsyncCopyFromDevice(CudaDeviceVariable<T> source, CUstream stream)
    {
        long bytes = Enter(source);
        CudaStatus.Check(CudaStatus.Api.MemcpyDtoHAsync(_pointer, source.Handle, (nuint)bytes, stream.Pointer), "copy to host");
    }

    /// <summary>Frees the memory once the device is done with it.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (_pointer == null)
        {
            return;
        }

        T* pointer = _pointer;
        _pointer = null;
        if (_context.TryMakeCurrent())
        {
            CudaStatus.CheckRelease(CudaStatus.Api.MemFreeHost(pointer), "free pinned memory");
        }
    }

    private long Enter(CudaDeviceVariable<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        ObjectDisposedException.ThrowIf(_pointer == null, this);
        _context.MakeCurrent();
        return Math.Min(Size.Value, other.Size.Value) * sizeof(T);
    }
}
