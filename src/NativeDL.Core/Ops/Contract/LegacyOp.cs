namespace NativeDL;

/// <summary>On the way out: operations that check and compute in one step.</summary>
internal abstract class LegacyOp : Op
{
    protected abstract void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs);

    protected sealed override void Infer(Operands x, Results y) => throw NoDerivative("the operation does not infer yet");

    private protected sealed override bool HasOwnWay => true;

    private protected sealed override void Execute(Device device, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        if (ReferenceEquals(device, Device.Symbolic)) throw Error.Input(Name, "the operation does not infer yet");
        Forward(inputs, outputs);
    }

    public Tensor[] RunMany(int count, params ReadOnlySpan<Tensor> inputs)
    {
        var outputs = new Tensor[count];
        Run(inputs, outputs);
        return outputs;
    }

    private protected void RequireSameDType(ReadOnlySpan<Tensor> inputs) => RequireSameDType(new Operands(inputs));
}
