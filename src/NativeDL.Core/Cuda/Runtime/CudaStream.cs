using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>A queue of work on a device, done in order.</summary>
#pragma warning disable CA1711 // CUDA's name
public sealed unsafe class CudaStream : IDisposable
#pragma warning restore CA1711
{
    private readonly bool owned;
    private bool disposed;

    /// <summary>A new stream in the current context.</summary>
    public CudaStream(CUStreamFlags flags = CUStreamFlags.Default)
        : this(CudaContext.OfThread(), flags)
    {
    }

    internal CudaStream(CudaContext context, CUStreamFlags flags)
    {
        DeferredRelease.Drain();
        Context = context;
        context.MakeCurrent();
        nint stream;
        CudaStatus.Check(CudaStatus.Api.StreamCreate(&stream, (uint)flags), "create stream");
        Handle = stream;
        owned = true;
    }

    private CudaStream(CudaContext context, nint handle)
    {
        Context = context;
        Handle = handle;
        GC.SuppressFinalize(this);
    }

    /// <summary>The stream goes when the collector finds it, at the next call that makes something.</summary>
    ~CudaStream() => DeferredRelease.Enqueue(ReleaseKind.Stream, Context, Handle);

    /// <summary>The driver's handle.</summary>
    public nint Handle { get; }

    /// <summary>The driver's handle, by type.</summary>
    public CUstream Stream => new(Handle);

    internal CudaContext Context { get; }

    /// <summary>The device whose operations follow this stream; only there for the stream of a device.</summary>
    internal CudaDevice Device { get => field ?? throw Error.Device("CudaStream", "no device's operations follow this stream"); init; }

    /// <summary>Uses a stream of the current context that other code made. Disposing the result leaves the stream alone.</summary>
    public static CudaStream FromHandle(nint stream) => new(CudaContext.OfThread(), stream);

    /// <summary>Waits until everything asked of this stream is done.</summary>
    public void Synchronize()
    {
        Enter();
        CudaStatus.Check(CudaStatus.Api.StreamSynchronize(Handle), "synchronize stream");
    }

    /// <summary>Whether everything asked of this stream is done.</summary>
    public bool Query()
    {
        Enter();
        var result = CudaStatus.Api.StreamQuery(Handle);
        if (result == CudaResult.NotReady)
        {
            return false;
        }

        CudaStatus.Check(result, "query stream");
        return true;
    }

    /// <summary>Later work of this stream waits for what the event stands for.</summary>
    public void WaitEvent(CUevent e)
    {
        Enter();
        CudaStatus.Check(CudaStatus.Api.StreamWaitEvent(Handle, e.Pointer, 0), "wait for event");
    }

    /// <summary>Later work of this stream waits for what the event stands for.</summary>
    public void WaitEvent(CudaEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        WaitEvent(e.Event);
    }

    /// <summary>Destroys the stream once its work is done.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (disposed || !owned)
        {
            return;
        }

        disposed = true;
        if (Context.TryMakeCurrent())
        {
            CudaStatus.CheckRelease(CudaStatus.Api.StreamDestroy(Handle), "destroy stream");
        }
    }

    /// <summary>The stream is gone with its context: nothing is left to destroy.</summary>
    internal void Abandon()
    {
        disposed = true;
#pragma warning disable CA1816 // as good as disposed
        GC.SuppressFinalize(this);
#pragma warning restore CA1816
    }

    private void Enter()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        Context.MakeCurrent();
    }
}
