using System.Numerics;

namespace NativeDL.Cuda;

internal sealed unsafe partial class CudaDevice
{
    internal override void Reduce(string name, Tensor x, int[] axes, Tensor y) => Reduce(name, x, axes, y, null, x.Shape.CountOf(axes));

    /// <summary>Reduces by the kernel of that name of <c>reductions.cu</c> into the contiguous <paramref name="y"/>.</summary>
    /// <param name="name">The reduction.</param>
    /// <param name="x">The elements.</param>
    /// <param name="axes">Normalized and rising.</param>
    /// <param name="y">An element for each group.</param>
    /// <param name="shift">None, or contiguous like <paramref name="y"/>: what the reduction takes out of the elements.</param>
    /// <param name="divisor">What a mean or a variance divides by.</param>
    internal void Reduce(string name, Tensor x, int[] axes, Tensor y, Tensor? shift, double divisor)
    {
        var (source, outer, length, inner) = Reduction.Arrange(x, axes);
        // In between there is a number and perhaps its place.
        LaunchPieces(name, x.DType, CudaSplit.Of(outer, length, inner), 2 * x.DType.Size(), source, shift, y, divisor);
    }

    /// <summary>
    /// Launches a kernel of the kind of <c>pieces.cuh</c> until each group is reduced to one value; which elements meet in
    /// which order follows from the counts alone.
    /// </summary>
    internal void LaunchPieces(string name, DType dtype, CudaSplit split, int valueBytes, params ReadOnlySpan<KernelArgument> own)
    {
        KernelArguments arguments = default;
        own.CopyTo(arguments[3..]);
        for (Tensor? parts = null, next; split.Results > 0; (parts, split) = (next, split.Next))
        {
            next = split.Pieces == 1 ? null : Tensor.Empty([checked((int)split.Results), valueBytes], DType.UInt8, this);
            (arguments[0], arguments[1], arguments[2]) = (parts, next, KernelArgument.Structure(&split));
            Launch(name, dtype, CudaKernels.Grid(split.Results, split.Block / split.Lanes), (uint)split.Block, arguments[..(own.Length + 3)]);
            parts?.Free();
            if (next is null) return;
        }
    }
}

/// <summary>How groups of elements, the middle of [outer, length, inner], are cut into pieces and the threads of a block share them: <c>ndl_split</c>.</summary>
internal readonly struct CudaSplit
{
    private const int PerLane = 32;
    private const int MostThreads = 256;

    private readonly long outer, length, inner, pieces;
    private readonly int piece, lanes, rows;

    private CudaSplit(long outer, long length, long inner, bool alongRows)
    {
        (this.outer, this.length, this.inner, rows) = (outer, length, inner, alongRows ? 1 : 0);
        // Along a row work a few neighbouring threads, a warp, or the block. Otherwise threads side by side read
        // neighbouring columns; those that are left go down the columns. Four elements are worth a thread.
        int most = alongRows ? (length > 1024 ? MostThreads : 32) : MostThreads / (int)UpToPowerOf2(outer * inner, 32);
        lanes = alongRows && length > 1024 ? most : (int)UpToPowerOf2((length + 3) / 4, most);
        piece = PerLane * (alongRows ? MostThreads : lanes);
        pieces = Math.Max(1, (length + piece - 1) / piece);
    }

    /// <summary>Pieces of a row are contiguous elements, as <c>inner</c> is 1.</summary>
    public static CudaSplit Of(long outer, long length, long inner) => new(outer, length, inner, inner == 1);

    /// <summary>Sums down the columns of [rows, columns], be it a single one.</summary>
    public static CudaSplit OfColumns(long rows, long columns) => new(1, rows, columns, false);

    public long Pieces => pieces;

    public long Results => outer * pieces * inner;

    public int Lanes => lanes;

    public int Block => (int)Math.Max(32, UpToPowerOf2(Results * lanes, MostThreads));

    /// <summary>The pieces' values, reduced further.</summary>
    public CudaSplit Next => new(outer, pieces, inner, rows != 0);

    private static long UpToPowerOf2(long n, int most) => Math.Min(most, (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, n)));
}
