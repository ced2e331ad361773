using System.Runtime.InteropServices;

namespace NativeDL;

/// <summary>
/// Main memory for tensors: 64-byte aligned blocks in size classes that are kept for the next tensor, because
/// a fresh block costs its page faults (27 ms for 64 MB, against 0.08 ms for a kept one).
/// </summary>
internal sealed unsafe class CpuPool
{
    private const int Alignment = 64;
    private const int SlabBytes = 64 * 1024;
    private const int SmallBytes = 4096;

    // Below this a loop is not collected for its tensors' sake. 64 MB cost a loop of small steps, and that of a small
    // convolutional network, no more time than 256 MB; it is reached early, and leaves the process half as large.
    private const long LeastLimit = 64L << 20;

    // One slab per thread is being filled; a dead thread's slab is collected like any other.
    [ThreadStatic] private static Block? slab;

    private readonly FreeList[] lists = [.. Enumerable.Range(0, SizeClass.Count).Select(_ => new FreeList())];
    // Weak, so that a report can name what is live and yet keeps nothing alive.
    private readonly Dictionary<nint, WeakGCHandle<Block>> handles = [];
    private long liveBytes, cachedBytes, peakBytes, systemAllocations;
    private long softLimit = LeastLimit;

    /// <summary>Live bytes beyond which a collection is provoked before more memory is asked of the system.</summary>
    public long SoftLimit { get => softLimit; set => softLimit = value; }

    /// <summary>Bytes beyond which an allocation fails; for tests of what happens then.</summary>
    public long HardLimit { get; set; } = long.MaxValue;

    /// <summary>Whether blocks remember where they were asked for, for <see cref="LeakReport"/>.</summary>
    public bool TrackOrigins { get; set; }

    /// <summary>Whether fresh memory is filled with NaN patterns, so that a result that a kernel left unwritten shows.</summary>
    public bool Poison { get; set; }

    public Storage Allocate(long bytes, out nint address)
    {
        var storage = Place(bytes, out address);
        if (Poison) new Span<byte>((void*)address, (int)Math.Min(bytes, int.MaxValue)).Fill(0xFF);
        return storage;
    }

    private Block Place(long bytes, out nint address)
    {
        if (bytes > SmallBytes)
        {
            var block = Rent(bytes);
            block.StartWhole();
            address = block.Address;
            return block;
        }
        long size = Math.Max((bytes + Alignment - 1) & ~(Alignment - 1), Alignment);
        var current = slab;
        if (current is null || (address = current.Take(size)) == 0)
        {
            current?.Close();
            slab = current = Rent(SlabBytes);
            current.StartSlab();
            address = current.Take(size);
        }
        return current;
    }

    public MemoryStats Stats() =>
        new(Volatile.Read(ref liveBytes), Volatile.Read(ref cachedBytes), Volatile.Read(ref peakBytes), Volatile.Read(ref systemAllocations));

    /// <summary>Every tensor of the block was freed by its scope: the block waits for the next user.</summary>
    public void Recycle(Block block)
    {
        Interlocked.Add(ref liveBytes, -block.Bytes);
        Interlocked.Add(ref cachedBytes, block.Bytes);
        block.Description = null;
        lists[SizeClass.Of(block.Bytes, out _)].Push(block, block.Address);
    }

    /// <summary>From the finalizer: only hands the address over.</summary>
    public void Reclaim(Block block)
    {
        Forget(block);
        Interlocked.Add(ref liveBytes, -block.Bytes);
        Interlocked.Add(ref cachedBytes, block.Bytes);
        lists[SizeClass.Of(block.Bytes, out _)].Push(null, block.Address);
    }

    public long Trim()
    {
        long freed = 0;
        for (int c = 0; c < lists.Length; c++)
            while (lists[c].TryPop(out var block, out nint address))
            {
                long bytes = SizeOf(address);
                if (block is not null)
                {
                    Forget(block);
                    block.Retire();
                }
                NativeMemory.AlignedFree((void*)(address - Alignment));
                freed += bytes;
            }
        Interlocked.Add(ref cachedBytes, -freed);
        return freed;
    }

