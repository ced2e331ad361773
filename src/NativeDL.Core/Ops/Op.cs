namespace NativeDL;

/// <summary>
/// One operation: its attributes are the object's fields, its forward pass and its backward pass stand together.
/// Operations without attributes are single objects; the others are made per call.
/// </summary>
internal abstract class Op
{
    [ThreadStatic] private static Op? running;

    /// <summary>The operation whose kernels this thread launches on a device other than the CPU; for errors.</summary>
    public static Op? Running => running;

    /// <summary>The field's name for the operation, in lower case, as in errors and tables.</summary>
    public abstract string Name { get; }

    /// <summary>What the backward pass needs to see again.</summary>
    public virtual Saved Saves => Saved.Inputs;

    /// <summary>Computes the results. Checks shapes and element types first; the devices are known to agree.</summary>
    protected abstract void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs);

    /// <summary>
    /// Gradients of the operands from those of the results, written in tensor operations so that they can be
    /// differentiated again. A gradient may have the broadcast shape; the walker sums it back.
    /// </summary>
    public abstract Tensor?[] Backward(in BackwardCall call);

    /// <summary>Runs the operation and records it.</summary>
    public Tensor Run(params ReadOnlySpan<Tensor> inputs)
    {
        RequireAgreement(inputs);
        Tensor output = null!;
        var outputs = new Span<Tensor>(ref output);
        Compute(inputs, outputs);
        GradientTape.Record(this, inputs, outputs);
        return output;
    }

    /// <summary>Runs an operation of several results and records it.</summary>
    public Tensor[] RunMany(int count, params ReadOnlySpan<Tensor> inputs)
    {
        RequireAgreement(inputs);
        var outputs = new Tensor[count];
        Compute(inputs, outputs);
        GradientTape.Record(this, inputs, outputs);
        return outputs;
    }

    /// <summary>The error of an operation that has no (further) derivative.</summary>
    protected GradientException NoDerivative(string why) => Error.Gradient(Name, why);

    /// <summary>Refuses operands of different element types.</summary>
    protected void RequireSameDType(ReadOnlySpan<Tensor> inputs)
    {
        var dtype = inputs[0].DType;
        for (int i = 1; i < inputs.Length; i++)
            if (inputs[i].DType != dtype)
                throw Error.DType(Name, "the operands have different element types", $"{inputs[0].DType} {inputs[0].Shape} and {inputs[i].DType} {inputs[i].Shape}", "one type for all", "convert one of them with Cast");
    }

    /// <summary>Refuses an operand that is not floating-point.</summary>
    protected void RequireFloating(Tensor x)
    {
        if (!x.DType.IsFloating()) throw Error.DType(Name, "the operand must be floating-point", $"{x.DType} {x.Shape}", "Float32 or Float64", "convert it with Cast");
    }

    /// <summary>Refuses an operand whose element type has no arithmetic.</summary>
    protected void RequireNumber(Tensor x)
    {
        if (x.DType is DType.Bool or DType.UInt8) throw Error.DType(Name, "the element type has no arithmetic", $"{x.DType} {x.Shape}", "Float32, Float64, Int32 or Int64", "convert it with Cast");
    }

    private void Compute(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        if (inputs.IsEmpty || inputs[0].Device.IsCpu) Forward(inputs, outputs);
        else ComputeOnDevice(inputs, outputs);
    }

    private void ComputeOnDevice(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var outer = running;
        running = this;
        try
        {
            Forward(inputs, outputs);
        }
        finally
        {
            running = outer;
        }
    }

    // One device for all, and one element type for all floating-point operands.
    private void RequireAgreement(ReadOnlySpan<Tensor> inputs)
    {
        // The common cases first: they are all that a small operation has time for.
        if (inputs.Length == 1) return;
        if (inputs.Length == 2 && inputs[0].DType == inputs[1].DType && ReferenceEquals(inputs[0].Device, inputs[1].Device)) return;
        Tensor? number = null;
        foreach (var x in inputs)
        {
            if (!ReferenceEquals(x.Device, inputs[0].Device))
                throw Error.Device(Name, "the operands live on two devices", $"{inputs[0].Device} {inputs[0].Shape} and {x.Device} {x.Shape}", "one device for all", "move one of them with To");
            if (!x.DType.IsFloating()) continue;
            number ??= x;
            if (x.DType != number.DType) RequireSameDType([number, x]);
        }
    }
}
