using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>A point in a stream: to wait for, or to measure the time to.</summary>
public sealed unsafe class CudaEvent : IDisposable
{
    private readonly CudaContext context;
    private bool disposed;

    /// <summary>A new event in the current context.</summary>
    public CudaEvent(CUEventFlags flags = CUEventFlags.Default)
        : this(CudaContext.OfThread(), flags)
    {
    }

    internal CudaEvent(CudaContext context, CUEventFlags flags)
    {
        DeferredRelease.Drain();
        this.context = context;
        context.MakeCurrent();
        nint handle;
        CudaStatus.Check(CudaStatus.Api.EventCreate(&handle, (uint)flags), "create event");
        Handle = handle;
    }

    /// <summary>The event goes when the collector finds it, at the next call that makes something.</summary>
    ~CudaEvent() => DeferredRelease.Enqueue(ReleaseKind.Event, context, Handle);

    /// <summary>The driver's handle.</summary>
    public nint Handle { get; }

    /// <summary>The driver's handle, by type.</summary>
    public CUevent Event => new(Handle);

    /// <summary>Milliseconds between two events that have passed.</summary>
    public static float ElapsedTime(CudaEvent start, CudaEvent end)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(end);
        start.Enter();
        float milliseconds;
        CudaStatus.Check(CudaStatus.Api.EventElapsedTime(&milliseconds, start.Handle, end.Handle), "elapsed time");
        return milliseconds;
    }

    /// <summary>Stands for all work asked of the stream so far.</summary>
    public void Record(CUstream stream = default)
    {
        Enter();
        CudaStatus.Check(CudaStatus.Api.EventRecord(Handle, stream.Pointer), "record event");
    }

    /// <summary>Waits until the recorded work is done.</summary>
    public void Synchronize()
    {
        Enter();
        CudaStatus.Check(CudaStatus.Api.EventSynchronize(Handle), "synchronize event");
    }

    /// <summary>Whether the recorded work is done.</summary>
    public bool Query()
    {
        Enter();
        var result = CudaStatus.Api.EventQuery(Handle);
        if (result == CudaResult.NotReady)
        {
            return false;
        }

        CudaStatus.Check(result, "query event");
        return true;
    }

    /// <summary>Destroys the event.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (disposed)
        {
            return;
        }

        disposed = true;
        if (context.TryMakeCurrent())
        {
            CudaStatus.CheckRelease(CudaStatus.Api.EventDestroy(Handle), "destroy event");
        }
    }

    private void Enter()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        context.MakeCurrent();
    }
}
