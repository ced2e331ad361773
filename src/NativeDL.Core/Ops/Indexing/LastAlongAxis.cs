using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

/// <summary>y[a, t, b] = the last j with index[a, j, b] = t, or −1 where there is none: who writes last where several write.</summary>
internal sealed unsafe partial class LastAlongAxisOp(int axis, int size) : Op, IOp
{
    public override string Name => "last_along_axis";

    protected override Saved Saves => Saved.Nothing;

    protected override void Infer(Operands x, Results y) => y.Set(0, x[0].Shape.With(axis, size), DType.Int32);

    protected override void Compute<T>(Operands x, Results y)
    {
        IndexList.Check(Name, x[0], size);
        y[0].Fill(-1);
        if (x[0].ElementCount == 0) return;
        long count = x[0].Shape[axis];
        var (outer, inner) = IndexList.Around(axis, y[0].Shape);
        int* index = (int*)x.Pointer(0), to = (int*)y.Pointer(0);
        Workers.For(outer, Math.Max(1, Workers.Grain / (count * inner)), (start, end) =>
        {
            for (long o = start; o < end; o++)
            {
                long at = o * count * inner;
                for (int j = 0; j < count; j++)
                    for (long c = 0; c < inner; c++, at++) to[(o * size + index[at]) * inner + c] = j;
            }
        });
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        y[0].Fill(-1);
        var (outer, inner) = IndexList.Around(axis, y[0].Shape);
        stream.Device.LaunchOver(Name, DType.Int32, x[0].ElementCount, x[0], y[0], outer, size, x[0].Shape[axis], inner);
    }

    protected override Tensors Backward(BackwardCall call) => throw NoDerivative("a place is a whole number and has no derivative");

    public static OpSpec Spec => new("last_along_axis", "Int32 […a] -> Int32 […b]", d =>
    {
        var shape = d.Shape(1, 3);
        int axis = d.Int(0, shape.Rank - 1), size = d.Size(9);
        return new OpCase([d.Indices(shape, size)], x => [new LastAlongAxisOp(axis, size).Run(x)], $"axis {axis} of {size}");
    })
    { Differentiable = false, TwiceDifferentiable = false };
}
