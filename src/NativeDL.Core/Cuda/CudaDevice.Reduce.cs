using System.Numerics;

namespace NativeDL.Cuda;

internal sealed partial class CudaDevice
{
    internal override void Reduce(string name, Tensor x, int[] axes, Tensor y) => Reduce(name, x, axes, y, null, x.Shape.CountOf(axes));

    /// <summary>
    /// Reduces by the kernel of that name of <c>reductions.cu</c> into the contiguous <paramref name="y"/>. Long groups of
    /// elements go by pieces, whose values are reduced again; all of it follows from the shape alone.
    /// </summary>
    /// <param name="name">The reduction.</param>
    /// <param name="x">The elements.</param>
    /// <param name="axes">Normalized and rising.</param>
    /// <param name="y">An element for each group.</param>
    /// <param name="shift">None, or contiguous like <paramref name="y"/>: what the reduction takes out of the elements.</param>
    /// <param name="divisor">What a mean or a variance divides by.</param>
    internal void Reduce(string name, Tensor x, int[] axes, Tensor y, Tensor? shift, double divisor)
    {
        var (source, outer, length, inner) = Reduction.Arrange(x, axes);
        Tensor? parts = null;
        while (y.ElementCount > 0)
        {
            var split = inner == 1 ? CudaSplit.OfRows(length) : CudaSplit.OfColumns(outer * inner, length);
            long pieces = Math.Max(1, (length + split.Piece - 1) / split.Piece), results = outer * pieces * inner;
            // Room for a number and its place.
            var next = pieces == 1 ? null : Tensor.Empty([checked((int)results), 2 * x.DType.Size()], DType.UInt8, this);
            int block = (int)Math.Clamp((long)BitOperations.RoundUpToPowerOf2((ulong)(results * split.Lanes)), 32, 256);
            Launch(name, x.DType, CudaKernels.Grid(results, block / split.Lanes), (uint)block,
                parts is null ? source : null, parts, shift, next, next is null ? y : null, outer, length, inner, split.Piece, pieces, split.Lanes, divisor);
            parts?.Free();
            if (next is null) return;
            (parts, length) = (next, pieces);
        }
    }
}

/// <summary>How the threads of a block share what is reduced together: so many to a piece of so many elements.</summary>
internal readonly record struct CudaSplit(int Lanes, int Piece)
{
    private const int PerLane = 32;

    /// <summary>A few neighbouring threads for a short row, a warp, or the block.</summary>
    public static CudaSplit OfRows(long length) => new(length > 1024 ? 256 : UpToPowerOf2(length, 32), 256 * PerLane);

    /// <summary>Threads side by side read neighbouring columns; those that are left go down the columns.</summary>
    public static CudaSplit OfColumns(long columns, long length)
    {
        int lanes = UpToPowerOf2(length, 256 / (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(columns, 32)));
        return new(lanes, lanes * PerLane);
    }

    // Four elements are worth a thread.
    private static int UpToPowerOf2(long length, int most) =>
        (int)Math.Min(most, (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, (length + 3) / 4)));
}
