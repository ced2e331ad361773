using System.Numerics;

namespace NativeDL.Cuda;

internal sealed unsafe partial class CudaDevice
{
    /// <summary>Reduces axes (normalized, rising) by the reduction's name.</summary>
    internal void Reduce(string name, Tensor x, int[] axes, Tensor y)
    {
        var groups = Reduction.Arrange(x, axes);
        Reduce(name, groups, y, null, groups.Length);
    }

    /// <summary>Reduces by the kernel of that name of the kind of <c>reductions.cuh</c> into the contiguous <paramref name="y"/>.</summary>
    /// <param name="name">The reduction.</param>
    /// <param name="groups">The elements as <see cref="Reduction.Arrange"/> gives them.</param>
    /// <param name="y">An element for each group.</param>
    /// <param name="shift">None, or contiguous like <paramref name="y"/>: what the reduction takes out of the elements.</param>
    /// <param name="divisor">What a mean or a variance divides by.</param>
    internal void Reduce(string name, (Tensor Source, long Outer, long Length, long Inner) groups, Tensor y, Tensor? shift = null, double divisor = 1)
    {
        var x = groups.Source;
        // In between there is a number, a number and its place, or sums of squares of three magnitudes and room to four.
        LaunchPieces(name, x.DType, CudaSplit.Of(groups.Outer, groups.Length, groups.Inner), 4 * x.DType.Size(), x, shift, y, divisor);
    }

    /// <summary>
    /// Launches a kernel of the kind of <c>pieces.cuh</c> until each group is reduced to one value; which elements meet in
    /// which order follows from the counts alone.
    /// </summary>
    /// <param name="name">The kernel.</param>
    /// <param name="dtype">The elements' type.</param>
    /// <param name="split">What is reduced.</param>
    /// <param name="valueBytes">Size of the value of a piece.</param>
    /// <param name="own">The kernel's own arguments.</param>
    internal void LaunchPieces(string name, DType dtype, CudaSplit split, int valueBytes, params ReadOnlySpan<KernelArgument> own)
    {
        Tensor? parts = null;
        while (split.Pieces > 1)
        {
            var next = Tensor.Empty([checked((int)split.Results), valueBytes], DType.UInt8, this);
            LaunchPiece(name, dtype, split, parts, next, own);
            parts?.Free();
            (parts, split) = (next, split.Next);
        }
        LaunchPiece(name, dtype, split, parts, null, own);
        parts?.Free();
    }

    /// <summary>
    /// One launch of them: from the elements or the values <paramref name="parts"/> to the values <paramref name="partsOut"/> or the results.
    /// </summary>
    internal void LaunchPiece(string name, DType dtype, CudaSplit split, Tensor? parts, Tensor? partsOut, params ReadOnlySpan<KernelArgument> own)
    {
        KernelArguments arguments = default;
        (arguments[0], arguments[1], arguments[2]) = (parts, partsOut, KernelArgument.Structure(&split));
        own.CopyTo(arguments[3..]);
        Launch(name, dtype, CudaKernels.Grid(split.Results, split.Block / split.Lanes), (uint)split.Block, arguments[..(own.Length + 3)]);
    }

    /// <summary>
    /// Launches a kernel of the kind of <c>row.cuh</c>, whose threads hold rows in registers: a few neighbouring threads work
    /// on a short row, a warp, or a block.
    /// </summary>
    internal void LaunchHeldRows(string name, DType dtype, long rows, int n, params ReadOnlySpan<KernelArgument> own)
    {
        var split = CudaSplit.Of(rows, n, 1);
        KernelArguments arguments = default;
        (arguments[0], arguments[1], arguments[2]) = (rows, n, split.Lanes);
        own.CopyTo(arguments[3..]);
        int block = CudaSplit.Threads(rows * split.Lanes);
        Launch(name, dtype, CudaKernels.Grid(rows, block / split.Lanes), (uint)block, arguments[..(own.Length + 3)]);
    }
}

/// <summary>
/// How groups of elements, the middle of [outer, length, inner], are cut into pieces and the threads of a block share them: <c>ndl_split</c>.
/// </summary>
internal readonly struct CudaSplit
{
    private const int PerLane = 32;
    private const int MostThreads = 256;

    private readonly long outer, length, inner, pieces;
    private readonly int piece, lanes, rows;

    private CudaSplit(long outer, long length, long inner, bool alongRows, int mostLanes = MostThreads)
    {
        (this.outer, this.length, this.inner, rows) = (outer, length, inner, alongRows ? 1 : 0);
        // Along a row work a few neighbouring threads, a warp, or the block. Otherwise threads side by side read
        // neighbouring columns; those that are left go down the columns. Four elements are worth a thread.
        int most = alongRows ? 32 : Math.Min(mostLanes, MostThreads / (int)UpToPowerOf2(outer * inner, 32));
        lanes = alongRows && length > 1024 ? MostThreads : (int)UpToPowerOf2((length + 3) / 4, most);
        piece = PerLane * (alongRows ? MostThreads : lanes);
        pieces = Math.Max(1, (length + piece - 1) / piece);
    }

    /// <summary>Groups; where <paramref name="inner"/> is 1 they are rows of contiguous elements.</summary>
    public static CudaSplit Of(long outer, long length, long inner) => new(outer, length, inner, inner == 1);

    /// <summary>The same with short pieces of columns, for what a thread does alone to each piece.</summary>
    public static CudaSplit OfShort(long outer, long length, long inner) => new(outer, length, inner, inner == 1, 4);

    /// <summary>The columns of [rows, columns], be it a single one.</summary>
    public static CudaSplit OfColumns(long rows, long columns) => new(1, rows, columns, false);

    public int Piece => piece;

    public long Pieces => pieces;

    /// <summary>The number of pieces of all groups.</summary>
    public long Results => outer * pieces * inner;

    public int Lanes => lanes;

    public int Block => Threads(Results * lanes);

    /// <summary>The pieces' values, reduced further.</summary>
    public CudaSplit Next => new(outer, pieces, inner, rows != 0);

    /// <summary>A block for so many threads, or of the most that there are in one.</summary>
    public static int Threads(long threads) => (int)Math.Max(32, UpToPowerOf2(threads, MostThreads));

    private static long UpToPowerOf2(long n, int most) => Math.Min(most, (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, n)));
}
