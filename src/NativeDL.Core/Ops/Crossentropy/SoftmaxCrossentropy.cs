using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// −log softmax at the label, of these logits: one loss a sample, without forming the softmax. <c>[…, k], Int32 […] -> […]</c>
    /// </summary>
    /// <param name="labels">Int32 or Int64 class numbers from 0 to k − 1, or floating-point weights of the classes, […, k], as with one-hot labels.</param>
    /// <param name="labelSmoothing">This share of the label is spread evenly over all classes.</param>
    /// <remarks>
    /// Nothing overflows, whatever the logits. With weights t the loss is −Σ t · log softmax(logits), and gradients flow to them too; a class of weight 0
    /// counts 0 even where its logit is −∞.
    /// </remarks>
    /// <exception cref="ShapeMismatchException">The shapes do not fit.</exception>
    /// <exception cref="InvalidInputException">
    /// A label is not a class; the first such row is named. Only on the CPU: elsewhere nothing waits for values to be looked
    /// at, and the row's loss and gradient are NaN, for which training then names the label.
    /// </exception>
    public Tensor SoftmaxCrossentropy(Tensor labels, double labelSmoothing = 0)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labelSmoothing is not (>= 0 and <= 1))
            throw Error.Input("softmax_crossentropy", "the label smoothing is not a share", $"{labelSmoothing}", "a number from 0 to 1");
        if (!labels.DType.IsFloating()) return new SoftmaxCrossentropyOp(labelSmoothing).RunMany(this, labels)[0];
        if (labelSmoothing > 0 && labels.Rank > 0)
        {
            // Two steps, and one rounding at the end of both.
            if (DType.IsHalf() && labels.DType == DType) return Cast(DType.Float32).SoftmaxCrossentropy(labels.Cast(DType.Float32), labelSmoothing).Cast(DType);
            int classes = labels.Shape.Dimension(^1) != Shape.None || Rank == 0 ? labels.Shape.Dimension(^1) : Shape.Dimension(^1);
            if (classes == Shape.None) throw Error.Shape("softmax_crossentropy", "smoothing needs the number of classes",
                $"logits {Shape} and labels {labels.Shape}", "a known last dimension");
            labels = labels * (1 - labelSmoothing) + labelSmoothing / Math.Max(1, classes);
        }
        return SoftmaxCrossentropyDenseOp.Instance.RunMany(this, labels)[0];
    }
}

/// <summary>
/// loss = L − (1 − s)·x[label] − s/k·Σ x with L = log Σ e^x and smoothing s. The other results are kept for the gradient: m = max x
/// and L − m, apart, since their sum has not the digits that an exponent needs.
/// </summary>
internal sealed partial class SoftmaxCrossentropyOp(double smoothing) : Op, IOp
{
    public override string Name => "softmax_crossentropy";

    protected override Saved Saves => Saved.Both;

    protected override int ResultCount => 3;

    protected override void Infer(Operands x, Results y)
    {
        Tensor logits = x[0], labels = x[1];
        RequireFloating(logits);
        if (!labels.DType.IsIndex())
        {
            throw Error.DType(Name, "labels are class numbers or floating-point weights",
                $"logits {logits.DType} {logits.Shape}, labels {labels.DType} {labels.Shape}",
                "Int32, Int64, or the logits' type");
        }
        var rows = logits.Rank == 0 ? null : logits.Shape.Without([logits.Rank - 1]);
        if (rows?.IsCompatible(labels.Shape) != true)
            throw Error.Shape(Name, "there must be one label for each row of logits", $"logits {logits.Shape} and labels {labels.Shape}",
                "logits […, k] and labels […]",
                labels.Rank == logits.Rank ? "remove the labels' last axis, or give one-hot labels as floating-point numbers" : null);
        rows = rows.Merge(labels.Shape);
        y.Set(0, rows, logits.DType);
        y.Set(1, rows, logits.DType.ComputeType());
        y.Set(2, rows, logits.DType.ComputeType());
    }

    protected override void Compute<T>(Operands x, Results y) =>
        CrossentropyKernels.Sparse<T>(x[0], Classes(x[1], x[0].Shape[^1]), y[0], y[1], y[2], smoothing);

