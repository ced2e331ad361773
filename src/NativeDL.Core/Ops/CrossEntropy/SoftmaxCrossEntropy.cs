using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// −log softmax at the label, of these logits: one loss a sample, without forming the softmax. <c>[…, k], Int32 […] -> […]</c>
    /// </summary>
    /// <param name="labels">Int32 or Int64 class numbers from 0 to k − 1, or floating-point weights of the classes, […, k], as with one-hot labels.</param>
    /// <param name="labelSmoothing">This share of the label is spread evenly over all classes.</param>
    /// <remarks>Nothing overflows, whatever the logits. With weights t the loss is −Σ t · log softmax(logits), and gradients flow to them too; a class of weight 0 counts 0 even where its logit is −∞.</remarks>
    /// <exception cref="ShapeMismatchException">The shapes do not fit.</exception>
    /// <exception cref="InvalidInputException">
    /// A label is not a class; the first such row is named. Only on the CPU: elsewhere nothing waits for values to be looked
    /// at, and the row's loss and gradient are NaN, which the check of the loss in training reports.
    /// </exception>
    public Tensor SoftmaxCrossentropy(Tensor labels, double labelSmoothing = 0)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labelSmoothing is not (>= 0 and <= 1)) throw Error.Input("softmaxCrossEntropy", "the label smoothing is not a share", $"{labelSmoothing}", "a number from 0 to 1");
        if (!labels.DType.IsFloating()) return new SparseCrossEntropyOp(labelSmoothing).RunMany(2, this, labels)[0];
        if (labelSmoothing > 0 && labels.Rank > 0) labels = labels * (1 - labelSmoothing) + labelSmoothing / Math.Max(1, labels.Shape[^1]);
        return DenseCrossEntropyOp.Instance.RunMany(2, this, labels)[0];
    }
}

/// <summary>loss = L − (1 − s)·x[label] − s/k·Σ x with L = log Σ e^x and smoothing s; the second result is L, kept for the gradient.</summary>
internal sealed class SparseCrossEntropyOp(double smoothing) : LegacyOp, IOp
{
    public override string Name => "softmaxCrossEntropy";

    protected override Saved Saves => Saved.Both;

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Tensor x = inputs[0], labels = inputs[1];
        RequireFloating(x);
        if (!labels.DType.IsIndex()) throw Error.DType(Name, "labels are class numbers or floating-point weights", $"logits {x.DType} {x.Shape}, labels {labels.DType} {labels.Shape}", "Int32, Int64, or the logits' type");
        if (x.Rank == 0 || x.Shape.Without([x.Rank - 1]) != labels.Shape)
            throw Error.Shape(Name, "there must be one label for each row of logits", $"logits {x.Shape} and labels {labels.Shape}", "logits […, k] and labels […]",
                labels.Rank == x.Rank ? "remove the labels' last axis, or give one-hot labels as floating-point numbers" : null);
        var loss = outputs[0] = Tensor.Empty(labels.Shape, x.DType, x.Device);
        var logSum = outputs[1] = Tensor.Empty(labels.Shape, x.DType, x.Device);
        x = x.Packed();
        if (!x.Device.IsCpu)
        {
            labels = labels.Packed();
            CudaDevice.Of(x).LaunchHeldRows(Name, x.DType, loss.ElementCount, x.Shape[^1], x, Narrow(labels), Wide(labels), loss, logSum, smoothing);
            return;
        }
        labels = Classes(labels, x.Shape[^1]);
        if (x.DType == DType.Float32) CrossEntropyKernels.Sparse<float>(x, labels, loss, logSum, smoothing);
        else CrossEntropyKernels.Sparse<double>(x, labels, loss, logSum, smoothing);
    }

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor x = call.Input(0), logSum = call.Output(1);
        var dx = call.HasGradient(0) ? new SparseCrossEntropyGradientOp(smoothing).Run(x, logSum, call.Input(1), call.Gradient(0)) : null;
        return [DenseCrossEntropyOp.AddLogSum(call, dx, x, logSum), null];
    }

    /// <summary>The labels of a device's kernel, which takes Int32 or Int64 and looks at their values itself.</summary>
    internal static Tensor? Narrow(Tensor labels) => labels.DType == DType.Int32 ? labels : null;

    /// <inheritdoc cref="Narrow"/>
    internal static Tensor? Wide(Tensor labels) => labels.DType == DType.Int64 ? labels : null;

    /// <summary>The labels as packed Int32, each of them found to be a class.</summary>
    internal static unsafe Tensor Classes(Tensor labels, int classes)
    {
        if (labels.DType == DType.Int64)
        {
            // Checked before they are made narrower.
            var wide = labels.Packed();
            using var openWide = wide.Open<long>();
            for (long i = 0; i < wide.ElementCount; i++)
                if ((ulong)openWide.Pointer[i] >= (ulong)classes) throw NoClass(i, openWide.Pointer[i], labels.Shape, classes);
            return wide.Cast(DType.Int32);
        }
        var packed = labels.Packed();
        using var open = packed.Open<int>();
        for (long i = 0; i < packed.ElementCount; i++)
            if ((uint)open.Pointer[i] >= (uint)classes) throw NoClass(i, open.Pointer[i], labels.Shape, classes);
        return packed;
    }

    private static InvalidInputException NoClass(long row, long label, Shape labels, int classes) =>
        Error.Input("softmaxCrossEntropy", $"the label of row {row} is not a class", $"label {label} in labels {labels}", $"0 to {classes - 1} for {classes} classes", "class numbers begin with 0");

    public static OpSpec Spec => new("softmaxCrossEntropy", "[…, k], Int32 […] -> […]", d =>
    {
        var (x, labels, s) = Draw(d);
        return new OpCase([x, labels], t => [t[0].SoftmaxCrossentropy(t[1], s)], $"smoothing {s}");
    })
    { PlainGradient = true, ReductionLength = c => c.Inputs[0].Shape[^1], Flops = c => 20.0 * c.Elements, Bytes = c => 4.0 * c.Elements };

    internal static (Tensor X, Tensor Labels, double Smoothing) Draw(Draw d)
    {
        var rows = d.Shape(0, 2);
        int classes = d.Int(2, 12);
        return (d.Tensor([.. rows, classes]), d.Indices(rows, classes), d.OneOf(0.0, 0.1));
    }
}

