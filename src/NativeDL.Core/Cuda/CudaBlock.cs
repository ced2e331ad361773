namespace NativeDL.Cuda;

/// <summary>
/// A piece of device memory from a <see cref="CudaMemoryPool"/>. Release it, or let the collector find it: either way it
/// only joins a queue, from which the pool takes it at its next allocation.
/// </summary>
internal sealed class CudaBlock(CudaMemoryPool pool, nint address, long bytes) : Storage
{
    private int _rented;

    ~CudaBlock() => pool.Reclaim(this);

    public nint Address => address;

    /// <summary>Bytes that the block has, which may be more than were asked for.</summary>
    public long Bytes => bytes;

    /// <summary>The stream whose order the block's uses follow.</summary>
    public nint Stream { get; set; }

    /// <summary>The graph that was captured with this block, which replays into it; null outside of a capture.</summary>
    public CudaGraphMemory? Graph { get; set; }

    /// <summary>Whether a tensor stands in it.</summary>
    public bool IsRented => _rented != 0;

    public void Rent() => _rented = 1;

    /// <summary>Gives the block back. A second time is an error of the library's own and is refused.</summary>
    public override void Release()
    {
        if (Interlocked.Exchange(ref _rented, 0) == 0)
        {
            throw Error.Device("Cuda(release)", "a block of device memory was released twice");
        }

        pool.Return(this);
    }
}

/// <summary>Memory that belongs to a captured graph: its replays write there, so nobody else may get it before the graph goes.</summary>
internal sealed class CudaGraphMemory
{
    internal List<CudaBlock> Blocks { get; } = [];

    internal bool Released { get; set; }
}
