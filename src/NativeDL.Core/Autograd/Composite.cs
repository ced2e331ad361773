namespace NativeDL;

/// <summary>
/// Derivatives of an operation whose kernel is fused, from the same maths written in tensor operations: a fused
/// gradient needs no second derivative of its own by hand.
/// </summary>
internal static class Composite
{
    /// <summary>
    /// What the operation's backward pass returns: gradients of <paramref name="reference"/> at the operands, which the
    /// operation must have saved. They can be differentiated again.
    /// </summary>
    /// <param name="call">The backward call.</param>
    /// <param name="reference">From the operands to the results, of the same shapes as the operation's.</param>
    public static Tensors Backward(BackwardCall call, Func<Tensor[], Tensor[]> reference)
    {
        var operands = new Tensor[call.Count];
        var sources = new List<Tensor>();
        var gradients = new Tensor?[call.Count];
        using var tape = new GradientTape();
        for (int i = 0; i < operands.Length; i++)
        {
            // In float32 throughout: of a half-precision operation only what comes out is rounded, once.
            operands[i] = Wide(call.Input(i));
            if (!call.Needs(i)) continue;
            // A tensor of its own for every operand: one operand may depend on another (a mean on its data), and the
            // partial derivatives must not run into each other. To tapes around this one the alias is transparent.
            operands[i] = tape.Watch(operands[i].Alias());
            sources.Add(operands[i]);
        }
        var results = reference(operands);
        Tensor? target = null;
        for (int i = 0; i < results.Length; i++)
        {
            if (!call.HasGradient(i)) continue;
            var weighted = (results[i] * Wide(call.Gradient(i))).Sum();
            target = target is null ? weighted : target + weighted;
        }
        if (target is null) return gradients;
        var found = tape.GradientOrZeros(target, sources);
        for (int i = 0, k = 0; i < operands.Length; i++)
            if (call.Needs(i)) gradients[i] = found[k++].Cast(call.InputDType(i));
        return gradients;
    }

    private static Tensor Wide(Tensor x) => x.DType.IsFloating() ? x.Cast(x.DType.ComputeType()) : x;
}
