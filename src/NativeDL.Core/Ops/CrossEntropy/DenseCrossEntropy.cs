using NativeDL.Cuda;

namespace NativeDL;

/// <summary>loss = Σ t·(L − x) with L = log Σ e^x; the second result is L, kept for the gradient. <c>[…, k], […, k] -> […], […]</c></summary>
internal sealed class DenseCrossEntropyOp : LegacyOp, IOp
{
    public static readonly DenseCrossEntropyOp Instance = new();

    public override string Name => "softmaxCrossEntropyDense";

    protected override Saved Saves => Saved.Both;

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Tensor x = inputs[0], t = inputs[1];
        RequireSameDType(inputs);
        RequireFloating(x);
        if (x.Rank == 0 || x.Shape != t.Shape)
            throw Error.Shape(Name, "floating-point labels give a weight for each logit", $"logits {x.Shape} and labels {t.Shape}", "logits […, k] and labels […, k]",
                t.Rank == x.Rank - 1 ? "convert class numbers to Int32 with Cast" : null);
        var rows = x.Shape.Without([x.Rank - 1]);
        var loss = outputs[0] = Tensor.Empty(rows, x.DType, x.Device);
        var logSum = outputs[1] = Tensor.Empty(rows, x.DType, x.Device);
        if (!x.Device.IsCpu) CudaDevice.Of(x).LaunchHeldRows(Name, x.DType, loss.ElementCount, x.Shape[^1], x.Packed(), t.Packed(), loss, logSum);
        else if (x.DType == DType.Float32) CrossEntropyKernels.Dense<float>(x.Packed(), t.Packed(), loss, logSum);
        else CrossEntropyKernels.Dense<double>(x.Packed(), t.Packed(), loss, logSum);
    }

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor x = call.Input(0), t = call.Input(1), logSum = call.Output(1);
        var dx = call.Needs(0) && call.HasGradient(0) ? DenseCrossEntropyGradientOp.Instance.Run(x, logSum, t, call.Gradient(0)) : null;
        return
        [
            call.Needs(0) ? AddLogSum(call, dx, x, logSum) : null,
            call.Needs(1) && call.HasGradient(0) ? call.Gradient(0).ExpandDims(-1) * (logSum.ExpandDims(-1) - x) : null,
        ];
    }

    /// <summary>Adds what flows back through the second result, which only derivatives of the gradient use.</summary>
    internal static Tensor? AddLogSum(in BackwardCall call, Tensor? dx, Tensor x, Tensor logSum)
    {
        if (!call.HasGradient(1)) return dx;
        var through = call.Gradient(1).ExpandDims(-1) * Tensor.ExpDifference(x, logSum.ExpandDims(-1));
        return dx is null ? through : dx + through;
    }

    public static OpSpec Spec => new("softmaxCrossEntropyDense", "[…, k], […, k] -> […]", d =>
    {
        Shape shape = [.. d.Shape(0, 2), d.Int(2, 12)];
        double s = d.OneOf(0.0, 0.1);
        return new OpCase([d.Tensor(shape), d.Tensor(shape, Domain.Unit)], t => [t[0].SoftmaxCrossentropy(t[1], s)], $"smoothing {s}");
    })
    { ReductionLength = c => c.Inputs[0].Shape[^1], Flops = c => 22.0 * c.Elements, Bytes = c => 8.0 * c.Elements };
}

/// <summary>dx = dy · (e^(x − L)·Σt − t). <c>[…, k], […], […, k], […] -> […, k]</c></summary>
internal sealed class DenseCrossEntropyGradientOp : LegacyOp, IOp
{
    public static readonly DenseCrossEntropyGradientOp Instance = new();

    public override string Name => "softmaxCrossEntropyDenseGradient";

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var x = inputs[0];
        var dx = outputs[0] = Tensor.Empty(x.Shape, x.DType, x.Device);
        if (!x.Device.IsCpu)
            CudaDevice.Of(x).LaunchHeldRows(Name, x.DType, inputs[1].ElementCount, x.Shape[^1], x.Packed(), inputs[1].Packed(), inputs[2].Packed(), inputs[3].Packed(), dx);
        else if (x.DType == DType.Float32) CrossEntropyKernels.DenseGradient<float>(x.Packed(), inputs[1].Packed(), inputs[2].Packed(), inputs[3].Packed(), dx);
        else CrossEntropyKernels.DenseGradient<double>(x.Packed(), inputs[1].Packed(), inputs[2].Packed(), inputs[3].Packed(), dx);
    }

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor x = call.Input(0), t = call.Input(2), d = call.Gradient();
        var p = Tensor.ExpDifference(x, call.Input(1).ExpandDims(-1));
        var total = t.Sum([-1], keepDims: true);
        var g = d * call.Input(3).ExpandDims(-1);
        var gp = g * p;
        return
        [
            call.Needs(0) ? gp * total : null,
            call.Needs(1) ? -(gp.Sum(-1) * total.Reshape(call.InputShape(1))) : null,
            call.Needs(2) ? gp.Sum([-1], keepDims: true) - g : null,
            call.Needs(3) ? (d * (p * total - t)).Sum(-1) : null,
        ];
    }

    public static OpSpec Spec => new("softmaxCrossEntropyDenseGradient", "[…, k], […], […, k], […] -> […, k]", d =>
    {
        var rows = d.Shape(0, 2);
        Shape shape = [.. rows, d.Int(2, 12)];
        return new OpCase([d.Tensor(shape), d.Tensor(rows, new Domain(2, 5)), d.Tensor(shape, Domain.Unit), d.Tensor(rows, Domain.Positive)], t => [Instance.Run(t)]);
    })
    { ReductionLength = c => c.Inputs[0].Shape[^1], Flops = c => 20.0 * c.Elements, Bytes = c => 12.0 * c.Elements };
}