/// <summary>dx = dy · (e^(x − L) − (1 − s)·[label] − s/k).</summary>
internal sealed class SparseCrossEntropyGradientOp(double smoothing) : LegacyOp, IOp
{
    public override string Name => "softmaxCrossEntropyGradient";

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var x = inputs[0];
        var dx = outputs[0] = Tensor.Empty(x.Shape, x.DType, x.Device);
        if (!x.Device.IsCpu)
        {
            var classes = inputs[2].Packed();
            CudaDevice.Of(x).LaunchHeldRows(Name, x.DType, classes.ElementCount, x.Shape[^1], x.Packed(), inputs[1].Packed(),
                SparseCrossEntropyOp.Narrow(classes), SparseCrossEntropyOp.Wide(classes), inputs[3].Packed(), dx, smoothing);
            return;
        }
        var labels = inputs[2].Cast(DType.Int32).Packed();
        if (x.DType == DType.Float32) CrossEntropyKernels.SparseGradient<float>(x.Packed(), inputs[1].Packed(), labels, inputs[3].Packed(), dx, smoothing);
        else CrossEntropyKernels.SparseGradient<double>(x.Packed(), inputs[1].Packed(), labels, inputs[3].Packed(), dx, smoothing);
    }

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor x = call.Input(0), logSum = call.Input(1).ExpandDims(-1), dy = call.Input(3).ExpandDims(-1), d = call.Gradient();
        var p = Tensor.ExpDifference(x, logSum);
        var weighted = call.Needs(0) || call.Needs(1) ? d * dy * p : null;
        Tensor? forLoss = null;
        if (call.Needs(3))
        {
            var labels = call.Input(2).Cast(DType.Int32).ExpandDims(-1);
            var atLabel = new PickOp([x.Rank - 1]).Run(d, labels).Reshape(call.InputShape(3));
            forLoss = (d * p).Sum(-1) - atLabel * (1 - smoothing) - d.Sum(-1) * (smoothing / x.Shape[^1]);
        }
        return [call.Needs(0) ? weighted : null, call.Needs(1) ? -weighted!.Sum(-1) : null, null, forLoss];
    }

    public static OpSpec Spec => new("softmaxCrossEntropyGradient", "[…, k], […], Int32 […], […] -> […, k]", d =>
    {
        var (x, labels, s) = SparseCrossEntropyOp.Draw(d);
        return new OpCase([x, d.Tensor(labels.Shape, new Domain(2, 5)), labels, d.Tensor(labels.Shape, Domain.Positive)],
            t => [new SparseCrossEntropyGradientOp(s).Run(t)], $"smoothing {s}");
    })
    { PlainGradient = true, Flops = c => 20.0 * c.Elements, Bytes = c => 8.0 * c.Elements };
}