    protected override void Launch(Operands x, Results y, CudaStream stream) =>
        stream.Device.LaunchHeldRows(Name, x[0].DType, y[0].ElementCount, x[0].Shape[^1], x[0], Narrow(x[1]), Wide(x[1]), y[0], y[1], y[2], smoothing);

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor x = call.Input(0), shift = call.Output(1), rest = call.Output(2);
        var dx = call.HasGradient(0) ? new SoftmaxCrossentropyGradOp(smoothing).Run(x, shift, rest, call.Input(1), call.Gradient(0)) : null;
        return [SoftmaxCrossentropyDenseOp.AddRest(call, dx, x, shift, rest), null];
    }

    /// <summary>The labels of a device's kernel, which takes Int32 or Int64 and looks at their values itself.</summary>
    internal static Tensor? Narrow(Tensor labels) => labels.DType == DType.Int32 ? labels : null;

    /// <inheritdoc cref="Narrow"/>
    internal static Tensor? Wide(Tensor labels) => labels.DType == DType.Int64 ? labels : null;

    // As Int32, each of them found to be a class.
    private static unsafe Tensor Classes(Tensor labels, int classes)
    {
        if (labels.DType == DType.Int64)
        {
            // Checked before they are made narrower.
            using var openWide = labels.Open<long>();
            for (long i = 0; i < labels.ElementCount; i++)
                if ((ulong)openWide.Pointer[i] >= (ulong)classes) throw NoClass(i, openWide.Pointer[i], labels.Shape, classes);
            return labels.Cast(DType.Int32);
        }
        using var open = labels.Open<int>();
        for (long i = 0; i < labels.ElementCount; i++)
            if ((uint)open.Pointer[i] >= (uint)classes) throw NoClass(i, open.Pointer[i], labels.Shape, classes);
        return labels;
    }

    private static InvalidInputException NoClass(long row, long label, Shape labels, int classes) =>
        Error.Input("softmax_crossentropy", $"the label of row {row} is not a class", $"label {label} in labels {labels}",
            $"0 to {classes - 1} for {classes} classes", "class numbers begin with 0");

    public static OpSpec Spec => new("softmax_crossentropy", "[…, k], Int32 […] -> […]", d =>
    {
        var (x, labels, s) = Draw(d);
        return new OpCase([x, labels], t => [t[0].SoftmaxCrossentropy(t[1], s)], $"smoothing {s}");
    })
    { ReductionLength = c => c.Inputs[0].Shape[^1], Flops = c => 20.0 * c.Elements, Bytes = c => 4.0 * c.Elements };

    internal static (Tensor X, Tensor Labels, double Smoothing) Draw(Draw d)
    {
        var rows = d.Shape(0, 2);
        int classes = d.Int(2, 12);
        return (d.Tensor([.. rows, classes]), d.Indices(rows, classes), d.OneOf(0.0, 0.1));
    }
}

/// <summary>dx = dy · (e^(x − m − rest) − (1 − s)·[label] − s/k).</summary>
internal sealed partial class SoftmaxCrossentropyGradOp(double smoothing) : Op, IOp
{
    public override string Name => "softmax_crossentropy_grad";

    protected override OpTraits Traits => OpTraits.MixedTypes;

    protected override void Infer(Operands x, Results y) => y[0] = x[0];

    protected override void Compute<T>(Operands x, Results y) =>
        CrossentropyKernels.SparseGradient<T>(x[0], x[1], x[2], x[3].Cast(DType.Int32), x[4], y[0], smoothing);

    protected override void Launch(Operands x, Results y, CudaStream stream) =>
        stream.Device.LaunchHeldRows(Name, x[0].DType, x[3].ElementCount, x[0].Shape[^1], x[0], x[1], x[2],
            SoftmaxCrossentropyOp.Narrow(x[3]), SoftmaxCrossentropyOp.Wide(x[3]), x[4], y[0], smoothing);

    protected override Tensors Backward(BackwardCall call)
    {
        DType type = call.InputDType(1), stored = call.InputDType(0);
        Tensor x = call.Input(0).Cast(type), dy = call.Input(4).Cast(type).ExpandDims(-1), d = call.Gradient().Cast(type);
        var p = Tensor.ExpDifference(x - call.Input(1).ExpandDims(-1), call.Input(2).ExpandDims(-1));
        bool sums = call.Needs(1) || call.Needs(2);
        var weighted = call.Needs(0) || sums ? d * dy * p : null;
        var through = sums ? -weighted!.Sum(-1) : null;
        Tensor? forLoss = null;
        if (call.Needs(4))
        {
            var labels = call.Input(3).Cast(DType.Int32).ExpandDims(-1);
            var atLabel = new PickOp([x.Rank - 1]).Run(d, labels).Reshape(call.InputShape(4));
            forLoss = (d * p).Sum(-1) - atLabel * (1 - smoothing) - d.Sum(-1) * (smoothing / x.Shape[^1]);
        }
        return [call.Needs(0) ? weighted!.Cast(stored) : null, through, through, null, forLoss?.Cast(stored)];
    }

    public static OpSpec Spec => new("softmax_crossentropy_grad", "[…, k], […], […], Int32 […], […] -> […, k]", d =>
    {
        var (x, labels, s) = SoftmaxCrossentropyOp.Draw(d);
        return new OpCase([x, d.Tensor(labels.Shape, new Domain(1, 3)), d.Tensor(labels.Shape, new Domain(1, 2)), labels,
            d.Tensor(labels.Shape, Domain.Positive)],
            t => [new SoftmaxCrossentropyGradOp(s).Run(t)], $"smoothing {s}");
    })
    { Flops = c => 20.0 * c.Elements, Bytes = c => 8.0 * c.Elements };
}
