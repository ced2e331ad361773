using System.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Matrix product of the last two dimensions; the others are a batch and broadcast. <c>[…, m, k], […, k, n] -> […, m, n]</c>
    /// </summary>
    /// <remarks>
    /// As in NumPy, a vector on the left is a row and one on the right a column, and that dimension is left out of the
    /// result: [k] · [k, n] -> [n], [m, k] · [k] -> [m], [k] · [k] -> a scalar.
    /// </remarks>
    /// <param name="b">The right operand.</param>
    /// <param name="transposeA">Whether this operand is given as […, k, m].</param>
    /// <param name="transposeB">Whether <paramref name="b"/> is given as […, n, k].</param>
    /// <exception cref="ShapeMismatchException">An operand is a scalar, the inner dimensions differ, or the batches do not broadcast.</exception>
    public Tensor MatMul(Tensor b, bool transposeA = false, bool transposeB = false)
    {
        ArgumentNullException.ThrowIfNull(b);
        if (Rank == 0 || b.Rank == 0) throw Error.Shape("matmul", "a scalar has no matrix product", $"{Shape} and {b.Shape}", "one dimension or more", "multiply with *");
        if (Rank > 1 && b.Rank > 1) return new MatMulOp(transposeA, transposeB).Run(this, b);
        var left = Rank > 1 ? this : Reshape(1, Shape[0]);
        var right = b.Rank > 1 ? b : b.Reshape(b.Shape[0], 1);
        // A vector has no transpose.
        var product = new MatMulOp(transposeA && Rank > 1, transposeB && b.Rank > 1).Run(left, right);
        var shape = product.Shape.ToList();
        if (b.Rank == 1) shape.RemoveAt(shape.Count - 1);
        if (Rank == 1) shape.RemoveAt(shape.Count - (b.Rank == 1 ? 1 : 2));
        return product.Reshape(Shape.Of([.. shape]));
    }

    /// <summary>Product of all dimensions but the last (−1 in a reshape would not do for a tensor without elements).</summary>
    internal int RowCount
    {
        get
        {
            int rows = 1;
            for (int i = 0; i < Rank - 1; i++) rows = checked(rows * Shape[i]);
            return rows;
        }
    }
}

