using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The greatest element over the given axes; over all of them when none are named. <c>[…] -> […] without the axes</c></summary>
    /// <param name="axes">Negative axes count from the end.</param>
    /// <param name="keepDims">Whether the axes stay with size 1.</param>
    /// <remarks>A NaN is passed on. The gradient goes to the first of equal elements.</remarks>
    /// <exception cref="ShapeMismatchException">There is no element to choose from.</exception>
    public Tensor Max(Axes axes = default, bool keepDims = false) => new MaxOp(axes.In("max", Shape), keepDims).Run(this);

    /// <summary>The smallest element over the given axes; over all of them when none are named. <c>[…] -> […] without the axes</c></summary>
    /// <param name="axes">Negative axes count from the end.</param>
    /// <param name="keepDims">Whether the axes stay with size 1.</param>
    /// <remarks>A NaN is passed on. The gradient goes to the first of equal elements.</remarks>
    /// <exception cref="ShapeMismatchException">There is no element to choose from.</exception>
    public Tensor Min(Axes axes = default, bool keepDims = false) => new MinOp(axes.In("min", Shape), keepDims).Run(this);
}

/// <summary>y = max x over axes (normalized, rising).</summary>
internal sealed partial class MaxOp(int[] axes, bool keepDims) : ExtremumOp<MaxReducer>(axes, keepDims), IOp
{
    public override string Name => "max";

    protected override Op Argument(int[] axes) => new ArgMaxOp(axes, true);

    public static OpSpec Spec => ExtremumSpec("max", (x, axes, keep) => x.Max(axes, keep));
}

/// <summary>y = min x over axes (normalized, rising).</summary>
internal sealed partial class MinOp(int[] axes, bool keepDims) : ExtremumOp<MinReducer>(axes, keepDims), IOp
{
    public override string Name => "min";

    protected override Op Argument(int[] axes) => new ArgMinOp(axes, true);

    public static OpSpec Spec => ExtremumSpec("min", (x, axes, keep) => x.Min(axes, keep));
}

/// <summary>What the greatest and the smallest have in common.</summary>
internal abstract class ExtremumOp<TR>(int[] axes, bool keepDims) : ReductionOp(axes, keepDims) where TR : struct, IReducer
{
    // The gradient finds its place by looking again.
    protected override Saved Saves => Saved.Inputs;

    protected abstract Op Argument(int[] axes);

    protected override void Check(Tensor x)
    {
        if (x.DType == DType.Bool) throw Error.DType(Name, "truth values are not ordered", $"{x.DType} {x.Shape}", "numbers", "use All or Any");
        RequireElements(x);
    }

    protected override void Compute<T>(Operands x, Results y)
    {
        if (y[0].ElementCount > 0) Reduction.Run<TR, T>(x[0], Axes, y[0]);
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        if (y[0].ElementCount > 0) stream.Device.Reduce(Name, x[0], Axes, y[0]);
    }

    protected override Tensors Backward(BackwardCall call)
    {
        var places = Argument(Axes).Run(call.Input(0));
        return [new SpreadOp(Axes, call.InputShape(0)).Run(call.Gradient().Reshape(places.Shape), places)];
    }

    protected static OpSpec ExtremumSpec(string name, Func<Tensor, int[], bool, Tensor> run) => new(name, "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(0, 4), Domain.Distinct);
        int[] axes = d.Axes(x.Rank);
        bool keep = d.Flag();
        return new OpCase([x], t => [run(t[0], axes, keep)], $"axes [{string.Join(", ", axes)}], keepDims {keep}");
    });
}
