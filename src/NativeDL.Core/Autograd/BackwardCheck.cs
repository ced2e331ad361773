namespace NativeDL;

/// <summary>What an operation's backward pass has to keep to. What it gets wrong would be wrong numbers, somewhere else and in silence.</summary>
internal static class BackwardCheck
{
    public static void Run(Op op, Node node, Tensor?[] arrived, bool[] needs, Tensors given, bool[] asked)
    {
        if (given.Count != node.InputCount)
            throw Error.Gradient(op.Name, $"the backward pass gave {Gradients(given.Count)} for {node.InputCount} operand{(node.InputCount == 1 ? "" : "s")}",
                "one for each operand, null for none");
        bool gives = false;
        for (int i = 0; i < needs.Length; i++)
        {
            if (!needs[i] || given[i] is not { } gradient) continue;
            gives = true;
            ref readonly var operand = ref node.Input(i);
            if (gradient.DType != operand.DType)
                throw Error.Gradient(op.Name, $"the backward pass gave operand {i}, {operand.DType} {operand.Shape}, a gradient of another element type, {gradient.DType} {gradient.Shape}",
                    $"gradient.Cast(call.InputDType({i}))");
            if (!Fits(gradient.Shape, operand.Shape))
                throw Error.Gradient(op.Name,
                    $"the backward pass gave operand {i}, {operand.DType} {operand.Shape}, a gradient that does not fit it, {gradient.DType} {gradient.Shape}",
                    "a gradient has its operand's shape, or one that the operand's broadcasts to");
        }
        if (!gives) return;   // says that the derivative is 0
        for (int i = 0; i < arrived.Length; i++)
        {
            if (arrived[i] is not { } gradient || asked[i] || AsksIfAllNeed(op, node, arrived, needs, i)) continue;
            throw Error.Gradient(op.Name, $"the backward pass never asked for the gradient of result {i}, {gradient.DType} {gradient.Shape}, so that what it gave leaves out what flows through that result",
                $"add what follows from call.Gradient({i}); where result {i} has no derivative, call.HasGradient({i}) says so; null stands for no gradient");
        }
    }

    private static string Gradients(int count) => count == 1 ? "1 gradient" : $"{count} gradients";

    private static bool Fits(Shape gradient, Shape operand)
    {
        int extra = gradient.Rank - operand.Rank;
        if (extra < 0) return false;
        for (int i = 0; i < operand.Rank; i++)
            if (operand[i] != gradient[i + extra] && operand[i] != 1) return false;
        return true;
    }

    // Whether the pass only did not ask because nobody wants the gradient of the operand that the result depends on.
    private static bool AsksIfAllNeed(Op op, Node node, Tensor?[] arrived, bool[] needs, int result)
    {
        var all = new bool[needs.Length];
        for (int i = 0; i < all.Length; i++) all[i] = node.Input(i).DType.IsFloating();
        if (all.AsSpan().SequenceEqual(needs)) return false;
        var asked = new bool[arrived.Length];
        try
        {
            op.BackwardNow(new BackwardCall(node, arrived, all, asked));
        }
        catch (GradientException)
        {
            return true;   // one of those operands has no derivative, which nobody asks for
        }
        return asked[result];
    }
}
