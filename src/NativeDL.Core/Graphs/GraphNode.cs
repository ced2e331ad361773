namespace NativeDL;

/// <summary>
/// A recorded call on tensors without data. Its inputs lead to the nodes before it: together they are the graph that a
/// model runs.
/// </summary>
/// <param name="inputs">What it was called on: symbols, and perhaps constants beside them.</param>
internal abstract class GraphNode(Tensors inputs)
{
    /// <summary>What stands for the node in errors and pictures.</summary>
    public abstract string Name { get; }

    /// <summary>Symbols, and perhaps constants beside them.</summary>
    public Tensors Inputs => inputs;

    /// <summary>The symbols that it makes.</summary>
    public Tensors Outputs { get; protected init; }

    /// <summary>The same call on other tensors.</summary>
    /// <param name="on">In place of <see cref="Inputs"/>.</param>
    /// <param name="context">What whoever runs the graph hands to all its nodes.</param>
    public abstract Tensors Replay(Tensors on, object? context);
}

/// <summary>A tensor operation in a graph.</summary>
internal sealed class OpNode : GraphNode
{
    /// <param name="op">The operation with its attributes.</param>
    /// <param name="inputs">Symbols and constants.</param>
    /// <param name="outputs">Promised tensors, which become the node's symbols.</param>
    public OpNode(Op op, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs) : base(Tensors.Of(inputs))
    {
        Op = op;
        Outputs = Tensors.Of(outputs);
        for (int i = 0; i < outputs.Length; i++) outputs[i].BecomeSymbol(this, i);
    }

    /// <summary>The operation with its attributes.</summary>
    public Op Op { get; }

    public override string Name => Op.Name;

    public override Tensors Replay(Tensors on, object? context) => Op.RunMany([.. on]);
}
