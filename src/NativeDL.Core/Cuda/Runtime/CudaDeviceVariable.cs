using System.Runtime.CompilerServices;
using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>Elements of one type in device memory.</summary>
/// <typeparam name="T">The type of an element.</typeparam>
public sealed unsafe class CudaDeviceVariable<T> : IDisposable
    where T : unmanaged
{
    private readonly CudaContext context;
    private bool disposed;

    /// <summary>Memory for so many elements, with undefined content.</summary>
    public CudaDeviceVariable(SizeT size)
    {
        DeferredRelease.Drain();
        ArgumentOutOfRangeException.ThrowIfNegative(size.Value, nameof(size));
        context = CudaContext.OfThread();
        Size = size;
        IsOwner = true;
        DevicePointer = context.AllocateMemory(Math.Max(1, SizeInBytes));
    }

    /// <summary>A view of memory that others own.</summary>
    public CudaDeviceVariable(CUdeviceptr pointer, SizeT sizeInBytes)
        : this(pointer, false, sizeInBytes)
    {
    }

    /// <summary>Memory that was allocated elsewhere, to be freed by this object or not.</summary>
    public CudaDeviceVariable(CUdeviceptr pointer, bool isOwner, SizeT sizeInBytes)
    {
        context = CudaContext.OfThread();
        DevicePointer = pointer;
        Size = sizeInBytes.Value / sizeof(T);
        IsOwner = isOwner;
        if (!isOwner)
        {
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>The memory goes when the collector finds the variable, at the next allocation.</summary>
    ~CudaDeviceVariable()
    {
        if (IsOwner)
        {
            DeferredRelease.Enqueue(ReleaseKind.Memory, context, DevicePointer.Pointer);
        }
    }

    /// <summary>The address.</summary>
    public CUdeviceptr DevicePointer { get; }

    /// <summary>The address as a plain number.</summary>
    public nint Handle => DevicePointer.Pointer;

    /// <summary>The number of elements.</summary>
    public SizeT Size { get; }

    /// <summary>The size in bytes.</summary>
    public SizeT SizeInBytes => Size.Value * sizeof(T);

    /// <summary>The size of an element in bytes.</summary>
    public SizeT TypeSize => sizeof(T);

    /// <summary>Whether this object frees the memory.</summary>
    public bool IsOwner { get; }

    /// <summary>One element, read or written with a copy of its own.</summary>
    public T this[SizeT index]
    {
        get
        {
            CheckRange(index, 1);
            T value;
            Download(&value, index, 1);
            return value;
        }

        set
        {
            CheckRange(index, 1);
            Upload(&value, index, 1);
        }
    }

    /// <summary>A view of memory that other code owns.</summary>
#pragma warning disable CA1000 // reads best on the type itself
    public static CudaDeviceVariable<T> FromHandle(nint pointer, long elements) => new(new CUdeviceptr(pointer), elements * sizeof(T));
#pragma warning restore CA1000

    /// <summary>An array's copy on the device.</summary>
    public static implicit operator CudaDeviceVariable<T>(T[] source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var result = new CudaDeviceVariable<T>(source.LongLength);
        result.CopyToDevice(source);
        return result;
    }

    /// <summary>A value's copy on the device.</summary>
    public static implicit operator CudaDeviceVariable<T>(T source)
    {
        var result = new CudaDeviceVariable<T>(1);
        result.Upload(&source, 0, 1);
        return result;
    }

    /// <summary>All elements, copied to the host.</summary>
    public static implicit operator T[](CudaDeviceVariable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var result = new T[source.Size];
        source.CopyToHost(result);
        return result;
    }

    /// <summary>The first element, copied to the host.</summary>
    public static implicit operator T(CudaDeviceVariable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source[0];
    }

    /// <summary>The address, as a kernel's argument.</summary>
    public static implicit operator CudaArgument(CudaDeviceVariable<T> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return variable.DevicePointer;
    }

    /// <summary>Copies an array to the device.</summary>
    public void CopyToDevice(T[] source)
    {
        ArgumentNullException.ThrowIfNull(source);
        CopyToDevice(source.AsSpan());
    }

    /// <summary>Copies a span to the device.</summary>
    public void CopyToDevice(ReadOnlySpan<T> source)
    {
        CheckRange(0, source.Length);
        fixed (T* p = source)
        {
            Upload(p, 0, source.Length);
        }
    }

    /// <summary>Copies one value to the first element.</summary>
    public void CopyToDevice(T source) => Upload(&source, 0, 1);

    /// <summary>Copies part of an array; offsets and size in bytes.</summary>
    public void CopyToDevice(T[] source, SizeT offsetSource, SizeT offsetDestination, SizeT sizeInBytes)
    {
        ArgumentNullException.ThrowIfNull(source);
        CheckBytes(offsetSource, sizeInBytes, source.LongLength * sizeof(T));
        CheckBytes(offsetDestination, sizeInBytes, SizeInBytes);
        Enter();
        fixed (T* p = source)
        {
            CudaStatus.Check(CudaStatus.Api.MemcpyHtoD(Handle + (nint)offsetDestination.Value, (byte*)p + offsetSource.Value, (nuint)sizeInBytes.Value),
                "copy to device");
        }
    }

    /// <summary>Copies another variable's elements.</summary>
    public void CopyToDevice(CudaDeviceVariable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        CheckRange(0, source.Size);
        Enter();
        CudaStatus.Check(CudaStatus.Api.MemcpyDtoD(Handle, source.Handle, (nuint)source.SizeInBytes.Value), "copy on device");
    }

    /// <summary>Copies to an array of at most as many elements.</summary>
    public void CopyToHost(T[] destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        CopyToHost(destination.AsSpan());
    }

    /// <summary>Copies to a span of at most as many elements.</summary>
    public void CopyToHost(Span<T> destination)
    {
        CheckRange(0, destination.Length);
        fixed (T* p = destination)
        {
            Download(p, 0, destination.Length);
        }
    }

    /// <summary>Copies the first element.</summary>
    public void CopyToHost(ref T destination) => destination = this[0];

    /// <summary>Copies part of the memory to an array; offsets and size in bytes.</summary>
    public void CopyToHost(T[] destination, SizeT offsetSource, SizeT offsetDestination, SizeT sizeInBytes)
    {
        ArgumentNullException.ThrowIfNull(destination);
        CheckBytes(offsetDestination, sizeInBytes, destination.LongLength * sizeof(T));
        CheckBytes(offsetSource, sizeInBytes, SizeInBytes);
        Enter();
        fixed (T* p = destination)
        {
            CudaStatus.Check(CudaStatus.Api.MemcpyDtoH((byte*)p + offsetDestination.Value, Handle + (nint)offsetSource.Value, (nuint)sizeInBytes.Value),
                "copy to host");
        }
    }

    /// <summary>Copies another variable's elements, in order with the stream.</summary>
    public void AsyncCopyToDevice(CudaDeviceVariable<T> source, CUstream stream)
    {
        ArgumentNullException.ThrowIfNull(source);
        CheckRange(0, source.Size);
        Enter();
        CudaStatus.Check(CudaStatus.Api.MemcpyDtoDAsync(Handle, source.Handle, (nuint)source.SizeInBytes.Value, stream.Pointer), "copy on device");
    }

    /// <summary>Copies pinned host memory, in order with the stream; it must not change until then.</summary>
    public void AsyncCopyToDevice(CudaPageLockedHostMemory<T> source, CUstream stream)
    {
        ArgumentNullException.ThrowIfNull(source);
        source.AsyncCopyToDevice(this, stream);
    }

    /// <summary>Sets every byte.</summary>
    public void Memset(byte value)
    {
        Enter();
        CudaStatus.Check(CudaStatus.Api.MemsetD8(Handle, value, (nuint)SizeInBytes.Value), "fill");
    }

    /// <summary>Sets every 4 bytes.</summary>
    public void Memset(uint value)
    {
        Enter();
        CudaStatus.Check(CudaStatus.Api.MemsetD32(Handle, value, (nuint)SizeInBytes.Value / 4), "fill");
    }

    /// <summary>Sets every byte, in order with the stream.</summary>
    public void MemsetAsync(byte value, CUstream stream)
    {
        Enter();
        CudaStatus.Check(CudaStatus.Api.MemsetD8Async(Handle, value, (nuint)SizeInBytes.Value, stream.Pointer), "fill");
    }

    /// <summary>Sets every 4 bytes, in order with the stream.</summary>
    public void MemsetAsync(uint value, CUstream stream)
    {
        Enter();
        CudaStatus.Check(CudaStatus.Api.MemsetD32Async(Handle, value, (nuint)SizeInBytes.Value / 4, stream.Pointer), "fill");
    }

    /// <summary>Frees the memory, if this object owns it.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (disposed)
        {
            return;
        }

        disposed = true;
        if (IsOwner)
        {
            if (context.TryMakeCurrent())
            {
                CudaStatus.CheckRelease(CudaStatus.Api.MemFree(Handle), "free");
            }
        }
    }

    private void Enter()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        context.MakeCurrent();
    }

    private void Upload(T* from, SizeT index, long count)
    {
        Enter();
        CudaStatus.Check(CudaStatus.Api.MemcpyHtoD(Handle + (nint)(index * sizeof(T)), from, (nuint)(count * sizeof(T))), "copy to device");
    }

    private void Download(T* to, SizeT index, long count)
    {
        Enter();
        CudaStatus.Check(CudaStatus.Api.MemcpyDtoH(to, Handle + (nint)(index * sizeof(T)), (nuint)(count * sizeof(T))), "copy to host");
    }

    private void CheckRange(SizeT first, SizeT count)
    {
        if (first.Value < 0 || count.Value < 0 || first.Value + count.Value > Size.Value)
        {
            throw Error.Device("Cuda(copy)", "elements outside of the variable", $"{count} from {first}", $"within 0 to {Size}");
        }
    }

    private static void CheckBytes(SizeT offset, SizeT count, SizeT all)
    {
        if (offset.Value < 0 || count.Value < 0 || offset.Value > all.Value - count.Value)
        {
            throw Error.Device("Cuda(copy)", "bytes outside of the memory", $"{count} from {offset}", $"within 0 to {all}");
        }
    }
}
