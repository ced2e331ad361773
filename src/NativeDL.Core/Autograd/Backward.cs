namespace NativeDL;

/// <summary>The backward pass: reverse-mode differentiation over the recorded graph.</summary>
internal static class Backward
{
    /// <summary>Gradients of sum(seed · target) with respect to the sources.</summary>
    /// <param name="target">What is differentiated.</param>
    /// <param name="seed">Its gradient; ones if null.</param>
    /// <param name="sources">With respect to what.</param>
    /// <param name="forget">Whether nobody comes back for what was saved.</param>
    /// <param name="reached">Whether the target depends on any of them, or on nothing, as gradients of linear functions do.</param>
    public static Tensor[] Run(Tensor target, Tensor? seed, IReadOnlyList<Tensor> sources, bool forget, out bool reached)
    {
        reached = false;
        var wanted = new HashSet<(Node, int)>();
        foreach (var source in sources) wanted.Add((source.Node!, source.NodeOutput));
        var results = new Dictionary<(Node, int), Tensor>();

        if (target.Node is { } last)
        {
            var nodes = Reachable(last);
            var needed = Needed(nodes, wanted);
            foreach (var node in nodes) reached |= node.IsConstant || needed.ContainsKey(node);
            for (int i = 0; i < last.OutputCount; i++) reached |= wanted.Contains((last, i));
            var gradients = new Dictionary<Node, Tensor?[]>();
            bool[] asked = [];
            Add(gradients, last, target.NodeOutput, seed ?? Tensor.Ones(target.Shape, target.DType, target.Device));

            for (int n = nodes.Count - 1; n >= 0; n--)
            {
                var node = nodes[n];
                if (!gradients.Remove(node, out var arrived)) continue;
                for (int i = 0; i < arrived.Length; i++)
                    if (arrived[i] is { } g && wanted.Contains((node, i))) results[(node, i)] = g;
                if (node.Op is not { } op || !needed.TryGetValue(node, out var needs) || !needs.Contains(true)) continue;

                if (asked.Length < arrived.Length) asked = new bool[arrived.Length];
                else Array.Clear(asked);
                var inputGradients = op.BackwardNow(new BackwardCall(node, arrived, needs, asked));
                BackwardCheck.Run(op, node, arrived, needs, inputGradients, asked);
                for (int i = 0; i < node.InputCount; i++)
                {
                    if (!needs[i] || inputGradients[i] is not { } gradient) continue;
                    ref readonly var operand = ref node.Input(i);
                    // Broadcasting is undone here, once for all operations.
                    Add(gradients, operand.Node!, operand.Output, gradient.SumTo(operand.Shape));
                }
                if (forget) node.Forget();
            }
        }
        return [.. sources.Select(s =>
            GradientTape.Constant(results.TryGetValue((s.Node!, s.NodeOutput), out var g) ? g : Tensor.Zeros(s.Shape, s.DType, s.Device)))];
    }

    private static void Add(Dictionary<Node, Tensor?[]> gradients, Node node, int output, Tensor gradient)
    {
        if (!gradients.TryGetValue(node, out var slots)) gradients[node] = slots = new Tensor?[node.OutputCount];
        slots[output] = slots[output] is { } sum ? sum + gradient : gradient;
    }

    /// <summary>The nodes that the target depends on, the shallowest first: each after all that it uses.</summary>
    private static List<Node> Reachable(Node target)
    {
        var seen = new HashSet<Node> { target };
        var open = new Stack<Node>([target]);
        var nodes = new List<Node>();
        while (open.TryPop(out var node))
        {
            nodes.Add(node);
            for (int i = 0; i < node.InputCount; i++)
                if (node.Input(i).Node is { } from && seen.Add(from)) open.Push(from);
        }
        nodes.Sort(static (a, b) => a.Depth.CompareTo(b.Depth));
        return nodes;
    }

    /// <summary>For each operation that depends on a source: which of its operands do.</summary>
    private static Dictionary<Node, bool[]> Needed(List<Node> nodes, HashSet<(Node, int)> sources)
    {
        var needed = new Dictionary<Node, bool[]>();
        foreach (var node in nodes)
        {
            bool[]? needs = null;
            for (int i = 0; i < node.InputCount; i++)
                if (node.Input(i).Node is { } from && (needed.ContainsKey(from) || sources.Contains((from, node.Input(i).Output))))
                    (needs ??= new bool[node.InputCount])[i] = true;
            if (needs is not null) needed[node] = needs;
        }
        return needed;
    }
}
