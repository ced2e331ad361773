using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>Product over the given axes; over all of them when none are named. <c>[…] -> […] without the axes</c></summary>
    /// <param name="axes">Negative axes count from the end.</param>
    /// <param name="keepDims">Whether the axes stay with size 1.</param>
    /// <returns>Of the element type; of Int32 it is Int64, in which whole numbers wrap. The product of no elements is 1.</returns>
    /// <remarks>The gradient is exact where elements are 0: each is the product of the others, and nothing is divided.</remarks>
    public Tensor Prod(Axes axes = default, bool keepDims = false) =>
        new ProdOp(axes.In("prod", Shape), keepDims).Run(DType == DType.Int32 ? Cast(DType.Int64) : this);
}

/// <summary>y = Π x over axes (normalized, rising).</summary>
internal sealed partial class ProdOp(int[] axes, bool keepDims) : ReductionOp(axes, keepDims), IOp
{
    public override string Name => "prod";

    protected override void Check(Tensor x) => RequireNumber(x);

    protected override void Compute<T>(Operands x, Results y) => Reduction.Run<ProductReducer, T>(x[0], Axes, y[0]);

    // The first half times the second until one is left: as much to read as by a kernel of its own, in a few launches more.
    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        var (source, outer, length, inner) = Reduction.Arrange(x[0], Axes);
        if (length == 0)
        {
            y[0].Fill(1);
            return;
        }
        Shape Of(long n) => [checked((int)outer), checked((int)n), checked((int)inner)];
        Tensor Part(Tensor t, long n, long first, long count) => t.View(Of(count), [n * inner, inner, 1], first * inner);
        var left = source;
        while (length > 1)
        {
            long half = length / 2, next = length - half;
            var to = Tensor.Empty(Of(next), left.DType, left.Device);
            stream.Device.Elementwise("multiply", [Part(left, length, 0, half), Part(left, length, next, half)], Part(to, next, 0, half), []);
            if (next > half) Tensor.CopyInto(Part(left, length, half, 1), Part(to, next, half, 1));
            if (!ReferenceEquals(left, source)) left.Free();
            (left, length) = (to, next);
        }
        Tensor.CopyInto(left.View(y[0].Shape, y[0].Shape.Strides, 0), y[0]);
    }

    // Of each element the product of those before it times that of those behind it.
    protected override Tensors Backward(BackwardCall call)
    {
        var x = call.Input(0);
        int[] order = [.. Enumerable.Range(0, x.Rank).Except(Axes), .. Axes], back = new int[order.Length];
        for (int i = 0; i < order.Length; i++) back[order[i]] = i;
        var last = x.Permute(order);
        var rows = last.Reshape([.. last.Shape.Dimensions[..^Axes.Length], checked((int)x.Shape.CountOf(Axes))]);
        var others = rows.CumProd().Delayed(1) * rows.Flip(-1).CumProd().Delayed(1).Flip(-1);
        return [call.Gradient().Reshape(x.Shape.KeepOnes(Axes)) * others.Reshape(last.Shape).Permute(back)];
    }

    public static OpSpec Spec => new("prod", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(0, 4), new Domain(0.8, 1.25));
        if (d.Flag()) x *= (d.Tensor(x.Shape) > -2.8).Cast(DType.Float64);
        int[] axes = d.Axes(x.Rank);
        bool keep = d.Flag();
        return new OpCase([x], t => [t[0].Prod(axes, keep)], Words(axes, keep));
    })
    { ReductionLength = c => c.Elements * (double)c.Elements };
}
