namespace NativeDL;

/// <summary>An operation without operands, which makes a tensor on whatever device it is asked to; tapes have nothing to record.</summary>
internal abstract class SourceOp : Op
{
    protected sealed override Saved Saves => Saved.Nothing;

    protected sealed override OpTraits Traits => OpTraits.ChoosesType;

    protected sealed override DType ComputeType(Operands x, Results y) => y[0].DType;

    protected sealed override Tensors Backward(BackwardCall call) => throw NoDerivative("it has no operands");

    /// <summary>Makes the tensor.</summary>
    public Tensor Make(Device device)
    {
        Tensor y = null!;
        Execute(device, [], new Span<Tensor>(ref y));
        return y;
    }
}
