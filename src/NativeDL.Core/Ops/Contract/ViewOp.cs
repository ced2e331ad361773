namespace NativeDL;

/// <summary>An operation whose result stands in its operand's memory, on whatever device that is.</summary>
internal abstract class ViewOp : Op
{
    protected override Saved Saves => Saved.Nothing;

    /// <summary>The result's shape; refuses operands that do not fit.</summary>
    protected abstract Shape ShapeOf(Tensor x);

    /// <summary>The view.</summary>
    protected abstract Tensor View(Tensor x, Shape shape);

    protected sealed override void Infer(Operands x, Results y) => y.Set(0, ShapeOf(x[0]), x[0].DType);

    private protected sealed override void Execute(Device device, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        if (ReferenceEquals(device, Device.Symbolic)) base.Execute(device, inputs, outputs);
        else outputs[0] = View(inputs[0], ShapeOf(inputs[0]));
    }
}
