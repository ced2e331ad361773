namespace NativeDL;

/// <summary>
/// An operation that is made of others. In graphs, files, errors and tables it is one, with a name, checks and attributes of its own, and sizes that
/// are not known stay so; on data it runs the others, which record themselves: its gradients, of any order, are theirs.
/// </summary>
internal abstract class ComposedOp : Op
{
    // What is needed again is what the others save.
    protected sealed override Saved Saves => Saved.Nothing;

    /// <summary>
    /// Whether half-precision operands are computed with in float32, so that results are rounded once. Not where a single operation does it all.
    /// </summary>
    protected virtual bool Widens => true;

    /// <summary>The results, from operands that <see cref="Op.Infer"/> has let pass.</summary>
    protected abstract Tensors Compose(Tensor[] x);

    private protected sealed override void Execute(Device device, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        if (ReferenceEquals(device, Device.Symbolic))
        {
            base.Execute(device, inputs, outputs);
            return;
        }
        Infer(new Operands(inputs), new Results(outputs));
        var operands = inputs.ToArray();
        for (int i = 0; i < operands.Length && Widens; i++) operands[i] = operands[i].Cast(operands[i].DType.ComputeType());
        var results = Compose(operands);
        for (int i = 0; i < outputs.Length; i++)
        {
            var result = results[i].Cast(outputs[i].DType);
            outputs[i] = inputs.IndexOf(result) < 0 ? result : result.Alias();   // where nothing was to do
        }
    }

    // Asked only where no gradient flows through any of the others.
    protected sealed override Tensors Backward(BackwardCall call) => new Tensor?[call.Count];
}
