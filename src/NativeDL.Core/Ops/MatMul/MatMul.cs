using System.Numerics;
using NativeDL.Cuda;

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
        if (Rank == 0 || b.Rank == 0)
            throw Error.Shape("matmul", "a scalar has no matrix product", $"{Shape} and {b.Shape}", "one dimension or more", "multiply with *");
        if (Rank > 1 && b.Rank > 1) return new MatMulOp(transposeA, transposeB).Run(this, b);
        var left = Rank > 1 ? this : Reshape(1, Shape.Dimension(0));
        var right = b.Rank > 1 ? b : b.Reshape(b.Shape.Dimension(0), 1);
        // A vector has no transpose.
        var product = new MatMulOp(transposeA && Rank > 1, transposeB && b.Rank > 1).Run(left, right);
        var shape = product.Shape.ToList();
        if (b.Rank == 1) shape.RemoveAt(shape.Count - 1);
        if (Rank == 1) shape.RemoveAt(shape.Count - (b.Rank == 1 ? 1 : 2));
        return product.Reshape(Shape.Of([.. shape]));
    }
}

/// <summary>y = op(a) · op(b) over the last two dimensions.</summary>
internal sealed unsafe partial class MatMulOp(bool transposeA, bool transposeB) : Op, IOp
{
    public override string Name => "matmul";

    protected override OpTraits Traits => OpTraits.Strided;

    protected override void Infer(Operands x, Results y)
    {
        Shape a = x[0].Shape, b = x[1].Shape;
        RequireSameDType(x);
        RequireFloating(x[0]);
        var (m, n, k) = Sizes(a, b);
        if (!Shape.IsSame(k, b.Dimension(transposeB ? ^1 : ^2)))
            throw Error.Shape(Name, "the inner dimensions differ", $"{a}{(transposeA ? " transposed" : "")} and {b}{(transposeB ? " transposed" : "")}",
                "[…, m, k] and […, k, n]");
        var batch = Batch(a);
        if (!a.Dimensions[..^2].SequenceEqual(b.Dimensions[..^2])) batch = Shape.Broadcast(Name, batch, Batch(b));
        y.Set(0, [.. batch, m, n], x[0].DType);
    }

    protected override Tensor? ComputeMask(Operands x, Tensor y) => transposeA ? null : MaskRules.OfRows(x[0], y);

    protected override void Compute<T>(Operands x, Results y)
    {
        if (y[0].ElementCount == 0) return;
        var (left, right, batch, m) = Arrange(x, y[0]);
        var (_, n, k) = Sizes(x[0].Shape, x[1].Shape);
        Multiply<T>(left, right, y[0], batch, m, n, k);
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        if (y[0].ElementCount == 0) return;
        var (left, right, batch, m) = Arrange(x, y[0]);
        var (_, n, k) = Sizes(x[0].Shape, x[1].Shape);
        CudaGemm.Run(stream.Device, left, right, batch, m, n, k, new ProductResult(y[0]));
    }

    internal override bool LaunchesHalves(CudaDevice device, Operands x, Tensor y)
    {
        if (y.ElementCount == 0) return false;
        var (left, right, batch, _) = Arrange(x, y);
        var (_, n, k) = Sizes(x[0].Shape, x[1].Shape);
        return CudaTensorProduct.Takes(device, left, right, batch, n, k);
    }

    private (int M, int N, int K) Sizes(Shape a, Shape b) =>
        (a.Dimension(transposeA ? ^1 : ^2), b.Dimension(transposeB ? ^2 : ^1), a.Dimension(transposeA ? ^2 : ^1));

    // The matrices, how many there are, and the rows of each: one right matrix for a whole batch of contiguous rows is one product.
    private (MatrixOperand Left, MatrixOperand Right, Shape Batch, int M) Arrange(Operands x, Tensor y)
    {
        var left = MatrixOperand.Of(x[0], transposeA);
        var right = MatrixOperand.Of(x[1], transposeB);
        int m = y.Shape[^2], n = y.Shape[^1], k = x[0].Shape[transposeA ? ^2 : ^1];
        long rows = y.ElementCount / n;
        bool isOne = x[1].ElementCount == (long)k * n && !left.Transposed && left.Tensor.IsContiguous && left.Tensor.ElementCount == rows * k
            && rows <= int.MaxValue;
        return isOne ? (left, right, Shape.Scalar, (int)rows) : (left, right, Batch(y.Shape), m);
    }

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor a = call.Input(0), b = call.Input(1), dy = call.Gradient();
        // One matrix for a whole batch: the batch is as good as more rows, and its gradient one product.
        if (b.Rank == 2 && a.Rank > 2 && !transposeA)
        {
            var rows = dy.Reshape(dy.Shape.Rows(Name), dy.Shape[^1]);
            return [call.Needs(0) ? Left(rows, b).Reshape(a.Shape) : null, call.Needs(1) ? Right(a.Reshape(a.Shape.Rows(Name), a.Shape[^1]), rows) : null];
        }
        return [call.Needs(0) ? Left(dy, b) : null, call.Needs(1) ? Right(a, dy) : null];
    }

    private Tensor Left(Tensor dy, Tensor b) => transposeA ? b.MatMul(dy, transposeB, true) : dy.MatMul(b, false, !transposeB);

    private Tensor Right(Tensor a, Tensor dy) => transposeB ? dy.MatMul(a, true, transposeA) : a.MatMul(dy, !transposeA, false);

    private static Shape Batch(Shape x) => Shape.Of(x.Dimensions[..^2]);

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
