namespace NativeDL.Cuda;

/// <summary>What an elementwise kernel knows of its operands' places: <c>ndl_walk</c> of <c>elementwise.cuh</c>.</summary>
internal unsafe struct CudaWalk
{
    /// <summary>Operands and result together.</summary>
    public const int MostOperands = 4;

    private const int MostRank = 12;

    private int rank;
    private fixed long dims[MostRank];
    private fixed long strides[MostOperands * MostRank];

    /// <summary>The walk over the operands and, last, the result; neighbouring dimensions are merged where all allow it.</summary>
    public static CudaWalk Of(string op, Tensor output, ReadOnlySpan<Tensor> inputs)
    {
        CudaWalk result = default;
        return result.IsStraight(output, inputs) ? result : Of(op, output.Shape, [.. inputs, output]);
    }

    /// <summary>The walk over operands that broadcast to a shape.</summary>
    public static CudaWalk Of(string op, Shape shape, ReadOnlySpan<Tensor> operands)
    {
        CudaWalk result = default;
        var walk = new StridedWalk(shape, operands);
        for (int d = 0; d < walk.Rank; d++) result.Append(op, walk, d, operands.Length);
        return result;
    }

    /// <summary>
    /// The walk of a copy in tiles: the dimension along which the source's elements stand side by side comes last but
    /// one, that of the target's last. There is none where that is the same one, or where tiles would be mostly empty.
    /// </summary>
    public static bool TryTiles(Tensor source, Tensor target, int side, int least, out CudaWalk result, out long tiles)
    {
        result = default;
        tiles = 0;
        if (source.IsContiguous && target.IsContiguous) return false;
        var walk = new StridedWalk(target.Shape, source, target);
        int rows = Neighbours(walk, 0), columns = Neighbours(walk, 1);
        if (rows < 0 || columns < 0 || rows == columns || Math.Min(walk.Size(rows), walk.Size(columns)) < least) return false;
        tiles = ((walk.Size(rows) + side - 1) / side) * ((walk.Size(columns) + side - 1) / side);
        for (int d = 0; d < walk.Rank; d++)
        {
            if (d == rows || d == columns) continue;
            result.Append("copy", walk, d, 2);
            tiles *= walk.Size(d);
        }
        result.Append("copy", walk, rows, 2);
        result.Append("copy", walk, columns, 2);
        return true;
    }

    // The common case, without building a walk: all run straight on, or are a single number.
    private bool IsStraight(Tensor output, ReadOnlySpan<Tensor> inputs)
    {
        long n = output.ElementCount;
        if (!output.IsContiguous) return false;
        for (int k = 0; k < inputs.Length; k++)
        {
            long count = inputs[k].ElementCount;
            if (count != 1 && !(count == n && inputs[k].IsContiguous)) return false;
            strides[k * MostRank] = count == 1 ? 0 : 1;
        }
        strides[inputs.Length * MostRank] = 1;
        dims[0] = n;
        rank = 1;
        return true;
    }

    private void Append(string op, StridedWalk walk, int dimension, int operands)
    {
        if (rank == MostRank) throw Error.Shape(op, "too many dimensions that cannot be merged", $"{walk.Rank}", $"at most {MostRank} on a CUDA device",
            "make the operands contiguous");
        dims[rank] = walk.Size(dimension);
        for (int k = 0; k < operands; k++) strides[k * MostRank + rank] = walk.Stride(k, dimension);
        rank++;
    }

    // The dimension along which an operand's elements stand side by side.
    private static int Neighbours(StridedWalk walk, int operand)
    {
        for (int d = walk.Rank - 1; d >= 0; d--)
            if (walk.Stride(operand, d) == 1) return d;
        return -1;
    }
}
