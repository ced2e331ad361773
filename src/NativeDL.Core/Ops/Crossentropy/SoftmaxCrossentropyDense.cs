using NativeDL.Cuda;

namespace NativeDL;

/// <summary>
/// loss = Σ t·(L − x) with L = log Σ e^x; the other results, m = max x and L − m, are kept for the gradient. <c>[…, k], […, k] -> […], […], […]</c>
/// </summary>
internal sealed class SoftmaxCrossentropyDenseOp : Op, IOp
{
    public static readonly SoftmaxCrossentropyDenseOp Instance = new();

    public override string Name => "softmax_crossentropy_dense";

    protected override Saved Saves => Saved.Both;

    protected override int ResultCount => 3;

    protected override void Infer(Operands x, Results y)
    {
        RequireSameDType(x);
        RequireFloating(x[0]);
        Shape logits = x[0].Shape, labels = x[1].Shape;
        if (logits.Rank == 0 || !logits.IsCompatible(labels))
            throw Error.Shape(Name, "floating-point labels give a weight for each logit", $"logits {logits} and labels {labels}",
                "logits […, k] and labels […, k]",
                labels.Rank == logits.Rank - 1 ? "convert class numbers to Int32 with Cast" : null);
        var rows = logits.Merge(labels).Without([logits.Rank - 1]);
        y.Set(0, rows, x[0].DType);
        y.Set(1, rows, x[0].DType.ComputeType());
        y.Set(2, rows, x[0].DType.ComputeType());
    }

    protected override void Compute<T>(Operands x, Results y) => CrossentropyKernels.Dense<T>(x[0], x[1], y[0], y[1], y[2]);

    protected override void Launch(Operands x, Results y, CudaStream stream) =>
        stream.Device.LaunchHeldRows(Name, x[0].DType, y[0].ElementCount, x[0].Shape[^1], x[0], x[1], y[0], y[1], y[2]);

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor x = call.Input(0), t = call.Input(1), shift = call.Output(1), rest = call.Output(2), wide = x.Cast(rest.DType);
        var dx = call.Needs(0) && call.HasGradient(0) ? SoftmaxCrossentropyDenseGradOp.Instance.Run(x, shift, rest, t, call.Gradient(0)) : null;
        return
        [
            call.Needs(0) ? AddRest(call, dx, x, shift, rest) : null,
            call.Needs(1) && call.HasGradient(0)
                ? (call.Gradient(0).Cast(wide.DType).ExpandDims(-1) * (shift.ExpandDims(-1) - wide + rest.ExpandDims(-1))).Cast(t.DType) : null,
        ];
    }

    /// <summary>
    /// Adds what flows back through the log-sum, which only derivatives of the gradient use. The shift counts as a constant:
    /// what is made of both does not depend on it.
    /// </summary>
    internal static Tensor? AddRest(in BackwardCall call, Tensor? dx, Tensor x, Tensor shift, Tensor rest)
    {
        _ = call.HasGradient(1);   // has none
        if (!call.HasGradient(2)) return dx;
        var through = (call.Gradient(2).ExpandDims(-1) * Tensor.ExpDifference(x.Cast(rest.DType) - shift.ExpandDims(-1), rest.ExpandDims(-1))).Cast(x.DType);
        return dx is null ? through : dx + through;
    }

    public static OpSpec Spec => new("softmax_crossentropy_dense", "[…, k], […, k] -> […]", d =>
    {
        Shape shape = [.. d.Shape(0, 2), d.Int(2, 12)];
        double s = d.OneOf(0.0, 0.1);
        return new OpCase([d.Tensor(shape), d.Tensor(shape, Domain.Unit)], t => [t[0].SoftmaxCrossentropy(t[1], s)], $"smoothing {s}");
    })
    { ReductionLength = c => c.Inputs[0].Shape[^1], Flops = c => 22.0 * c.Elements, Bytes = c => 8.0 * c.Elements };
}

/// <summary>dx = dy · (e^(x − m − rest)·Σt − t). <c>[…, k], […], […], […, k], […] -> […, k]</c></summary>
internal sealed class SoftmaxCrossentropyDenseGradOp : Op, IOp
{
    public static readonly SoftmaxCrossentropyDenseGradOp Instance = new();

    public override string Name => "softmax_crossentropy_dense_grad";

    protected override OpTraits Traits => OpTraits.MixedTypes;

    protected override void Infer(Operands x, Results y) => y[0] = x[0];

    protected override void Compute<T>(Operands x, Results y) => CrossentropyKernels.DenseGradient<T>(x[0], x[1], x[2], x[3], x[4], y[0]);

    protected override void Launch(Operands x, Results y, CudaStream stream) =>
        stream.Device.LaunchHeldRows(Name, x[0].DType, x[1].ElementCount, x[0].Shape[^1], x[0], x[1], x[2], x[3], x[4], y[0]);

    protected override Tensors Backward(BackwardCall call)
    {
        DType type = call.InputDType(1), stored = call.InputDType(0);
        Tensor x = call.Input(0).Cast(type), t = call.Input(3).Cast(type), d = call.Gradient().Cast(type);
        var p = Tensor.ExpDifference(x - call.Input(1).ExpandDims(-1), call.Input(2).ExpandDims(-1));
        var total = t.Sum([-1], keepDims: true);
        var g = d * call.Input(4).Cast(type).ExpandDims(-1);
        var gp = g * p;
        var through = call.Needs(1) || call.Needs(2) ? -(gp.Sum(-1) * total.Reshape(call.InputShape(1))) : null;
        return
        [
            call.Needs(0) ? (gp * total).Cast(stored) : null,
            through,
            through,
            call.Needs(3) ? (gp.Sum([-1], keepDims: true) - g).Cast(stored) : null,
            call.Needs(4) ? (d * (p * total - t)).Sum(-1).Cast(stored) : null,
        ];
    }

    public static OpSpec Spec => new("softmax_crossentropy_dense_grad", "[…, k], […], […], […, k], […] -> […, k]", d =>
    {
        var rows = d.Shape(0, 2);
        Shape shape = [.. rows, d.Int(2, 12)];
        return new OpCase([d.Tensor(shape), d.Tensor(rows, new Domain(1, 3)), d.Tensor(rows, new Domain(1, 2)), d.Tensor(shape, Domain.Unit),
            d.Tensor(rows, Domain.Positive)], t => [Instance.Run(t)]);
    })
    { ReductionLength = c => c.Inputs[0].Shape[^1], Flops = c => 20.0 * c.Elements, Bytes = c => 12.0 * c.Elements };
}
