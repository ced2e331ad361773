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
        if (depth < 1) throw Error.Input("oneHot", "the depth must be 1 or more", $"{depth}");
        return new OneHotOp(depth, dtype).Run(IndexList.Normalize("oneHot", this));
    }
}

/// <summary>y[…, j] = 1 where j is the label, else 0; no gradient flows.</summary>
internal sealed unsafe class OneHotOp(int depth, DType dtype) : LegacyOp, IOp
{
    public override string Name => "oneHot";

    protected override Saved Saves => Saved.Nothing;

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var labels = inputs[0];
        if (!labels.Device.IsCpu)
        {
            var rows = outputs[0] = Tensor.Empty([.. labels.Shape.Dimensions, depth], dtype, labels.Device);
            CudaDevice.Of(labels).LaunchOver(Name, dtype, rows.ElementCount, labels, rows, rows.ElementCount, depth);
            return;
        }
        IndexList.Check(Name, labels, depth);
        var y = Tensor.Zeros([.. labels.Shape.Dimensions, depth], DType.UInt8, labels.Device);
        using (var open = labels.Open<int>())
        using (var openY = y.Open<byte>())
        {
            for (long i = 0; i < labels.ElementCount; i++) openY.Pointer[i * depth + open.Pointer[i]] = 1;
        }
        outputs[0] = y.Cast(dtype);
    }

    protected override Tensors Backward(BackwardCall call) => throw NoDerivative("labels are whole numbers");

    public static OpSpec Spec => new("oneHot", "[…] -> […, d]", d =>
    {
        int depth = d.Size(17);
        return new OpCase([d.Indices(d.Shape(0, 2), depth)], x => [x[0].OneHot(depth, DType.Float64)], $"depth {depth}");
    })
    { Differentiable = false };
}
