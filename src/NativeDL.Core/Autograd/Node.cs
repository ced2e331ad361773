using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// A recorded operation, or a leaf (a watched tensor or a trainable parameter). Nodes point at the nodes of
/// their operands: together they are the graph that a backward pass walks.
/// </summary>
/// <remarks>
/// One is made for every recorded operation, so it is kept small: nearly all operations have one or two operands
/// and one result, which stand in the node itself.
/// </remarks>
internal sealed class Node
{
    private OperandPair pair;
    private Operand[]? moreInputs;
    private Result first;
    private Result[]? moreOutputs;

    /// <summary>A recorded operation.</summary>
    /// <exception cref="GradientException">An operand was recorded elsewhere, by a tape that is still open.</exception>
    public Node(TapeRecord record, Op op, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Op = op;
        Record = record;
        Device = inputs[0].Device;
        InputCount = inputs.Length;
        OutputCount = outputs.Length;
        var saves = op.SavesNow;
        if (inputs.Length > 2) moreInputs = new Operand[inputs.Length - 2];
        for (int i = 0; i < inputs.Length; i++)
        {
            var operand = new Operand(inputs[i], (saves & Saved.Inputs) != 0 || (i == 0 && (saves & Saved.FirstInput) != 0));
            if (i < 2) pair[i] = operand;
            else moreInputs![i - 2] = operand;
            if (operand.Node is not { } from) continue;
            if (from.Record is { } other && other != record && !other.IsWalkedBackward) throw record.CannotFollow(op.Name, other);
            Depth = Math.Max(Depth, from.Depth + 1);
        }
        first = new Result(outputs[0], (saves & Saved.Output) != 0);
        if (outputs.Length == 1) return;
        moreOutputs = new Result[outputs.Length - 1];
        for (int i = 1; i < outputs.Length; i++) moreOutputs[i - 1] = new Result(outputs[i], (saves & Saved.Output) != 0);
    }

    private Node(TapeRecord? record)
    {
        Record = record;
        Device = Device.Cpu;
        OutputCount = 1;
    }

    /// <summary>The operation; null for a leaf and for a node whose tape has ended.</summary>
    public Op? Op { get; private set; }

    /// <summary>The device of the operands; that of the results too, unless the operation is a transfer.</summary>
    public Device Device { get; }

    /// <summary>The record that it stands in; null for a leaf, which several threads may share.</summary>
    public TapeRecord? Record { get; private set; }

    /// <summary>Of a watched tensor's leaf: how often it is watched. Below 0: forgotten.</summary>
    public int Watchers { get; set; }

    /// <summary>Whether it stands for a gradient that depends on nothing: what it reaches is truly 0.</summary>
    public bool IsConstant => Depth == 0 && Record is not null;

    /// <summary>The longest way to a leaf, which has 0: an operation is always deeper than those that made its operands.</summary>
    public int Depth { get; }

    /// <summary>Whether its tape has ended: no gradient flows here any more.</summary>
    public bool IsForgotten => Watchers < 0;

    /// <summary>Number of operands.</summary>
    public int InputCount { get; private set; }

    /// <summary>Number of results.</summary>
    public int OutputCount { get; }

    /// <summary>A leaf: where gradients arrive.</summary>
    public static Node ForLeaf() => new(null);

    /// <summary>A gradient that depends on nothing recorded.</summary>
    public static Node ForConstant(TapeRecord record) => new(record);

    /// <summary>Operand <paramref name="i"/>.</summary>
    public ref readonly Operand Input(int i)
    {
        if (i < 2) return ref pair[i];
        return ref moreInputs![i - 2];
    }

    /// <summary>Result <paramref name="i"/>.</summary>
    public ref readonly Result Output(int i)
    {
        if (i == 0) return ref first;
        return ref moreOutputs![i - 1];
    }

    /// <summary>Lets go of everything saved.</summary>
    public void Forget()
    {
        Op = null;
        Record = null;
        Watchers = -1;
        InputCount = 0;
        pair = default;
        moreInputs = null;
        first = default;
        moreOutputs = null;
    }

    /// <summary>An operand: where its gradient goes, what it was, and, if the operation asked for it, the tensor itself.</summary>
    public readonly struct Operand(Tensor x, bool save)
    {
        private readonly object kept = save ? x : x.Shape;   // one reference: the collector watches each that is written
        private readonly int outputAndType = (x.NodeOutput << 4) | (int)x.DType;

        public Node? Node { get; } = x.Node;

        public Tensor? Tensor => kept as Tensor;

        public Shape Shape => kept as Shape ?? ((Tensor)kept).Shape;

        public int Version { get; } = x.Version;

        public int Output => outputAndType >> 4;

        public DType DType => (DType)(outputAndType & 15);
    }

    /// <summary>A result: what it was, and, if the operation asked for it, the tensor itself.</summary>
    public readonly struct Result(Tensor y, bool save)
    {
        private readonly object kept = save ? y : y.Shape;

        public Tensor? Tensor => kept as Tensor;

        public Shape Shape => kept as Shape ?? ((Tensor)kept).Shape;

        public int Version { get; } = y.Version;

        public DType DType { get; } = y.DType;
    }

    [InlineArray(2)]
    private struct OperandPair
    {
        private Operand first;
    }
}
