using System.Runtime.InteropServices;

namespace NativeDL;

/// <summary>
/// One thread's scratch memory for matrix products: allocated on the thread's first product, kept for the
/// thread's life, returned by the finalizer after it. Native and page-aligned, so that nothing moves and no
/// vector crosses a line; pages never used are never backed.
/// </summary>
internal sealed unsafe class GemmWorkspace
{
    /// <summary>Room for a block of A: it lives in the L3 cache (rows are padded, hence not a power of two).</summary>
    public const int BytesOfA = 1152 * 1024;

    /// <summary>Room for a block of B: it lives in the L2 cache.</summary>
    public const int BytesOfB = 512 * 1024;

    /// <summary>Room for one register tile, for results that are merged into C.</summary>
    public const int BytesOfTile = 4096;

    [ThreadStatic]
    private static GemmWorkspace? current;

    private readonly byte* memory = (byte*)NativeMemory.AlignedAlloc(BytesOfA + BytesOfB + BytesOfTile, 4096);

    private GemmWorkspace()
    {
    }

    ~GemmWorkspace() => NativeMemory.AlignedFree(memory);

    /// <summary>This thread's workspace. The caller keeps it alive until its product is done.</summary>
    public static GemmWorkspace Current => current ??= new GemmWorkspace();

    public void* A => memory;

    public void* B => memory + BytesOfA;

    public void* Tile => memory + BytesOfA + BytesOfB;
}
