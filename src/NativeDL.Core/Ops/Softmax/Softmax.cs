using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>e^x / Σ e^x along an axis: positive numbers that sum to 1. <c>[…, n, …] -> […, n, …]</c></summary>
    /// <param name="axis">A negative axis counts from the end.</param>
    /// <remarks>
    /// Nothing overflows: the greatest element is taken out first. Where all elements are −∞ (a row masked
    /// altogether) the result is 0 everywhere and so is the gradient; where one is +∞ or NaN it is NaN everywhere.
    /// </remarks>
    public Tensor Softmax(int axis = -1) => AlongLast(axis, "softmax", SoftmaxOp.Instance);

    /// <summary>The same of a network's activation: a loss behind it finds the logits while a tape records.</summary>
    internal Tensor SoftmaxOfLogits(int axis) =>
        Node is not null && Shape.Axis("softmax", axis) == Rank - 1 ? new SoftmaxOp { Logits = this }.Run(this) : Softmax(axis);

    /// <summary>x − log Σ e^x along an axis: the logarithm of <see cref="Softmax(int)"/> without its rounding to 0. <c>[…, n, …] -> […, n, …]</c></summary>
    /// <param name="axis">A negative axis counts from the end.</param>
    /// <remarks>
    /// Where all elements are −∞ (a row masked altogether) the result is −∞ everywhere and its gradient passes unchanged; where one is +∞ or NaN it is NaN
    /// everywhere.
    /// </remarks>
    public Tensor LogSoftmax(int axis = -1) => AlongLast(axis, "log_softmax", LogSoftmaxOp.Instance);

    // Kernels work along the last axis; another one is brought there.
    private Tensor AlongLast(int axis, string name, Op op)
    {
        int a = Shape.Axis(name, axis);
        return a == Rank - 1 ? op.Run(this) : op.Run(Transpose(a, -1)).Transpose(a, -1);
    }
}

/// <summary>y = e^x / Σ e^x along the last axis.</summary>
internal sealed class SoftmaxOp : Op, IOp
{
    public static readonly SoftmaxOp Instance = new();

    /// <summary>What the probabilities were made of, kept for a loss on them; null where nobody asked for that.</summary>
    public Tensor? Logits { get; init; }

    public override string Name => "softmax";

    protected override Saved Saves => Saved.Output;

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        y[0] = x[0];
    }

    protected override void Compute<T>(Operands x, Results y) => SoftmaxKernels.Forward<T>(x[0], y[0]);

    protected override void Launch(Operands x, Results y, CudaStream stream) => SoftmaxKernels.Launch(stream, Name, y[0], x[0]);

    protected override Tensors Backward(BackwardCall call) => [SoftmaxGradOp.Instance.Run(call.Output(), call.Gradient())];

    public static OpSpec Spec => new("softmax", "[…a, n, …b] -> […a, n, …b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 4));
        int axis = d.Axis(x.Rank);
        return new OpCase([x], t => [t[0].Softmax(axis)], $"axis {axis}");
    })
    { Flops = c => 20.0 * c.Elements };
}

/// <summary>dx = y · (dy − Σ dy·y) along the last axis.</summary>
internal sealed class SoftmaxGradOp : Op, IOp
{
    public static readonly SoftmaxGradOp Instance = new();

    public override string Name => "softmax_grad";

    protected override void Infer(Operands x, Results y) => y[0] = x[0];

    protected override void Compute<T>(Operands x, Results y) => SoftmaxKernels.Backward<T>(x[0], x[1], y[0]);

    protected override void Launch(Operands x, Results y, CudaStream stream) => SoftmaxKernels.Launch(stream, Name, y[0], x[0], x[1]);

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor y = call.Input(0), dy = call.Input(1), d = call.Gradient();
        var along = (d * y).Sum([-1], keepDims: true);
        return
        [
            call.Needs(0) ? d * (dy - (dy * y).Sum([-1], keepDims: true)) - dy * along : null,
            call.Needs(1) ? y * (d - along) : null,
        ];
    }

    public static OpSpec Spec => new("softmax_grad", "[…, n], […, n] -> […, n]", d =>
    {
        var shape = d.Shape(1, 4);
        return new OpCase([d.Tensor(shape, Domain.Unit), d.Tensor(shape)], t => [Instance.Run(t[0], t[1])]);
    })
    { ReductionLength = c => c.Inputs[0].Shape[^1], Flops = c => 4.0 * c.Elements, Bytes = c => 12.0 * c.Elements };
}

/// <summary>y = x − log Σ e^x along the last axis.</summary>
internal sealed class LogSoftmaxOp : Op, IOp
{
    public static readonly LogSoftmaxOp Instance = new();

    public override string Name => "log_softmax";

    protected override Saved Saves => Saved.Output;

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        y[0] = x[0];
    }

    protected override void Compute<T>(Operands x, Results y) => SoftmaxKernels.LogForward<T>(x[0], y[0]);

    protected override void Launch(Operands x, Results y, CudaStream stream) => SoftmaxKernels.Launch(stream, Name, y[0], x[0]);

    protected override Tensors Backward(BackwardCall call) => [LogSoftmaxGradOp.Instance.Run(call.Output(), call.Gradient())];

    public static OpSpec Spec => new("log_softmax", "[…a, n, …b] -> […a, n, …b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 4));
        int axis = d.Axis(x.Rank);
        return new OpCase([x], t => [t[0].LogSoftmax(axis)], $"axis {axis}");
    })
    { Flops = c => 20.0 * c.Elements };
}

/// <summary>dx = dy − e^y · Σ dy along the last axis.</summary>
internal sealed class LogSoftmaxGradOp : Op, IOp
{
    public static readonly LogSoftmaxGradOp Instance = new();

    public override string Name => "log_softmax_grad";

    protected override void Infer(Operands x, Results y) => y[0] = x[0];

    protected override void Compute<T>(Operands x, Results y) => SoftmaxKernels.LogBackward<T>(x[0], x[1], y[0]);

    protected override void Launch(Operands x, Results y, CudaStream stream) => SoftmaxKernels.Launch(stream, Name, y[0], x[0], x[1]);

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor y = call.Input(0), dy = call.Input(1), d = call.Gradient();
        var weighted = d * Tensor.ExpDifference(y, y.Like(0));
        return
        [
            call.Needs(0) ? -weighted * dy.Sum([-1], keepDims: true) : null,
            call.Needs(1) ? d - weighted.Sum([-1], keepDims: true) : null,
        ];
    }

    public static OpSpec Spec => new("log_softmax_grad", "[…, n], […, n] -> […, n]", d =>
    {
        var shape = d.Shape(1, 4);
        return new OpCase([d.Tensor(shape, new Domain(-5, 0)), d.Tensor(shape)], t => [Instance.Run(t[0], t[1])]);
    })
    { ReductionLength = c => c.Inputs[0].Shape[^1], Flops = c => 20.0 * c.Elements, Bytes = c => 12.0 * c.Elements };
}
