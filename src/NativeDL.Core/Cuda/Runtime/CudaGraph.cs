using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>
/// Work that was recorded once and is started again as a whole, which costs one call instead of one per kernel. It runs with
/// the addresses it was captured with: put new inputs where the old ones stood.
/// </summary>
public sealed unsafe class CudaGraph : IDisposable
{
    private readonly CudaContext context;
    private readonly Action? release;
    private bool disposed;

    private CudaGraph(CudaContext context, nint handle, int nodeCount, Action? release)
    {
        this.context = context;
        Handle = handle;
        NodeCount = nodeCount;
        this.release = release;
    }

    /// <summary>The graph goes when the collector finds it, at the next call that makes something.</summary>
    ~CudaGraph() => DeferredRelease.Enqueue(ReleaseKind.GraphExec, context, Handle);

    /// <summary>The driver's handle of the executable graph.</summary>
    public nint Handle { get; }

    /// <summary>How many pieces of work it holds.</summary>
    public int NodeCount { get; }

    /// <summary>Records what <paramref name="work"/> asks of the stream, without running it.</summary>
    public static CudaGraph Capture(CudaStream stream, Action work) => Capture(stream, work, null);

    /// <summary>
    /// Records operations on tensors of a device. Memory that they use stays with the graph until it is disposed, also that of
    /// tensors freed meanwhile.
    /// </summary>
    internal static CudaGraph Capture(CudaDevice device, Action work)
    {
        var memory = device.Pool.BeginCapture();
        bool captured = false;
        try
        {
            CudaGraph graph;
            try
            {
                graph = Capture(device.Stream, work, () =>
                {
                    device.Synchronize();
                    device.Pool.Release(memory);
                });
            }
            finally
            {
                device.Pool.EndCapture();
            }

            captured = true;
            return graph;
        }
        finally
        {
            if (!captured)
            {
                device.Pool.Release(memory);
            }
        }
    }

    /// <summary>Starts the whole graph on a stream and returns at once.</summary>
    public void Launch(CUstream stream)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        context.MakeCurrent();
        CudaStatus.Check(CudaStatus.Api.GraphLaunch(Handle, stream.Pointer), "launch graph");
    }

    /// <summary>Starts the whole graph on a stream and returns at once.</summary>
    public void Launch(CudaStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Launch(stream.Stream);
    }

    /// <summary>Frees the graph and the memory that belongs to it.</summary>
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
            CudaStatus.CheckRelease(CudaStatus.Api.GraphExecDestroy(Handle), "destroy graph");
            release?.Invoke();
        }
    }

    private static CudaGraph Capture(CudaStream stream, Action work, Action? release)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(work);
        var api = CudaStatus.Api;
        DeferredRelease.Drain();
        stream.Context.MakeCurrent();
        const int relaxed = 2; // the pool may ask the driver for memory meanwhile
        CudaStatus.Check(api.StreamBeginCapture(stream.Handle, relaxed), "begin capture");
        nint graph = 0;
        CudaResult ended;
        bool done = false;
        try
        {
            work();
            done = true;
        }
        finally
        {
            stream.Context.MakeCurrent();
            ended = api.StreamEndCapture(stream.Handle, &graph);
            if (!done && graph != 0)
            {
                api.GraphDestroy(graph);
            }
        }

        CudaStatus.Check(ended, "end capture");
        nuint nodes;
        CudaStatus.Check(api.GraphGetNodes(graph, null, &nodes), "graph nodes");
        nint exec;
        var made = api.GraphInstantiateWithFlags(&exec, graph, 0);
        api.GraphDestroy(graph);
        CudaStatus.Check(made, "instantiate graph");
        return new CudaGraph(stream.Context, exec, (int)nodes, release);
    }
}
