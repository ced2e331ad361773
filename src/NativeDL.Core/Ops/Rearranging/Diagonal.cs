using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The diagonals of the matrices that two axes span, at the end: a view. <c>[m, n, …] -> […, k]</c></summary>
    /// <param name="offset">Which diagonal: above the main one where positive, below where negative.</param>
    /// <param name="axis1">The axis of the rows.</param>
    /// <param name="axis2">The axis of the columns.</param>
    /// <exception cref="ShapeMismatchException">The two axes are one, or one of them does not exist.</exception>
    public Tensor Diagonal(int offset = 0, int axis1 = 0, int axis2 = 1)
    {
        int rows = Shape.Axis("diagonal", axis1), columns = Shape.Axis("diagonal", axis2);
        if (rows == columns) throw Error.Shape("diagonal", "two different axes span matrices", $"axes {axis1} and {axis2} of shape {Shape}");
        return new DiagonalOp(offset, rows, columns).Run(this);
    }

    /// <summary>The sum of the diagonal of the matrices that two axes span. <c>[m, n, …] -> […]</c></summary>
    /// <inheritdoc cref="Diagonal(int, int, int)"/>
    public Tensor Trace(int offset = 0, int axis1 = 0, int axis2 = 1) => Diagonal(offset, axis1, axis2).Sum(-1);

    /// <summary>
    /// A matrix with a vector on its diagonal and zeros elsewhere, or of a matrix the diagonal. <c>[n] -> [n + |offset|, n + |offset|]</c>, <c>[m, n] ->
    /// [k]</c>
    /// </summary>
    /// <param name="offset">Which diagonal: above the main one where positive, below where negative.</param>
    /// <exception cref="ShapeMismatchException">The tensor is neither a vector nor a matrix.</exception>
    public Tensor Diag(int offset = 0)
    {
        if (Rank == 2) return Diagonal(offset);
        if (Rank != 1) throw Error.Shape("diag", "there is no diagonal", $"{Shape}", "[n] or [m, n]", "Diagonal takes those of many matrices");
        int size = NativeDL.Shape.Dimension("diag", Shape[0] + Math.Abs((long)offset));
        return new DiagonalEmbedOp(offset, 0, 1, [size, size]).Run(this);
    }
}

/// <summary>y[…, i] = x[…, i, …, i + offset, …], or of an offset below 0 x[…, i − offset, …, i, …].</summary>
internal sealed partial class DiagonalOp(int offset, int axis1, int axis2) : ViewOp, IOp
{
    public override string Name => "diagonal";

    protected override Shape ShapeOf(Tensor x) => Of(x.Shape);

    private Shape Of(Shape shape)
    {
        long rows = shape.Dimension(axis1), columns = shape.Dimension(axis2);
        int length = rows == Shape.None || columns == Shape.None ? Shape.None
            : (int)Math.Max(0, Math.Min(rows + Math.Min(0, offset), columns - Math.Max(0, offset)));
        return [.. shape.Without([axis1, axis2]).Dimensions, length];
    }

    protected override Tensor View(Tensor x, Shape shape) => Along(x, shape);

    internal Tensor Along(Tensor x) => Along(x, Of(x.Shape));

    // The diagonals in the memory of the matrices.
    private Tensor Along(Tensor x, Shape shape)
    {
        long[] strides = [.. Enumerable.Range(0, x.Rank).Where(i => i != axis1 && i != axis2).Select(i => x.Strides[i]), x.Strides[axis1] + x.Strides[axis2]];
        return x.View(shape, strides, shape.IsEmpty ? 0 : offset >= 0 ? offset * x.Strides[axis2] : -(long)offset * x.Strides[axis1]);
    }

    protected override Tensor? ComputeMask(Operands x, Tensor y) => null;

    protected override Tensors Backward(BackwardCall call) => [new DiagonalEmbedOp(offset, axis1, axis2, call.InputShape(0)).Run(call.Gradient())];

    public static OpSpec Spec => new("diagonal", "[…a] -> […b]", d =>
    {
        var (shape, offset, axis1, axis2) = Draw(d);
        return new OpCase([d.Tensor(shape)], x => [x[0].Diagonal(offset, axis1, axis2)], $"offset {offset}, axes {axis1} and {axis2}");
    })
    { Flops = _ => 0 };

    internal static (Shape Shape, int Offset, int Axis1, int Axis2) Draw(Draw d)
    {
        var shape = d.Shape(2, 4);
        int first = d.Axis(shape.Rank), second = d.Int(0, shape.Rank - 2);
        if (second >= (first < 0 ? first + shape.Rank : first)) second++;
        // One element at least.
        int offset = d.Int(0, shape[second] + shape[first] - 2) - (shape[first] - 1);
        return (shape, offset, first, second);
    }
}

/// <summary>y = zeros of a shape, but on the diagonals x: the adjoint of <see cref="DiagonalOp"/>.</summary>
internal sealed partial class DiagonalEmbedOp(int offset, int axis1, int axis2, Shape shape) : Op, IOp
{
    public override string Name => "diagonal_embed";

    protected override Saved Saves => Saved.Nothing;

    protected override OpTraits Traits => OpTraits.Strided | OpTraits.Moves;

    protected override void Infer(Operands x, Results y) => y.Set(0, shape, x[0].DType);

    protected override void Compute<T>(Operands x, Results y) => Place(x[0], y[0]);

    protected override void Launch(Operands x, Results y, CudaStream stream) => Place(x[0], y[0]);

    private void Place(Tensor x, Tensor y)
    {
        y.Fill(0);
        if (x.ElementCount > 0) Tensor.CopyInto(x, new DiagonalOp(offset, axis1, axis2).Along(y));
    }

    protected override Tensor? ComputeMask(Operands x, Tensor y) => null;

    protected override Tensors Backward(BackwardCall call) => [new DiagonalOp(offset, axis1, axis2).Run(call.Gradient())];

    public static OpSpec Spec => new("diagonal_embed", "[…b] -> […a]", d =>
    {
        var (shape, offset, first, second) = DiagonalOp.Draw(d);
        int axis1 = shape.Axis("diagonal", first), axis2 = shape.Axis("diagonal", second);
        var x = d.Tensor(Tensor.Symbolic(shape, DType.Float64).Diagonal(offset, axis1, axis2).Shape);
        return new OpCase([x], t => [new DiagonalEmbedOp(offset, axis1, axis2, shape).Run(t[0])], $"offset {offset}, axes {axis1} and {axis2} of {shape}");
    })
    { Flops = _ => 0 };
}

internal abstract class DiagSpec : IOp
{
    public static OpSpec Spec => new("diag", "[n] -> [m, m]", d =>
    {
        int offset = d.Int(0, 6) - 3;
        return new OpCase([d.Tensor([d.Size(17)])], x => [x[0].Diag(offset)], $"offset {offset}");
    })
    { Flops = _ => 0 };
}

internal abstract class TraceSpec : IOp
{
    public static OpSpec Spec => new("trace", "[…a] -> […b]", d =>
    {
        var (shape, offset, axis1, axis2) = DiagonalOp.Draw(d);
        return new OpCase([d.Tensor(shape)], x => [x[0].Trace(offset, axis1, axis2)], $"offset {offset}, axes {axis1} and {axis2}");
    })
    { ReductionLength = c => c.Elements };
}
