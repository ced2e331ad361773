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
internal sealed class MeanOp(int[] axes, bool keepDims) : Op, IOp
{
    public override string Name => "mean";

    public override Saved Saves => Saved.Nothing;

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var x = inputs[0];
        RequireFloating(x);
        var y = outputs[0] = Tensor.Empty(keepDims ? x.Shape.KeepOnes(axes) : x.Shape.Without(axes), x.DType, x.Device);
        Reduction.Run<SumReducer>(Name, x, axes, y);
        // A device's own kernel has divided already.
        if (x.Device.IsCpu) BinaryLoop.Run(default(DivideOp), y, x.Like(x.Shape.CountOf(axes)), y);
    }

    public override Tensor?[] Backward(in BackwardCall call)
    {
        var shape = call.InputShape(0);
        return [(call.Gradient() / shape.CountOf(axes)).Reshape(shape.KeepOnes(axes)).Expand(shape)];
    }

    public static OpSpec Spec => new("mean", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(0, 4), Domain.Positive);
        int[] axes = d.Axes(x.Rank);
        bool keep = d.Flag();
        return new OpCase([x], t => [t[0].Mean(axes, keep)], $"axes [{string.Join(", ", axes)}], keepDims {keep}");
    })
    { PlainGradient = true, ReductionLength = c => c.Elements };
}