/// <summary>y = op(a) · op(b) over the last two dimensions.</summary>
internal sealed unsafe class MatMulOp(bool transposeA, bool transposeB) : LegacyOp, IOp
{
    public override string Name => "matmul";

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Tensor a = inputs[0], b = inputs[1];
        RequireSameDType(inputs);
        RequireFloating(a);
        int m = a.Shape[transposeA ? ^1 : ^2], k = a.Shape[transposeA ? ^2 : ^1], n = b.Shape[transposeB ? ^2 : ^1];
        if (b.Shape[transposeB ? ^1 : ^2] != k)
            throw Error.Shape(Name, "the inner dimensions differ", $"{a.Shape}{(transposeA ? " transposed" : "")} and {b.Shape}{(transposeB ? " transposed" : "")}", "[…, m, k] and […, k, n]");
        var batch = Shape.Broadcast(Name, Batch(a), Batch(b));
        var y = outputs[0] = Tensor.Empty([.. batch, m, n], a.DType, a.Device);
        if (y.ElementCount == 0) return;
        var left = MatrixOperand.Of(a, transposeA);
        var right = MatrixOperand.Of(b, transposeB);
        // One right matrix for a whole batch of contiguous rows: one product.
        long rows = batch.ElementCount * m;
        if (b.ElementCount == (long)k * n && !left.Transposed && left.Tensor.IsContiguous && left.Tensor.ElementCount == rows * k && rows <= int.MaxValue)
            (batch, m) = (Shape.Scalar, (int)rows);
        if (!a.Device.IsCpu) CudaGemm.Run(left, right, batch, m, n, k, new ProductResult(y));
        else if (a.DType == DType.Float32) Multiply<float>(left, right, y, batch, m, n, k);
        else Multiply<double>(left, right, y, batch, m, n, k);
    }

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor a = call.Input(0), b = call.Input(1), dy = call.Gradient();
        // One matrix for a whole batch: the batch is as good as more rows, and its gradient one product.
        if (b.Rank == 2 && a.Rank > 2 && !transposeA)
        {
            var rows = dy.Reshape(dy.RowCount, dy.Shape[^1]);
            return [call.Needs(0) ? Left(rows, b).Reshape(a.Shape) : null, call.Needs(1) ? Right(a.Reshape(a.RowCount, a.Shape[^1]), rows) : null];
        }
        return [call.Needs(0) ? Left(dy, b) : null, call.Needs(1) ? Right(a, dy) : null];
    }

    private Tensor Left(Tensor dy, Tensor b) => transposeA ? b.MatMul(dy, transposeB, true) : dy.MatMul(b, false, !transposeB);

    private Tensor Right(Tensor a, Tensor dy) => transposeB ? dy.MatMul(a, true, transposeA) : a.MatMul(dy, !transposeA, false);

    private static Shape Batch(Tensor x) => Shape.Of(x.Shape.Dimensions[..^2]);

    private static void Multiply<T>(MatrixOperand left, MatrixOperand right, Tensor y, Shape batch, int m, int n, int k) where T : unmanaged, INumber<T>
    {
        using var openA = left.Tensor.Open<T>();
        using var openB = right.Tensor.Open<T>();
        using var openY = y.Open<T>();
        T* pa = openA.Pointer, pb = openB.Pointer, py = openY.Pointer;
        bool transA = left.Transposed, transB = right.Transposed;
        int lda = left.Lead, ldb = right.Lead;
        if (batch.ElementCount == 1)
        {
            Gemm.Run(transA, transB, m, n, k, T.One, pa, lda, pb, ldb, T.Zero, py, n);
            return;
        }
        var walkA = left.Offsets(batch);
        var walkB = right.Offsets(batch);
        var tiles = Gemm.GemmTiles.Of(m, n, k);
        int perMatrix = tiles.Count;
        long grain = perMatrix > 1 ? 1 : Math.Max(1, Gemm.SerialWork / Math.Max(1, (long)m * n * k));
        Workers.For(batch.ElementCount * perMatrix, grain, (start, end) =>
        {
            for (long task = start; task < end; task++)
            {
                (long i, long tile) = Math.DivRem(task, perMatrix);
                Gemm.Tile(tiles[(int)tile], transA, transB, k, T.One, pa + walkA[i], lda, pb + walkB[i], ldb, T.Zero, py + i * m * n, n);
            }
        });
    }

    public static OpSpec Spec => new("matmul", "[…a], […b] -> […c]", d =>
    {
        bool ta = d.Flag(), tb = d.Flag();
        int m = d.Size(9), n = d.Size(9), k = d.Size(9);
        int[] left = d.OneOf<int[]>([], [], [2], [3, 1], [1, 2]), right = d.OneOf<int[]>([], [], [2], [1, 2], [3, 2]);
        if (left is [2] or [1, 2] && right is [3, 2]) left = [1, 1];
        var a = d.Tensor(ta ? [.. left, k, m] : [.. left, m, k]);
        var b = d.Tensor(tb ? [.. right, n, k] : [.. right, k, n]);
        return new OpCase([a, b], x => [x[0].MatMul(x[1], ta, tb)], $"transposeA {ta}, transposeB {tb}");
    })
    {
        LayoutMatters = "transposed operands are read in place, and OpenBLAS sums them in another order",
        ReductionLength = c => c.Inputs[0].Shape[^1] + c.Inputs[0].Shape[^2],
        Flops = c => 2.0 * c.Inputs[0].ElementCount * c.Inputs[1].Shape[^1],
        Bytes = c => 4.0 * (c.Inputs[0].ElementCount + c.Inputs[1].ElementCount),
    };
}

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
