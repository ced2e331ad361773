using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using NativeDL.Interop.Cuda;

namespace NativeDL.Cuda;

/// <summary>
/// A device's memory for tensors: blocks are kept and given out again in the order of a stream, so that neither
/// allocating nor freeing waits for the device.
/// </summary>
/// <remarks>
/// <para>A block that comes back may still be read by work that was asked of its stream before. Whoever gets it next on the
/// same stream comes later in that stream's order, so nothing has to wait. Another stream first waits for an event.</para>
/// <para><c>NATIVEDL_CUDA_POOL=off</c> makes every allocation the driver's own, of the exact size, so that tools
/// which watch allocations see each tensor.</para>
/// </remarks>
internal sealed unsafe class CudaMemoryPool(CudaContext context)
{
    // Taking an allocation away from a large block is worth it; a pool under this much needs no collection.
    private const long LeastLimit = 1L << 30;

    private readonly Lock gate = new();
    private readonly ConcurrentQueue<(CudaBlock? Block, nint Address, long Bytes, nint Stream, CudaGraphMemory? Graph)> returned = new();
    private readonly Dictionary<nint, CudaBins> bins = [];
    private readonly Dictionary<nint, CudaMemoryNote> large = [];
    private long live, cached, peak, allocations, inGraphs;
    private volatile Capture? capture;

    /// <summary>Whether blocks are kept. Off: each allocation is the driver's own.</summary>
    internal bool IsCaching { get; set; } = Environment.GetEnvironmentVariable("NATIVEDL_CUDA_POOL") is not "off";

    /// <summary>Bytes asked of the driver beyond which a garbage collection is provoked before asking for more.</summary>
    internal long SoftLimit { get; set; } = LeastLimit;

    /// <summary>Bytes live, cached (in reserve or held by graphs), the most ever live, and allocations asked of the driver.</summary>
    internal MemoryStats Stats()
    {
        lock (gate)
        {
            TakeReturned();
            return new MemoryStats(live, cached + inGraphs, peak, allocations);
        }
    }

