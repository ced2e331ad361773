namespace NativeDL;

public sealed partial class CallContext
{
    /// <summary>
    /// Takes a step of a recurrent layer for each step of a sequence, one after another: the loop, masks and lengths that are not known
    /// yet are seen to here. Where the mask of <paramref name="x"/> is false, the state and the output stay what they were.
    /// </summary>
    /// <param name="x">The sequence, <c>[N, T, …]</c>.</param>
    /// <param name="state">The first state, each <c>[N, …]</c>: <see cref="State"/>, or <c>Tensor.ZerosLike(x, [-1, units])</c>.</param>
    /// <param name="step">From <c>x[.., t]</c>, <c>[N, …]</c>, and the state to the step's output <c>[N, …]</c> and the next state.</param>
    /// <param name="reverse">Whether the last step of the sequence is taken first; outputs stand at the places of their steps.</param>
    /// <returns>The outputs, <c>[N, T, …]</c>, and the last state.</returns>
    /// <exception cref="ShapeMismatchException">There is no time axis, or no step on it.</exception>
    /// <exception cref="InvalidInputException">A step gives another number of states than it was given.</exception>
    /// <example><code>
    /// var (outputs, last) = call.Scan(x, Tensor.ZerosLike(x, [-1, units]), (xt, s) => { var h = (xt.MatMul(w!) + s[0].MatMul(u!)).Tanh(); return (h, h); });
    /// </code></example>
    public (Tensor Outputs, Tensors State) Scan(Tensor x, Tensors state, Func<Tensor, Tensors, (Tensor Output, Tensors State)> step, bool reverse = false)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(step);
        if (x.Rank < 2 || x.Shape.Dimension(1) == 0) throw Error.Shape("CallContext.Scan", x.Rank < 2 ? "there is no time axis" : "there is no step to take",
            $"{x.Shape}", "[N, T, …] of one step or more");
        var mask = x.Mask ?? (Mask is { } own && MaskRules.IsOf(own, x) ? own : null);
        if (mask is { Rank: < 2 }) mask = null;
        if (x.IsMasked)
        {
            // What the mask says is done here, once for each step.
            x = x.Alias();
            x.SetMask(null);
        }
        if (x.Shape.Dimension(1) == Shape.None)
        {
            // All steps are alike: one tells the shapes.
            var (y, next) = Take(x[.., 0], state);
            return (Tensor.Symbolic([y.Shape.Dimension(0), Shape.None, .. y.Shape[1..]], y.DType), next);
        }
        if (x.Shape[1] > Array.MaxLength) throw Error.Shape("CallContext.Scan", "there are too many steps", $"{x.Shape}", $"at most {Array.MaxLength}");
        var outputs = new Tensor[x.Shape[1]];
        Tensor? before = null;
        for (int i = 0; i < outputs.Length; i++)
        {
            int t = reverse ? outputs.Length - 1 - i : i;
            var (y, next) = Take(x[.., t], state);
            if (mask is not null)
            {
                var counts = mask[.., t];
                var held = state;
                next = Tensors.Of([.. next.Select((s, k) => Tensor.Where(MaskRules.Wide(counts, s.Rank), s, held[k]))]).NamedAs(next);
                y = Tensor.Where(MaskRules.Wide(counts, y.Rank), y, before ?? Tensor.ZerosLike(y));
            }
            (outputs[t], before, state) = (y, y, next);
        }
        var all = Tensor.Stack(outputs, axis: 1);
        all.SetMask(mask);
        return (all, state);

        (Tensor, Tensors) Take(Tensor xt, Tensors from)
        {
            var (y, next) = step(xt, from);
            if (y is null || next.Count != from.Count) throw Error.Input("CallContext.Scan",
                y is null ? "a step gave no output" : "a step gave another number of states than it was given", $"{next}", $"{from}");
            return (y, next);
        }
    }
}
