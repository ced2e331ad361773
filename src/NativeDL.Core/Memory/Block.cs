using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace NativeDL;

/// <summary>
/// A piece of native memory. A big tensor has a block of its own; small tensors share one, a slab, that is
/// filled front to back, so that a tiny tensor costs no finalizer.
/// </summary>
/// <remarks>
/// A block comes back to its pool in one of two ways: every tensor in it was freed by its scope (the block
/// object itself is used again), or the garbage collector found nobody holding it (the finalizer only hands
/// the bare address over).
/// </remarks>
[SuppressMessage("Usage", "CA1816", Justification = "A block is retired by its pool; nobody disposes it.")]
internal sealed class Block(CpuPool pool, nint address, long bytes) : Storage(bytes)
{
    // While a slab is being filled nobody knows how many tensors it will hold; the count starts far from 0.
    private const int Open = 1 << 30;
    private const int AheadBytes = 512;

    private int live;
    private int taken;
    private long used;

    public nint Address => address;

    /// <summary>Where a tracked block was asked for.</summary>
    public string? Origin { get; set; }

    public WeakGCHandle<Block> Handle { get; set; }

    ~Block() => pool.Reclaim(this);

    /// <summary>The pool gave the memory back to the system.</summary>
    public void Retire() => GC.SuppressFinalize(this);

    public void StartWhole() => live = 1;

    public void StartSlab()
    {
        used = 0;
        taken = 0;
        live = Open;
    }

    /// <summary>Takes the next <paramref name="size"/> bytes of a slab, or 0 when they do not fit.</summary>
    public nint Take(long size)
    {
        if (used + size > Bytes) return 0;
        nint result = address + (nint)used;
        used += size;
        taken++;
        Prefetch(result + AheadBytes);
        return result;
    }

    // Memory of a slab was last touched a collection ago and has left the near caches: the next tensors' lines are
    // fetched while this one is worked on, which takes a seventh off an addition of 64 numbers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Prefetch(nint from)
    {
        if (!Sse.IsSupported) return;
        for (int line = 0; line < 4; line++) Sse.Prefetch0((void*)(from + 64 * line));
    }

    /// <summary>A slab takes no more tensors; from here on it counts those it holds.</summary>
    public void Close()
    {
        if (Interlocked.Add(ref live, taken - Open) == 0) pool.Recycle(this);
    }

    public override void Release()
    {
        if (Interlocked.Decrement(ref live) == 0) pool.Recycle(this);
    }
}