    /// <summary>A block of at least so many bytes, at a 256-byte boundary, for use in the order of <paramref name="stream"/>.</summary>
    internal CudaBlock Rent(long bytes, nint stream)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        long size = IsCaching ? CudaBins.Round(bytes) : Math.Max(1, bytes);
        context.MakeCurrent();
        lock (gate)
        {
            TakeReturned();
            var block = Cached(size, stream) ?? Ask(size, stream);
            block.Stream = stream;
            block.Rent();
            if (this.capture is { } capture && capture.Thread == Environment.CurrentManagedThreadId)
            {
                block.Graph = capture.Memory;
            }

            if (block.Bytes > Storage.LargeBytes)
            {
                large[block.Address] = block.Note = new CudaMemoryNote(block.Bytes);
            }

            live += block.Bytes;
            peak = Math.Max(peak, live);
            return block;
        }
    }

    /// <summary>Gives every block in reserve back to the driver.</summary>
    /// <returns>The bytes given back.</returns>
    internal long Trim()
    {
        DeferredRelease.Drain();
        context.MakeCurrent();
        lock (gate)
        {
            TakeReturned();
            return FreeCached();
        }
    }

    /// <summary>From a tensor's scope: the block object itself is used again.</summary>
    internal void Return(CudaBlock block) => returned.Enqueue((block, block.Address, block.Bytes, block.Stream, block.Graph));

    /// <summary>From the finalizer: only hands the address over.</summary>
    internal void Reclaim(CudaBlock block)
    {
        if (block.IsRented)
        {
            returned.Enqueue((null, block.Address, block.Bytes, block.Stream, block.Graph));
        }
    }

    /// <summary>The blocks of a stream that is about to go become the default stream's, once the stream is done.</summary>
    internal void Forget(nint stream, nint heir)
    {
        context.MakeCurrent();
        CudaStatus.Check(CudaStatus.Api.StreamSynchronize(stream), "synchronize stream");
        lock (gate)
        {
            TakeReturned();
            if (this.bins.Remove(stream, out var bins))
            {
                foreach (var block in bins.PopAll())
                {
                    block.Stream = heir;
                    Of(heir).Push(block);
                }
            }
        }
    }

    // ---- graphs ------------------------------------------------------------------------------

    /// <summary>Whether a graph is being captured on the device.</summary>
    internal bool IsCapturing => capture is not null;

    /// <summary>From here on what this thread rents belongs to the graph being captured, and what comes back stays with it.</summary>
    internal CudaGraphMemory BeginCapture()
    {
        lock (gate)
        {
            if (capture is not null)
            {
                throw Error.Device("Cuda(capture)", "a graph is being captured on this device already");
            }

            TakeReturned();
            capture = new Capture(Environment.CurrentManagedThreadId, new CudaGraphMemory(), new CudaBins());
            return capture.Memory;
        }
    }

    internal void EndCapture()
    {
        lock (gate)
        {
            TakeReturned();
            foreach (var block in capture!.Bins.PopAll())
            {
                capture.Memory.Blocks.Add(block);
            }

            capture = null;
        }
    }

    /// <summary>The graph is gone and done with: its memory is everybody's again.</summary>
    internal void Release(CudaGraphMemory memory)
    {
        lock (gate)
        {
            TakeReturned();
            memory.Released = true;
            foreach (var block in memory.Blocks)
            {
                inGraphs -= block.Bytes;
                Keep(block);
            }

            memory.Blocks.Clear();
        }
    }

    // ---- inside the lock ---------------------------------------------------------------------

    private CudaBlock? Cached(long size, nint stream)
    {
        if (!IsCaching)
        {
            return null;
        }

        if (this.capture is { } capture && capture.Thread == Environment.CurrentManagedThreadId && capture.Bins.Pop(size) is { } own)
        {
            inGraphs -= own.Bytes;
            return own;
        }

        var block = Of(stream).Pop(size);
        if (block is null)
        {
            foreach ((nint other, var bins) in this.bins)
            {
                // Not while capturing: the event would become part of the graph.
                if (other != stream && this.capture is null && bins.Pop(size) is { } foreign)
                {
                    Order(other, stream);
                    block = foreign;
                    break;
                }
            }
        }

        if (block is not null)
        {
            cached -= block.Bytes;
        }

        return block;
    }

    private CudaBlock Ask(long size, nint stream)
    {
        if (live + cached + inGraphs + size > SoftLimit)
        {
            // The collector does not see device memory. What it finds comes back through the queue.
            Collect();
            SoftLimit = Math.Max(SoftLimit, 2 * (live + cached + inGraphs + size));
            if (Cached(size, stream) is { } found)
            {
                return found;
            }
        }

        nint address;
        var result = CudaStatus.Api.MemAlloc(&address, (nuint)size);
        if (result == CudaResult.OutOfMemory)
        {
            Collect();
            FreeCached();
            result = CudaStatus.Api.MemAlloc(&address, (nuint)size);
        }

        if (result == CudaResult.OutOfMemory)
        {
            throw OutOfMemory(size);
        }

        CudaStatus.Check(result, $"allocate {size} bytes");
        allocations++;
        return new CudaBlock(this, address, size);
    }

    private void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        TakeReturned();
    }

    private void TakeReturned()
    {
        while (returned.TryDequeue(out var item))
        {
            var block = item.Block ?? new CudaBlock(this, item.Address, item.Bytes) { Stream = item.Stream, Graph = item.Graph };
            live -= block.Bytes;
            if (block.Bytes > Storage.LargeBytes)
            {
                large.Remove(block.Address);
            }

            if (this.capture is { } capture)
            {
                // What is freed while a graph is captured is used by that graph: it replays with these addresses.
                block.Graph = capture.Memory;
                inGraphs += block.Bytes;
                capture.Bins.Push(block);
            }
            else if (block.Graph is { Released: false } graph)
            {
                inGraphs += block.Bytes;
                graph.Blocks.Add(block);
            }
            else
            {
                Keep(block);
            }
        }
    }

    private void Keep(CudaBlock block)
    {
        block.Graph = null;
        cached += block.Bytes;
        if (IsCaching)
        {
            Of(block.Stream).Push(block);
        }
        else
        {
            Free(block);
        }
    }

    private long FreeCached()
    {
        long freed = 0;
        foreach (var bins in this.bins.Values)
        {
            foreach (var block in bins.PopAll())
            {
                freed += block.Bytes;
                Free(block);
            }
        }

        return freed;
    }

    private void Free(CudaBlock block)
    {
#pragma warning disable CA1816 // the block ends here, though by another's hand
        GC.SuppressFinalize(block);
#pragma warning restore CA1816
        cached -= block.Bytes;
        context.MakeCurrent();
        CudaStatus.Check(CudaStatus.Api.MemFree(block.Address), "free");
    }

    private static void Order(nint first, nint then)
    {
        nint e;
        const uint disableTiming = 2;
        CudaStatus.Check(CudaStatus.Api.EventCreate(&e, disableTiming), "create event");
        var result = CudaStatus.Api.EventRecord(e, first);
        if (result == CudaResult.Success)
        {
            result = CudaStatus.Api.StreamWaitEvent(then, e, 0);
        }

        CudaStatus.Api.EventDestroy(e);
        CudaStatus.Check(result, "order streams");
    }

    private CudaBins Of(nint stream)
    {
        if (!this.bins.TryGetValue(stream, out var bins))
        {
            this.bins[stream] = bins = new CudaBins();
        }

        return bins;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private OutOfDeviceMemoryException OutOfMemory(long size)
    {
        const int most = 10;
        nuint free = 0, total = 0;
        CudaStatus.Api.MemGetInfo(&free, &total);
        string largest = string.Join("; ",
            large.Values.OrderByDescending(note => note.Bytes).Take(most).Select(note => $"{note.Text ?? "memory without a tensor"} ({note.Bytes:N0} bytes)"));
        return new OutOfDeviceMemoryException(Error.Message($"Cuda(allocate on cuda:{context.DeviceId})", "the device has no memory left",
            $"a request for {size:N0} bytes with {live:N0} live, {cached:N0} in reserve, {inGraphs:N0} in graphs and {(long)free:N0} of {(long)total:N0} free on the device",
            "enough free memory", "use smaller batches, or free tensors earlier with TensorScope"
                + (largest.Length > 0 ? $"; the largest live tensors are {largest}" : "")));
    }

    private sealed record Capture(int Thread, CudaGraphMemory Memory, CudaBins Bins);
}
