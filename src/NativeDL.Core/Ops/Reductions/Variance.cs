using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Variance over the given axes, Σ (x − mean)² / (n − correction); over all of them when none are named. <c>[…] -> […] without the axes</c>
    /// </summary>
    /// <param name="axes">Negative axes count from the end.</param>
    /// <param name="keepDims">Whether the axes stay with size 1.</param>
    /// <param name="correction">0 divides by n; 1 gives the unbiased estimate from a sample. Where n − correction is 0 the result is NaN.</param>
    public Tensor Var(Axes axes = default, bool keepDims = false, int correction = 0) =>
        new VarianceOp(axes.In("var", Shape), keepDims, correction, root: false).Run(this);

    /// <summary>Root of the variance over the given axes; over all of them when none are named. <c>[…] -> […] without the axes</c></summary>
    /// <inheritdoc cref="Var(Axes, bool, int)" path="/param"/>
    /// <remarks>Where all elements are equal the gradient is 0.</remarks>
    public Tensor Std(Axes axes = default, bool keepDims = false, int correction = 0) =>
        new VarianceOp(axes.In("std", Shape), keepDims, correction, root: true).Run(this);

    /// <summary>The long name of <see cref="Var(Axes, bool, int)"/>.</summary>
    /// <inheritdoc cref="Var(Axes, bool, int)"/>
    public Tensor Variance(Axes axes = default, bool keepDims = false, int correction = 0) => Var(axes, keepDims, correction);

    /// <summary>The long name of <see cref="Std(Axes, bool, int)"/>.</summary>
    /// <inheritdoc cref="Std(Axes, bool, int)"/>
    public Tensor StandardDeviation(Axes axes = default, bool keepDims = false, int correction = 0) => Std(axes, keepDims, correction);
}

/// <summary>y = Σ (x − mean)² / (n − correction) over axes (normalized, rising), or its root.</summary>
internal sealed partial class VarianceOp(int[] axes, bool keepDims, int correction, bool root) : ReductionOp(axes, keepDims), IOp
{
    public override string Name => root ? "std" : "var";

    protected override Saved Saves => root ? Saved.Both : Saved.Inputs;

    protected override void Check(Tensor x) => RequireFloating(x);

    // Two passes: the distances from the mean lose nothing to cancellation.
    protected override void Compute<T>(Operands x, Results y)
    {
        var mean = Tensor.Empty(y[0].Shape, y[0].DType, y[0].Device);
        Reduction.Run<SumReducer, T>(x[0], Axes, mean);
        Reduction.Divide<T>(mean, x[0].Shape.CountOf(Axes));
        if (root) RootOfSquares.Run<T>(x[0], Axes, mean, Divisor(x[0].Shape), y[0]);
        else
        {
            Reduction.RunMapped<SquaredDifference, T>(x[0], Axes, mean, y[0]);
            Reduction.Divide<T>(y[0], Divisor(x[0].Shape));
        }
        mean.Free();
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        var groups = Reduction.Arrange(x[0], Axes);
        var mean = Tensor.Empty(y[0].Shape, y[0].DType, y[0].Device);
        stream.Device.Reduce("mean", groups, mean, null, groups.Length);
        stream.Device.Reduce(Name, groups, y[0], mean, Divisor(x[0].Shape));
        mean.Free();
    }

    protected override Tensors Backward(BackwardCall call)
    {
        var x = call.Input(0);
        var kept = x.Shape.KeepOnes(Axes);
        var dy = call.Gradient().Reshape(kept);
        var slope = root ? Tensor.DivideNoNan(dy, call.Output().Reshape(kept)) : dy * 2;
        return [(x - x.Mean(Axes, keepDims: true)) * (slope / Divisor(x.Shape))];
    }

    // Fewer elements than the correction leave nothing to divide by either.
    private double Divisor(Shape shape) => Math.Max(0, shape.CountOf(Axes) - correction);

    public static OpSpec Spec => new("var", "[…a] -> […b]", d =>
    {
        // Two elements or more, unevenly spread, keep the root away from 0.
        var x = d.Tensor([.. d.Shape(0, 3), d.Int(2, 9)], Domain.Distinct);
        int[] axes = d.Axes(x.Rank - 1);
        if (d.Flag() || axes.Length == 0) axes = [.. axes, -1];
        if (d.Flag()) axes = [.. axes.Where(a => a != -1), x.Rank - 1];
        if (!axes.Contains(-1) && !axes.Contains(x.Rank - 1)) axes = [.. axes, -1];
        bool keep = d.Flag(), root = d.Flag();
        int correction = d.Int(0, 1);
        return new OpCase([x], t => [root ? t[0].Std(axes, keep, correction) : t[0].Var(axes, keep, correction)],
            $"axes [{string.Join(", ", axes)}], keepDims {keep}, correction {correction}{(root ? ", root" : "")}");
    })
    { ReductionLength = c => c.Elements, Flops = c => 4.0 * c.Elements };
}
