namespace NativeDL;

/// <summary>How a product reads a tensor's last two dimensions: in place where their strides allow, else from a contiguous copy.</summary>
/// <param name="Tensor">The tensor or its copy.</param>
/// <param name="Transposed">Whether the product must transpose what it reads.</param>
/// <param name="Lead">From one stored row to the next.</param>
internal readonly record struct MatrixOperand(Tensor Tensor, bool Transposed, int Lead)
{
    public static MatrixOperand Of(Tensor x, bool transpose)
    {
        int rows = x.Shape[^2], columns = x.Shape[^1];
        long down = x.Strides[^2], across = x.Strides[^1];
        // The stride of a dimension of size 1 is of no account.
        if ((across == 1 || columns == 1) && Fits(down, rows, columns)) return new(x, transpose, LeadOf(down, rows, columns));
        if ((down == 1 || rows == 1) && Fits(across, columns, rows)) return new(x, !transpose, LeadOf(across, columns, rows));
        return new(x.Packed(), transpose, Math.Max(1, columns));
    }

    /// <summary>The first elements of the matrices: a view whose strides say where each matrix of a broadcast batch begins.</summary>
    public Tensor FirstElements => Tensor.View(Shape.Of(Tensor.Shape.Dimensions[..^2]), Tensor.Strides[..^2], 0);

    /// <summary>Where each matrix of the broadcast batch begins, in elements.</summary>
    public long[] Offsets(Shape batch)
    {
        var offsets = new long[batch.ElementCount];
        int extra = batch.Rank - (Tensor.Rank - 2);
        long period = batch.ElementCount;
        for (int d = 0; d < batch.Rank; d++)
        {
            period /= batch[d];
            long stride = d < extra || Tensor.Shape[d - extra] == 1 ? 0 : Tensor.Strides[d - extra];
            if (stride == 0) continue;
            for (long i = 0; i < offsets.Length; i++) offsets[i] += i / period % batch[d] * stride;
        }
        return offsets;
    }

    private static bool Fits(long stride, int count, int length) => count == 1 || (stride >= Math.Max(1, length) && stride <= int.MaxValue);

    private static int LeadOf(long stride, int count, int length) => count == 1 ? Math.Max(1, length) : (int)stride;
}
