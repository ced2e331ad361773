using System.Runtime.CompilerServices;

namespace NativeDL;

public sealed partial class Tensor
{
    // Few tensors have one, so masks stand beside the tensors and not in each of them.
    private static readonly ConditionalWeakTable<Tensor, Tensor> Masks = [];
    private bool isMasked;

    /// <summary>
    /// Which steps of the tensor count, as in a batch of sequences of unequal lengths: Bool, of the tensor's first dimensions, such as
    /// <c>[N, T]</c> for <c>[N, T, …]</c>. Null where all do.
    /// </summary>
    /// <remarks>
    /// Operations and layers pass masks on to results that have the same steps: elementwise functions (of several masked operands, the steps
    /// that count in all), products (the left operand's), slices, joined and reshaped tensors, reductions of other axes. A result
    /// whose steps are gone or stand elsewhere has none: a sum over time, a transpose, a padded tensor. No operation leaves out
    /// masked steps by itself: a mean over time weighs by the mask where it should.
    /// </remarks>
    public Tensor? Mask => isMasked && Masks.TryGetValue(this, out var mask) && mask.storage is not null ? mask : null;

    /// <summary>Whether operations on the tensor have a mask to pass on.</summary>
    internal bool IsMasked => isMasked;

    /// <summary>The same elements, of which only some steps count: a view. <c>[N, T, …], Bool [N, T] -> [N, T, …]</c></summary>
    /// <param name="mask">True where a step counts.</param>
    /// <exception cref="ShapeMismatchException">The mask's dimensions are not the tensor's first ones.</exception>
    /// <exception cref="DTypeMismatchException">The mask is not <see cref="DType.Bool"/>.</exception>
    /// <example><code>
    /// var y = decoder.Call([step, memory.WithMask(ids != 0)]);
    /// </code></example>
    public Tensor WithMask(Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return WithMaskOp.Instance.Run(this, mask);
    }

    /// <summary>Sets the mask of this very tensor; null: all steps count.</summary>
    internal void SetMask(Tensor? mask)
    {
        if (mask is null)
        {
            if (isMasked) Masks.Remove(this);
            isMasked = false;
            return;
        }
        MaskRules.Require(this, mask);
        Masks.AddOrUpdate(this, mask);
        isMasked = true;
    }

    /// <summary>The same elements in a tensor of its own, on the same memory.</summary>
    internal Tensor Alias() => AliasOp.Instance.Run(this);
}
