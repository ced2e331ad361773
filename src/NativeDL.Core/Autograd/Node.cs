namespace NativeDL;

/// <summary>What an operation keeps of its operands and results for its backward pass.</summary>
[Flags]
internal enum Saved
{
    Nothing = 0,
    Inputs = 1,
    Output = 2,
    Both = Inputs | Output,
}

/// <summary>
/// A recorded operation, or a leaf (a watched tensor or a trainable parameter). Nodes point at the nodes of
/// their operands: together they are the graph that a backward pass walks.
/// </summary>
internal sealed class Node
{
    private static long counter;

    /// <summary>A recorded operation.</summary>
    public Node(Op op, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Op = op;
        Inputs = new Operand[inputs.Length];
        bool save = (op.Saves & Saved.Inputs) != 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            var x = inputs[i];
            Inputs[i] = new Operand(x.Node, x.NodeOutput, save ? x : null, x.Version, x.Shape, x.DType, x.Device);
        }
        Outputs = new Result[outputs.Length];
        bool keep = (op.Saves & Saved.Output) != 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            var y = outputs[i];
            Outputs[i] = new Result(keep ? y : null, y.Version, y.Shape, y.DType, y.Device);
        }
    }

    private Node(string leaf)
    {
        Leaf = leaf;
        Inputs = [];
        Outputs = [];
    }

    /// <summary>Rises with time: operands always come before the operation that uses them.</summary>
    public long Order { get; } = Interlocked.Increment(ref counter);

    /// <summary>The operation; null for a leaf and for a node whose tape has ended.</summary>
    public Op? Op { get; private set; }

    /// <summary>The leaf's name; null for an operation.</summary>
    public string? Leaf { get; }

    /// <summary>Whether its tape has ended: no gradient flows here any more.</summary>
    public bool IsForgotten => Op is null && Leaf is null;

    public Operand[] Inputs { get; private set; }

    public Result[] Outputs { get; private set; }

    /// <summary>A leaf: where gradients arrive.</summary>
    public static Node ForLeaf(string name) => new(name);

    /// <summary>Lets go of everything saved.</summary>
    public void Forget()
    {
        Op = null;
        Inputs = [];
        Outputs = [];
    }

    /// <summary>An operand: where its gradient goes, what it was, and, if the operation asked for it, the tensor itself.</summary>
    public readonly record struct Operand(Node? Node, int Output, Tensor? Tensor, int Version, Shape Shape, DType DType, Device Device);

    /// <summary>A result.</summary>
    public readonly record struct Result(Tensor? Tensor, int Version, Shape Shape, DType DType, Device Device);
}
