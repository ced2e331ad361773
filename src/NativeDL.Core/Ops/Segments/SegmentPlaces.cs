using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

/// <summary>
/// y[s, …] = the first row i with id[i] = s at which x[i, …] is greatest, or smallest; −1 for a segment without rows.
/// <c>[k, …], Int32 [k] -> Int32 [n, …]</c>
/// </summary>
internal sealed unsafe partial class SegmentPlacesOp(int size, bool least) : Op, IOp
{
    public override string Name => "segment_places";

    protected override Saved Saves => Saved.Nothing;

    protected override void Infer(Operands x, Results y) => y.Set(0, x[0].Shape.With(0, size), DType.Int32);

    protected override void Compute<T>(Operands x, Results y)
    {
        IndexList.Check(Name, x[1], size);
        long columns = y[0].ElementCount / Math.Max(1, size), count = x[1].ElementCount;
        var px = (T*)x.Pointer(0);
        int* ids = (int*)x.Pointer(1), places = (int*)y.Pointer(0);
        // A column of all segments has one writer, which takes the rows in their order.
        Workers.For(columns, Math.Max(1, Workers.Grain / Math.Max(1, count)), (start, end) =>
        {
            for (long s = 0; s < size; s++) new Span<int>(places + s * columns + start, (int)(end - start)).Fill(-1);
            for (long i = 0; i < count; i++)
            {
                var best = places + ids[i] * columns;
                for (long c = start; c < end; c++)
                    if (best[c] < 0 || OrderKey.Beats(px[i * columns + c], px[best[c] * columns + c], least)) best[c] = (int)i;
            }
        });
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        var device = stream.Device;
        y[0].Fill(-1);
        if (x[0].ElementCount == 0 || size == 0) return;
        long columns = y[0].ElementCount / size, count = x[1].ElementCount;
        Tensor keys = OrderKey.Extreme(device, x[0], least), best = Tensor.Empty(y[0].Shape, DType.Int64, device);
        best.Fill(0);
        device.LaunchOver("segment_best", DType.Int64, x[0].ElementCount, keys, x[1], best, count, size, columns);
        device.LaunchOver("segment_place", DType.Int32, x[0].ElementCount, keys, x[1], best, y[0], count, size, columns);
        keys.Free();
        best.Free();
    }

    protected override Tensors Backward(BackwardCall call) => throw NoDerivative("a place is a whole number and has no derivative");

    public static OpSpec Spec => new("segment_places", "[k, …], Int32 [k] -> Int32 [n, …]", d =>
    {
        var x = OrderDraw.Tensor(d, d.Shape(1, 3));
        int size = d.Size(9);
        bool least = d.Flag();
        return new OpCase([x, d.Indices([x.Shape[0]], size)], t => [new SegmentPlacesOp(size, least).Run(t)], $"{size} segments, least {least}");
    })
    { Differentiable = false, TwiceDifferentiable = false };
}
