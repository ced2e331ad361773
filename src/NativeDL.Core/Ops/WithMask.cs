namespace NativeDL;

/// <summary>y = x, on the same memory; the second operand says which steps of it count. <c>[N, T, …], Bool [N, T] -> [N, T, …]</c></summary>
internal sealed class WithMaskOp : Op, IOp
{
    public static readonly WithMaskOp Instance = new();

    public override string Name => "with_mask";

    protected override Saved Saves => Saved.Nothing;

    protected override OpTraits Traits => OpTraits.Strided;

    protected override void Infer(Operands x, Results y)
    {
        MaskRules.Require(x[0], x[1]);
        y[0] = x[0];
    }

    private protected override void Execute(Device device, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        if (ReferenceEquals(device, Device.Symbolic)) base.Execute(device, inputs, outputs);
        else outputs[0] = inputs[0].View(inputs[0].Shape, inputs[0].Strides, 0);
        outputs[0].SetMask(inputs[1]);
    }

    // What the operand had before counts no more.
    protected override Tensor? ComputeMask(Operands x, Tensor y) => x[1];

    protected override Tensors Backward(BackwardCall call) => Tensors.Of([call.Gradient(), null]);

    public static OpSpec Spec => new("with_mask", "[…a], Bool […b] -> […a]", d =>
    {
        var x = d.Tensor(d.Shape(1, 4));
        return new OpCase([x, d.Indices(x.Shape[..d.Int(1, x.Rank)], 2).Equal(1)], t => [t[0].WithMask(t[1])]);
    })
    { Flops = _ => 0 };
}

/// <summary>y = x, on the same memory.</summary>
internal sealed class AliasOp : ViewOp
{
    public static readonly AliasOp Instance = new();

    public override string Name => "alias";

    protected override Shape ShapeOf(Tensor x) => x.Shape;

    protected override Tensor View(Tensor x, Shape shape) => x.View(shape, x.Strides, 0);

    protected override Tensors Backward(BackwardCall call) => call.Gradient();
}
