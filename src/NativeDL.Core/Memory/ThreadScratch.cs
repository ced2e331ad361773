using System.Runtime.InteropServices;

namespace NativeDL;

/// <summary>
/// Native scratch memory that belongs to one thread for its life: kernels unfold a tile of their operands into it
/// without allocating. What is kept stays small (a tile fits the L2 cache); it grows and is never returned before
/// the thread ends.
/// </summary>
internal sealed unsafe class ThreadScratch
{
    /// <summary>Each use inside of another has a slot of its own.</summary>
    public enum Slot
    {
        /// <summary>A tile of an operand, unfolded.</summary>
        Panel,

        /// <summary>A second tile beside the first.</summary>
        Tile,

        /// <summary>A vector gathered for a matrix-vector product.</summary>
        Vector,
    }

    [ThreadStatic] private static ThreadScratch? current;

    private readonly nint[] memory = new nint[3];
    private readonly nint[] sizes = new nint[3];

    ~ThreadScratch()
    {
        foreach (nint block in memory) NativeMemory.AlignedFree((void*)block);
    }

    /// <summary>At least <paramref name="count"/> elements of undefined content, valid on this thread until the next call for the slot.</summary>
    public static T* Get<T>(Slot slot, long count) where T : unmanaged
    {
        var own = current ??= new ThreadScratch();
        int i = (int)slot;
        nint bytes = checked((nint)(count * sizeof(T)));
        if (bytes > own.sizes[i] || own.memory[i] == 0)
        {
            NativeMemory.AlignedFree((void*)own.memory[i]);
            own.memory[i] = 0;
            own.sizes[i] = Math.Max(bytes, 4096);
            own.memory[i] = (nint)NativeMemory.AlignedAlloc((nuint)own.sizes[i], 64);
        }
        return (T*)own.memory[i];
    }
}
