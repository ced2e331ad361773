namespace NativeDL.Cuda;

/// <summary>
/// A piece of device memory from a <see cref="CudaMemoryPool"/>. Release it, or let the collector find it: either way it
/// only joins a queue, from which the pool takes it at its next allocation.
/// </summary>
internal sealed class CudaBlock(CudaMemoryPool pool, nint address, long bytes) : Storage(bytes)
{
    private int rented;

    ~CudaBlock() => pool.Reclaim(this);

    public nint Address => address;

    /// <summary>The stream whose order the block's uses follow.</summary>
    public nint Stream { get; set; }

    /// <summary>The graph that was captured with this block, which replays into it; null outside of a capture.</summary>
    public CudaGraphMemory? Graph { get; set; }

    /// <summary>Whether a tensor stands in it.</summary>
    public bool IsRented => rented != 0;

    /// <summary>The pool's note of a large block that is live. The pool keeps the note and not the block, so that the collector still finds that.</summary>
    public CudaMemoryNote? Note { get; set; }

    public override string? Description { get => Note?.Text; set => Note?.Text = value; }

    public void Rent() => rented = 1;

    /// <summary>Gives the block back. A second time is an error of the library's own and is refused.</summary>
    public override void Release()
    {
        if (Interlocked.Exchange(ref rented, 0) == 0)
        {
            throw Error.Device("Cuda(release)", "a block of device memory was released twice");
        }

        pool.Return(this);
    }
}

/// <summary>What a large live block holds.</summary>
internal sealed class CudaMemoryNote(long bytes)
{
    internal string? Text { get; set; }

    internal long Bytes => bytes;
}

/// <summary>Memory that belongs to a captured graph: its replays write there, so nobody else may get it before the graph goes.</summary>
internal sealed class CudaGraphMemory
{
    internal List<CudaBlock> Blocks { get; } = [];

    internal bool Released { get; set; }
}
