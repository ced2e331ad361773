using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

/// <summary>
/// y = zeros; y[a, index[a, j, b], b] = x[a, j, b], where no index comes twice in its row: the adjoint of a look-up at different places, such as
/// those of a sorted row. Nothing is added, so that any element type does.
/// </summary>
internal sealed unsafe partial class SpreadAlongAxisOp(int axis, int size) : Op, IOp
{
    public override string Name => "spread_along_axis";

    protected override OpTraits Traits => OpTraits.Moves;

    protected override void Infer(Operands x, Results y)
    {
        if (!x[0].Shape.IsCompatible(x[1].Shape))
            throw Error.Shape(Name, "there must be an index for each element", $"indices {x[1].Shape} for {x[0].Shape}", "equal shapes");
        y.Set(0, x[0].Shape.Merge(x[1].Shape).With(axis, size), x[0].DType);
    }

    protected override void Compute<T>(Operands x, Results y)
    {
        IndexList.Check(Name, x[1], size);
        y[0].Fill(0);
        if (x[0].ElementCount == 0) return;
        int count = x[0].Shape[axis];
        var (outer, inner) = IndexList.Around(axis, y[0].Shape);
        T* px = (T*)x.Pointer(0), py = (T*)y.Pointer(0);
        int* index = (int*)x.Pointer(1);
        Workers.For(outer, Math.Max(1, Workers.Grain / (count * inner)), (start, end) =>
        {
            for (long o = start; o < end; o++)
            {
                long at = o * count * inner;
                for (long j = 0; j < count; j++)
                    for (long c = 0; c < inner; c++, at++) py[(o * size + index[at]) * inner + c] = px[at];
            }
        });
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        y[0].Fill(0);
        var (outer, inner) = IndexList.Around(axis, y[0].Shape);
        stream.Device.LaunchOver(Name, x[0].DType.Bits(), x[0].ElementCount, x[0], x[1], y[0], outer, size, x[0].Shape[axis], inner);
    }

    protected override Tensors Backward(BackwardCall call) =>
        [call.Needs(0) ? new TakeAlongAxisOp(axis, distinct: true).Run(call.Gradient(), call.Input(1)) : null, null];

    public static OpSpec Spec => new("spread_along_axis", "[…a], Int32 […a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 3));
        int axis = d.Int(0, x.Rank - 1), size = x.Shape[axis] + d.Int(0, 4);
        // Places in any order, some of them left out.
        var places = d.Tensor(x.Shape.With(axis, size), Domain.Distinct).ArgSort(axis).Narrow(axis, 0, x.Shape[axis]).Clone();
        return new OpCase([x, places], t => [new SpreadAlongAxisOp(axis, size).Run(t)], $"axis {axis} of {size}");
    })
    { Flops = _ => 0 };
}
