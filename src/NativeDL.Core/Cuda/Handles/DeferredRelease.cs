using System.Collections.Concurrent;
using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>What a finalizer leaves behind.</summary>
internal enum ReleaseKind
{
    Memory,
    HostMemory,
    Stream,
    Event,
    GraphExec,
}

/// <summary>
/// Handles whose owners the collector found. A finalizer only puts them here: a driver call on the finalizer's thread
/// could wait for the device and would hold up every other finalizer.
/// </summary>
internal static unsafe class DeferredRelease
{
    private static readonly ConcurrentQueue<(ReleaseKind Kind, CudaContext Context, nint Handle)> Queue = new();

    internal static void Enqueue(ReleaseKind kind, CudaContext context, nint handle)
    {
        // The constructor may have thrown before there was a handle.
        if (handle != 0 && context is not null)
        {
            Queue.Enqueue((kind, context, handle));
        }
    }

    /// <summary>
    /// Releases what waits, and leaves the thread's context as it was. Statuses are not looked at: a context that is gone has taken its handles with it.
    /// </summary>
    internal static void Drain()
    {
        if (Queue.IsEmpty)
        {
            return;
        }

        var api = CudaStatus.Api;
        nint before;
        CudaStatus.Check(api.CtxGetCurrent(&before), "current context");
        while (Queue.TryDequeue(out var item))
        {
            if (!item.Context.TryMakeCurrent())
            {
                continue;
            }

            _ = item.Kind switch
            {
                ReleaseKind.Memory => api.MemFree(item.Handle),
                ReleaseKind.HostMemory => api.MemFreeHost((void*)item.Handle),
                ReleaseKind.Stream => api.StreamDestroy(item.Handle),
                ReleaseKind.Event => api.EventDestroy(item.Handle),
                _ => api.GraphExecDestroy(item.Handle),
            };
        }

        api.CtxSetCurrent(before);
        CudaContext.ForgetCurrent();
    }
}