    private Block Rent(long bytes)
    {
        int sizeClass = SizeClass.Of(bytes, out long size);
        if (!lists[sizeClass].TryPop(out var block, out nint address))
        {
            if (Volatile.Read(ref liveBytes) + size > softLimit) Collect();
            if (!lists[sizeClass].TryPop(out block, out address)) address = Ask(size);
            else Interlocked.Add(ref cachedBytes, -size);
        }
        else Interlocked.Add(ref cachedBytes, -size);

        long live = Interlocked.Add(ref liveBytes, size);
        for (long peak = Volatile.Read(ref peakBytes); live > peak; peak = Volatile.Read(ref peakBytes))
            if (Interlocked.CompareExchange(ref peakBytes, live, peak) == peak) break;

        if (block is null)
        {
            block = new Block(this, address, size);
            block.Handle = new WeakGCHandle<Block>(block);
            lock (handles) handles[address] = block.Handle;
        }
        if (TrackOrigins) block.Origin = Environment.StackTrace;
        return block;
    }

    // Disposed only when no report can come upon it any more.
    private void Forget(Block block)
    {
        lock (handles) handles.Remove(block.Address);
        block.Handle.Dispose();
    }

    /// <summary>
    /// The collector does not see native memory; it is called when live bytes have doubled since its last turn. What a
    /// training step leaves behind is young; only where that gives little back are the old generations searched too.
    /// </summary>
    private void Collect()
    {
        GC.Collect(1, GCCollectionMode.Forced, blocking: true);
        GC.WaitForPendingFinalizers();
        if (Volatile.Read(ref liveBytes) > softLimit / 4 * 3)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        softLimit = Math.Max(LeastLimit, 2 * Volatile.Read(ref liveBytes));
    }

    // A block's size stands in the 64 bytes before it.
    private static long SizeOf(nint address) => *(long*)(address - Alignment);

    private nint Ask(long size)
    {
        nint address = TryAsk(size);
        if (address == 0)
        {
            Collect();
            Trim();
            address = TryAsk(size);
        }
        if (address == 0)
        {
            var stats = Stats();
            throw new OutOfDeviceMemoryException(Error.Message("Device(cpu)", "out of memory",
                $"a request of {size:N0} bytes with {stats.LiveBytes:N0} live and {stats.CachedBytes:N0} cached", null,
                $"the largest live tensors are {string.Join("; ", Largest(10))}"));
        }
        Interlocked.Increment(ref systemAllocations);
        return address;
    }

    private nint TryAsk(long size)
    {
        if (Volatile.Read(ref liveBytes) + Volatile.Read(ref cachedBytes) + size > HardLimit) return 0;
        try
        {
            nint start = (nint)NativeMemory.AlignedAlloc((nuint)(size + Alignment), Alignment);
            *(long*)start = size;
            return start + Alignment;
        }
        catch (OutOfMemoryException)
        {
            return 0; // answered by the caller: it collects, trims and tries once more
        }
    }

    /// <summary>The largest live blocks, with the shapes of their tensors where known.</summary>
    public IEnumerable<string> Largest(int count) =>
        Live().OrderByDescending(b => b.Bytes).Take(count).Select(b => $"{b.Description ?? "small tensors"} ({b.Bytes:N0} bytes)");

    /// <summary>Every live block with the place where it was asked for; places are known while <see cref="TrackOrigins"/> is on.</summary>
    public string LeakReport() => string.Join('\n', Live().OrderByDescending(b => b.Bytes)
        .Select(b => $"{b.Bytes:N0} bytes, {b.Description ?? "small tensors"}\n{b.Origin ?? "  (asked for while origins were not tracked)"}"));

    private List<Block> Live()
    {
        var result = new List<Block>();
        var idle = new HashSet<nint>();
        foreach (var list in lists) list.Addresses(idle);
        lock (handles)
            foreach (var (address, handle) in handles)
                if (!idle.Contains(address) && handle.TryGetTarget(out var block)) result.Add(block);
        return result;
    }

    /// <summary>Blocks of one size class that wait for use; with the block object where it survived.</summary>
    private sealed class FreeList
    {
        private readonly Lock gate = new();
        private readonly Stack<(Block?, nint)> items = [];

        public void Push(Block? block, nint address)
        {
            lock (gate) items.Push((block, address));
        }

        public bool TryPop(out Block? block, out nint address)
        {
            lock (gate)
            {
                bool found = items.TryPop(out var item);
                (block, address) = item;
                return found;
            }
        }

        public void Addresses(HashSet<nint> into)
        {
            lock (gate) foreach (var (_, address) in items) into.Add(address);
        }
    }
}
