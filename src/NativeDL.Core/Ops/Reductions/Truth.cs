using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Whether all truth values over the given axes are true; over all of them when none are named. <c>Bool […] -> Bool […] without the axes</c>
    /// </summary>
    /// <param name="axes">Negative axes count from the end.</param>
    /// <param name="keepDims">Whether the axes stay with size 1.</param>
    /// <remarks>Of no elements all are true.</remarks>
    /// <exception cref="DTypeMismatchException">The elements are not truth values.</exception>
    public Tensor All(Axes axes = default, bool keepDims = false) => new TruthOp(true, axes.In("all", Shape), keepDims).Run(this);

    /// <summary>
    /// Whether any truth value over the given axes is true; over all of them when none are named. <c>Bool […] -> Bool […] without the axes</c>
    /// </summary>
    /// <param name="axes">Negative axes count from the end.</param>
    /// <param name="keepDims">Whether the axes stay with size 1.</param>
    /// <remarks>Of no elements none is true.</remarks>
    /// <exception cref="DTypeMismatchException">The elements are not truth values.</exception>
    public Tensor Any(Axes axes = default, bool keepDims = false) => new TruthOp(false, axes.In("any", Shape), keepDims).Run(this);
}

/// <summary>y = whether all, or any, over axes (normalized, rising).</summary>
internal sealed partial class TruthOp(bool all, int[] axes, bool keepDims) : ReductionOp(axes, keepDims), IOp
{
    public override string Name => all ? "all" : "any";

    protected override Saved Saves => Saved.Nothing;

    protected override void Check(Tensor x)
    {
        if (x.DType != DType.Bool)
            throw Error.DType(Name, "the operand must hold truth values", $"{x.DType} {x.Shape}", "Bool", "compare first, or convert it with Cast");
    }

    protected override void Compute<T>(Operands x, Results y)
    {
        if (x[0].ElementCount == 0) y[0].Fill(all ? 1 : 0);
        else if (all) Reduction.Run<MinReducer, T>(x[0], Axes, y[0]);
        else Reduction.Run<MaxReducer, T>(x[0], Axes, y[0]);
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        if (x[0].ElementCount == 0) y[0].Fill(all ? 1 : 0);
        else stream.Device.Reduce(Name, x[0], Axes, y[0]);
    }

    protected override Tensors Backward(BackwardCall call) => throw NoDerivative("a truth value has no derivative");

    public static OpSpec Spec => new("all", "Bool […a] -> Bool […b]", d =>
    {
        var x = d.Indices(d.Shape(0, 4), 2).Cast(DType.Bool);
        int[] axes = d.Axes(x.Rank);
        bool keep = d.Flag(), all = d.Flag();
        return new OpCase([x], t => [all ? t[0].All(axes, keep) : t[0].Any(axes, keep)],
            $"{(all ? "all" : "any")}, axes [{string.Join(", ", axes)}], keepDims {keep}");
    })
    { Differentiable = false, TwiceDifferentiable = false };
}
