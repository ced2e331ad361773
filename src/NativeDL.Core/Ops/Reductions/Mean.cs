using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>Mean over the given axes; over all of them when none are named. <c>[…] -> […] without the axes</c></summary>
    /// <param name="axes">Negative axes count from the end.</param>
    /// <param name="keepDims">Whether the axes stay with size 1.</param>
    /// <remarks>The mean of no elements is NaN.</remarks>
    public Tensor Mean(Axes axes = default, bool keepDims = false) => new MeanOp(axes.In("mean", Shape), keepDims).Run(this);
}

/// <summary>y = Σ x / n over axes (normalized, rising).</summary>
internal sealed partial class MeanOp(int[] axes, bool keepDims) : ReductionOp(axes, keepDims), IOp
{
    public override string Name => "mean";

    protected override Saved Saves => Saved.Nothing;

    protected override void Check(Tensor x) => RequireFloating(x);

    protected override void Compute<T>(Operands x, Results y)
    {
        Reduction.Run<SumReducer, T>(x[0], Axes, y[0]);
        Reduction.Divide<T>(y[0], x[0].Shape.CountOf(Axes));
    }

    // The kernel divides by the count.
    protected override void Launch(Operands x, Results y, CudaStream stream) => stream.Device.Reduce(Name, x[0], Axes, y[0]);

    protected override Tensors Backward(BackwardCall call)
    {
        var shape = call.InputShape(0);
        return [(call.Gradient() / shape.CountOf(Axes)).Reshape(shape.KeepOnes(Axes)).BroadcastTo(shape)];
    }

    public static OpSpec Spec => new("mean", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(0, 4), Domain.Positive);
        int[] axes = d.Axes(x.Rank);
        bool keep = d.Flag();
        return new OpCase([x], t => [t[0].Mean(axes, keep)], $"axes [{string.Join(", ", axes)}], keepDims {keep}");
    })
    { ReductionLength = c => c.Elements };
}
