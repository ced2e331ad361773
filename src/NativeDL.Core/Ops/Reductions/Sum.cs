using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>Sum over the given axes; over all of them when none are named. <c>[…] -> […] without the axes</c></summary>
    /// <param name="axes">Negative axes count from the end.</param>
    /// <param name="keepDims">Whether the axes stay with size 1.</param>
    /// <returns>Of the element type; of Int32 it is Int64, in which sums of them fit.</returns>
    public Tensor Sum(Axes axes = default, bool keepDims = false) =>
        new SumOp(axes.In("sum", Shape), keepDims).Run(DType == DType.Int32 ? Cast(DType.Int64) : this);

    /// <summary>Undoes broadcasting: sums over every dimension in which <paramref name="shape"/> is smaller.</summary>
    internal Tensor SumTo(Shape shape)
    {
        if (Shape == shape) return this;
        int extra = Rank - shape.Rank;
        var axes = new List<int>();
        for (int i = 0; i < Rank; i++)
            if (i < extra || (shape[i - extra] == 1 && Shape[i] != 1)) axes.Add(i);
        var sum = axes.Count == 0 ? this : Sum(axes.ToArray(), keepDims: true);
        return sum.Reshape(shape);
    }
}

/// <summary>y = Σ x over axes (normalized, rising).</summary>
internal sealed partial class SumOp(int[] axes, bool keepDims) : ReductionOp(axes, keepDims), IOp
{
    public override string Name => "sum";

    protected override Saved Saves => Saved.Nothing;

    protected override void Check(Tensor x) => RequireNumber(x);

    protected override void Compute<T>(Operands x, Results y) => Reduction.Run<SumReducer, T>(x[0], Axes, y[0]);

    protected override void Launch(Operands x, Results y, CudaStream stream) => stream.Device.Reduce(Name, x[0], Axes, y[0]);

    protected override Tensors Backward(BackwardCall call) =>
        [call.Gradient().Reshape(call.InputShape(0).KeepOnes(Axes)).BroadcastTo(call.InputShape(0))];

    public static OpSpec Spec => new("sum", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(0, 4), Domain.Positive);
        int[] axes = d.Axes(x.Rank);
        bool keep = d.Flag();
        return new OpCase([x], t => [t[0].Sum(axes, keep)], $"axes [{string.Join(", ", axes)}], keepDims {keep}");
    })
    { ReductionLength = c => c.Elements };
}
