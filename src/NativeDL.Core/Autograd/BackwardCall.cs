namespace NativeDL;

/// <summary>What an operation's backward pass is given: what it saved, the gradients of its results, and which operands want one.</summary>
public readonly struct BackwardCall
{
    private readonly Node node;
    private readonly Tensor?[] outputGradients;
    private readonly bool[] needed, asked;

    /// <param name="node">What was recorded.</param>
    /// <param name="outputGradients">What arrives for each result; null where nothing does.</param>
    /// <param name="needed">Which operands want a gradient.</param>
    /// <param name="asked">Where to note which results' gradients the pass asked for.</param>
    internal BackwardCall(Node node, Tensor?[] outputGradients, bool[] needed, bool[] asked) =>
        (this.node, this.outputGradients, this.needed, this.asked) = (node, outputGradients, needed, asked);

    /// <summary>Whether operand <paramref name="i"/> wants a gradient; what nobody wants is not computed.</summary>
    public bool Needs(int i) => needed[Operand(i)];

    /// <summary>Number of operands.</summary>
    public int Count => node.InputCount;

    /// <summary>Number of results.</summary>
    public int ResultCount => node.OutputCount;

    /// <summary>Saved operand <paramref name="i"/>.</summary>
    public Tensor Input(int i) => Check(node.Input(Operand(i)).Tensor, node.Input(i).Version, "operand", i);

    /// <summary>Saved result <paramref name="i"/>.</summary>
    public Tensor Output(int i = 0) => Check(node.Output(Result(i)).Tensor, node.Output(i).Version, "result", i);

    /// <summary>Shape of operand <paramref name="i"/>, known also when the operand was not saved.</summary>
    public Shape InputShape(int i) => node.Input(Operand(i)).Shape;

    /// <summary>Element type of operand <paramref name="i"/>.</summary>
    public DType InputDType(int i) => node.Input(Operand(i)).DType;

    /// <summary>Device of the operands.</summary>
    public Device InputDevice => node.Device;

    /// <summary>Gradient of result <paramref name="i"/>; zeros when nothing downstream used the result.</summary>
    public Tensor Gradient(int i = 0)
    {
        asked[Result(i)] = true;
        return outputGradients[i] ?? Tensor.Zeros(node.Output(i).Shape, node.Output(i).DType, node.Device);
    }

    /// <summary>Whether anything downstream used result <paramref name="i"/>.</summary>
    public bool HasGradient(int i)
    {
        asked[Result(i)] = true;
        return outputGradients[i] is not null;
    }

    private int Operand(int i) => (uint)i < (uint)node.InputCount ? i : throw Missing("operand", i, node.InputCount);

    private int Result(int i) => (uint)i < (uint)node.OutputCount ? i : throw Missing("result", i, node.OutputCount);

    private GradientException Missing(string what, int i, int count) => Error.Gradient(node.Op!.Name, $"the backward pass asks for {what} {i} of {count}");

    private Tensor Check(Tensor? saved, int version, string what, int i)
    {
        if (saved is null)
            throw Error.Gradient(node.Op?.Name ?? "Backward", $"{what} {i} was not saved for the backward pass",
                $"override Saves: Saved.{(what == "operand" ? "Inputs" : "Output")}, or Saved.Both");
        if (saved.Version != version)
            throw Error.Gradient(node.Op!.Name,
                $"{what} {i} of shape {saved.Shape} was overwritten in place after it was recorded (version {saved.Version}, recorded {version})",
                "take gradients before what they need is overwritten, by an optimizer's step or by Assign; or record anew after it");
        return saved;
    }
}
