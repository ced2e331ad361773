using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// The elements that <paramref name="indices"/> name along an axis, each in its own row: y[…, j, …] = x[…, index[…, j, …], …].
    /// <c>[…a, n, …b], […a, k, …b] -> […a, k, …b]</c>; axes other than the named one broadcast.
    /// </summary>
    /// <param name="indices">Int32 or Int64 with as many axes as this tensor, from 0 to n − 1. Negative ones are refused.</param>
    /// <param name="axis">The axis that is looked up in.</param>
    /// <remarks>
    /// One value of each row is taken by <c>q.TakeAlongAxis(actions.ExpandDims(-1)).Squeeze(-1)</c>: <c>[b, n], [b] -> [b]</c>.
    /// PyTorch calls it gather; what <see cref="Gather(Tensor, int)"/> takes are whole slices, the same for all rows. On CUDA the element of an
    /// index that is out of range is NaN (0 for whole numbers).
    /// </remarks>
    /// <exception cref="ShapeMismatchException">The numbers of axes differ, or the shapes do not broadcast.</exception>
    /// <exception cref="InvalidInputException">An index is out of range; the first is named (on the CPU).</exception>
    public Tensor TakeAlongAxis(Tensor indices, int axis = -1)
    {
        const string name = "take_along_axis";
        ArgumentNullException.ThrowIfNull(indices);
        axis = Shape.Axis(name, axis);
        if (indices.Rank != Rank)
            throw Error.Shape(name, "indices need as many axes as the tensor", $"indices {indices.Shape} for {Shape}", $"{Rank} axes",
                indices.Rank == Rank - 1 ? $"indices.ExpandDims({axis}) takes one element of each row" : null);
        indices = IndexList.Normalize(name, indices);
        var rows = Shape.Broadcast(name, Shape.With(axis, 1), indices.Shape.With(axis, 1));
        return new TakeAlongAxisOp(axis)
            .Run(BroadcastTo(rows.With(axis, Shape.Dimension(axis))), indices.BroadcastTo(rows.With(axis, indices.Shape.Dimension(axis))));
    }
}

/// <summary>y[a, j, b] = x[a, index[a, j, b], b]. Of distinct indices, none of which comes twice in its row, the adjoint need not add.</summary>
internal sealed unsafe partial class TakeAlongAxisOp(int axis, bool distinct = false) : Op, IOp
{
    public override string Name => "take_along_axis";

    protected override OpTraits Traits => OpTraits.Moves;

    protected override void Infer(Operands x, Results y)
    {
        var shape = x[0].Shape.With(axis, x[1].Shape.Dimension(axis));
        if (!shape.IsCompatible(x[1].Shape))
            throw Error.Shape(Name, "the indices are not those of these rows", $"indices {x[1].Shape} for {x[0].Shape}", $"{shape}");
        y.Set(0, shape.Merge(x[1].Shape), x[0].DType);
    }

    protected override Tensor? ComputeMask(Operands x, Tensor y) => x[0].Mask is { } mask && axis < mask.Rank ? null : base.ComputeMask(x, y);

    protected override void Compute<T>(Operands x, Results y)
    {
        int size = x[0].Shape[axis], count = x[1].Shape[axis];
        IndexList.Check(Name, x[1], size);
        if (y[0].ElementCount == 0) return;
        var (outer, inner) = IndexList.Around(axis, x[0].Shape);
        using var openX = x[0].Open<T>();
        using var openI = x[1].Open<int>();
        using var openY = y[0].Open<T>();
        T* px = openX.Pointer, py = openY.Pointer;
        int* index = openI.Pointer;
        Workers.For(outer * count, Math.Max(1, Workers.Grain / inner), (start, end) =>
        {
            for (long r = start; r < end; r++)
            {
                var from = px + r / count * size * inner;
                for (long c = 0; c < inner; c++) py[r * inner + c] = from[index[r * inner + c] * inner + c];
            }
        });
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        var (outer, inner) = IndexList.Around(axis, x[0].Shape);
        stream.Device.LaunchOver(Name, x[0].DType, y[0].ElementCount, x[0], x[1], y[0], outer, x[0].Shape[axis], x[1].Shape[axis], inner);
    }

    protected override Tensors Backward(BackwardCall call)
    {
        int size = call.InputShape(0)[axis];
        return [(distinct ? new SpreadAlongAxisOp(axis, size) : (Op)new AddAlongAxisOp(axis, size)).Run(call.Gradient(), call.Input(1)), null];
    }

    public static OpSpec Spec => new("take_along_axis", "[…a], [i…] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 3));
        int axis = d.Axis(x.Rank), at = axis < 0 ? axis + x.Rank : axis;
        var indices = d.Indices(x.Shape.With(at, d.Int(0, 9)), x.Shape[at]);
        return new OpCase([x, indices], t => [t[0].TakeAlongAxis(t[1], axis)], $"axis {axis}");
    })
    { Flops = _ => 0 };
}

/// <summary>y = zeros; y[a, index[a, j, b], b] += x[a, j, b], in the order of j.</summary>
internal sealed unsafe partial class AddAlongAxisOp(int axis, int size) : Op, IOp
{
    private const int Few = 64;   // indices of a row that each result looks through on a card

    public override string Name => "add_along_axis";

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        if (!x[0].Shape.IsCompatible(x[1].Shape))
            throw Error.Shape(Name, "there must be an index for each element", $"indices {x[1].Shape} for {x[0].Shape}", "equal shapes");
        y.Set(0, x[0].Shape.Merge(x[1].Shape).With(axis, size), x[0].DType);
    }

    protected override void Compute<T>(Operands x, Results y)
    {
        IndexList.Check(Name, x[1], size);
        y[0].Fill(0);
        if (x[0].ElementCount > 0) Sum<T>(x[0], x[1], y[0]);
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        int count = x[0].Shape[axis];
        var (outer, inner) = IndexList.Around(axis, y[0].Shape);
        bool few = count <= Few;
        if (!few) y[0].Fill(0);
        stream.Device.LaunchOver(Name, x[0].DType, few ? y[0].ElementCount : outer * inner, x[0], x[1], y[0], outer, size, count, inner, few ? 1 : 0);
    }

    protected override Tensors Backward(BackwardCall call) => [call.Gradient().TakeAlongAxis(call.Input(1), axis), null];

    // A column has one writer, which adds in the order of its indices.
    private void Sum<T>(Tensor x, Tensor indices, Tensor y) where T : unmanaged, INumber<T>
    {
        int count = x.Shape[axis];
        var (outer, inner) = IndexList.Around(axis, y.Shape);
        using var openX = x.Open<T>();
        using var openI = indices.Open<int>();
        using var openY = y.Open<T>();
        T* px = openX.Pointer, py = openY.Pointer;
        int* index = openI.Pointer;
        Workers.For(outer * inner, Math.Max(1, Workers.Grain / count), (start, end) =>
        {
            for (long column = start; column < end; column++)
            {
                (long o, long c) = Math.DivRem(column, inner);
                for (long j = 0, at = o * count * inner + c; j < count; j++, at += inner) py[(o * size + index[at]) * inner + c] += px[at];
            }
        });
    }

    public static OpSpec Spec => new("add_along_axis", "[…a], […a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 3));
        int axis = d.Int(0, x.Rank - 1), size = d.Size(9);
        return new OpCase([x, d.Indices(x.Shape, size)], t => [new AddAlongAxisOp(axis, size).Run(t[0], t[1])], $"axis {axis} of {size}");
    })
    { ReductionLength = c => c.Elements };
}
