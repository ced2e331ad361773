namespace NativeDL;

/// <summary>What a tape and those inside of it write down together: the operations, in order, and which tensors are watched.</summary>
internal sealed class TapeRecord
{
    // Leaves stand on tensors, which several threads may watch at once.
    private static readonly Lock Watching = new();
    private readonly List<(Tensor Tensor, Node Leaf)> watched = [];

    /// <summary>Where the outermost tape was opened.</summary>
    public string Place { get; }

    /// <summary>The thread whose operations are recorded.</summary>
    public int Thread { get; } = Environment.CurrentManagedThreadId;

    // A step records a few hundred operations; the list of the last tape serves the next.
    [ThreadStatic] private static List<Node>? spare;

    public TapeRecord(string place)
    {
        Place = place;
        Nodes = spare ?? new List<Node>(64);
        spare = null;
    }

    /// <summary>The operations.</summary>
    public List<Node> Nodes { get; private set; }

    /// <summary>The tape that was opened last; null once all have ended.</summary>
    public GradientTape? Innermost { get; set; }

    /// <summary>The record that was open where this one began, on another thread.</summary>
    public TapeRecord? Around { get; init; }

    /// <summary>The last operation at which gradients ended, for its results are no floating-point numbers.</summary>
    public string? Ended { get; set; }

    /// <summary>Whether this is the record's thread.</summary>
    public bool IsHere => Thread == Environment.CurrentManagedThreadId;

    /// <summary>Gives a tensor a leaf for as long as the tapes are open, unless it is recorded already.</summary>
    public void Watch(Tensor tensor)
    {
        lock (Watching)
        {
            if (tensor.Node is null) (tensor.Node, tensor.NodeOutput) = (Node.ForLeaf(), 0);
            else if (tensor.Node.Watchers == 0) return;
            tensor.Node.Watchers++;
            watched.Add((tensor, tensor.Node));
        }
    }

    /// <summary>Whether gradients with respect to a tensor can be had: it was recorded here, is watched here, or is a parameter's value.</summary>
    public bool Knows(Tensor tensor) =>
        tensor.Node is { } node && (node.Record is { } record ? record == this : node.Watchers == 0 || watched.Exists(w => w.Leaf == node));

    /// <summary>Lets go of everything, when the outermost tape has ended.</summary>
    public void Clear()
    {
        Unwatch();
        foreach (var node in Nodes) node.Forget();
        Nodes.Clear();
        if (Nodes.Capacity > 0) spare = Nodes;
        Nodes = [];
    }

    /// <summary>The same on another thread, where the operations are not touched.</summary>
    public void Unwatch()
    {
        lock (Watching)
        {
            foreach (var (tensor, leaf) in watched)
                if (--leaf.Watchers == 0 && tensor.Node == leaf) tensor.Node = null;
            watched.Clear();
        }
    }

    /// <summary>
    /// Whether its tapes have ended on this thread, and their backward pass goes on: another tape, of a fused operation's derivative, may begin with its
    /// tensors.
    /// </summary>
    public bool IsWalkedBackward => IsHere && Innermost is null;

    /// <summary>The error of an operation that would join two records.</summary>
    public GradientException CannotFollow(string op, TapeRecord other) => Error.Gradient(op,
        $"an operand was recorded by the tape begun at {other.Place} on thread {other.Thread}, and the tape begun at {Place} on thread {Thread} cannot follow gradients there",
        "compute on one thread what one tape shall differentiate; StopGradient() makes a constant of the operand");

    /// <summary>The error of a target that is not recorded.</summary>
    /// <param name="method">What was asked.</param>
    /// <param name="target">The target.</param>
    /// <param name="sources">What it should have led to.</param>
    public GradientException NotReached(string method, Tensor target, string sources)
    {
        string why = !target.DType.IsFloating() ? $"the target is {target.DType}, and no gradient flows through whole numbers and truth values"
            : target.Node is not null ? "the target was recorded, but none of them took part in computing it"
            : Nodes.Count == 0 ? "the tape has recorded nothing"
            : "the target is none of the results that the tape recorded";
        if (Ended is not null) why += $"; gradients ended at {Ended}, which has no derivative";
        return Error.Gradient(method, $"no gradient reaches {sources}: {why} (the tape was opened at {Place})",
            "compute the target while the tape is open and on its thread, an await may go on on another one, and from tensors, not from numbers that Item() or ToArray() have read");
    }
}
