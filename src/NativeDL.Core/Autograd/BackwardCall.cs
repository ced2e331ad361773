namespace NativeDL;

/// <summary>What an operation's backward pass is given: what it saved, the gradients of its results, and which operands want one.</summary>
public readonly struct BackwardCall
{
    private readonly Node node;
    private readonly Tensor?[] outputGradients;
    private readonly bool[] needed;

    internal BackwardCall(Node node, Tensor?[] outputGradients, bool[] needed) => (this.node, this.outputGradients, this.needed) = (node, outputGradients, needed);

    /// <summary>Whether operand <paramref name="i"/> wants a gradient; what nobody wants is not computed.</summary>
    public bool Needs(int i) => needed[i];

    /// <summary>Number of operands.</summary>
    public int Count => node.InputCount;

    /// <summary>Number of results.</summary>
    public int ResultCount => node.OutputCount;

    /// <summary>Saved operand <paramref name="i"/>.</summary>
    public Tensor Input(int i) => Check(node.Input(i).Tensor, node.Input(i).Version, $"operand {i}");

    /// <summary>Saved result <paramref name="i"/>.</summary>
    public Tensor Output(int i = 0) => Check(node.Output(i).Tensor, node.Output(i).Version, $"result {i}");

    /// <summary>Shape of operand <paramref name="i"/>, known also when the operand was not saved.</summary>
    public Shape InputShape(int i) => node.Input(i).Shape;

    /// <summary>Element type of operand <paramref name="i"/>.</summary>
    public DType InputDType(int i) => node.Input(i).DType;

    /// <summary>Device of the operands.</summary>
    public Device InputDevice => node.Device;

    /// <summary>Gradient of result <paramref name="i"/>; zeros when nothing downstream used the result.</summary>
    public Tensor Gradient(int i = 0) =>
        outputGradients[i] ?? Tensor.Zeros(node.Output(i).Shape, node.Output(i).DType, node.Device);

    /// <summary>Whether anything downstream used result <paramref name="i"/>.</summary>
    public bool HasGradient(int i) => outputGradients[i] is not null;

    private Tensor Check(Tensor? saved, int version, string what)
    {
        if (saved is null) throw Error.Gradient(node.Op?.Name ?? "Backward", $"{what} was not saved for the backward pass");
        if (saved.Version != version)
            throw Error.Gradient(node.Op!.Name, $"{what} of shape {saved.Shape} was overwritten in place after it was recorded (version {saved.Version}, recorded {version})",
                "take gradients before the optimizer's step, or record anew after it");
        return saved;
    }
}
