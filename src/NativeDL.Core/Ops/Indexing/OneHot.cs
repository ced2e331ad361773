using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>Rows with a one at each label's place and zeros elsewhere: <c>[…] -> […, depth]</c>.</summary>
    /// <param name="depth">Number of classes.</param>
    /// <param name="dtype">Element type of the rows.</param>
    /// <remarks>On CUDA the row of a label that is out of range is NaN (0 for whole numbers).</remarks>
    /// <exception cref="InvalidInputException">A label is not from 0 to depth − 1; the first is named (on the CPU).</exception>
    public Tensor OneHot(int depth, DType dtype = DType.Float32)
    {
        if (depth < 1) throw Error.Input("one_hot", "the depth must be 1 or more", $"{depth}");
        return new OneHotOp(depth, dtype).Run(IndexList.Normalize("one_hot", this));
    }
}

/// <summary>y[…, j] = 1 where j is the label, else 0; no gradient flows.</summary>
internal sealed unsafe partial class OneHotOp(int depth, DType dtype) : Op, IOp
{
    public override string Name => "one_hot";

    protected override Saved Saves => Saved.Nothing;

    protected override void Infer(Operands x, Results y) => y.Set(0, [.. x[0].Shape.Dimensions, depth], dtype);

    protected override OpTraits Traits => OpTraits.ChoosesType;

    protected override DType ComputeType(Operands x, Results y) => y[0].DType;

    protected override Tensor? ComputeMask(Operands x, Tensor y) => x[0].Mask;

    protected override void Compute<T>(Operands x, Results y)
    {
        IndexList.Check(Name, x[0], depth);
        y[0].Fill(0);
        using var open = x[0].Open<int>();
        using var openY = y[0].Open<T>();
        for (long i = 0; i < x[0].ElementCount; i++) openY.Pointer[i * depth + open.Pointer[i]] = T.One;
    }

    protected override void Launch(Operands x, Results y, CudaStream stream) =>
        stream.Device.LaunchOver(Name, y[0].DType, y[0].ElementCount, x[0], y[0], y[0].ElementCount, depth);

    protected override Tensors Backward(BackwardCall call) => throw NoDerivative("labels are whole numbers");

    public static OpSpec Spec => new("one_hot", "[…] -> […, d]", d =>
    {
        int depth = d.Size(17);
        return new OpCase([d.Indices(d.Shape(0, 2), depth)], x => [x[0].OneHot(depth, DType.Float64)], $"depth {depth}");
    })
    { Differentiable = false };
}
