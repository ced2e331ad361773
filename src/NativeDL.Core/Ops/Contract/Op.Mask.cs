namespace NativeDL;

public abstract partial class Op
{
    /// <summary>
    /// Which steps of a result count, where not all of the operands' do. Unless overridden, those that count in every masked operand
    /// that has as many dimensions as the result, and the same first ones: elementwise operations need no more.
    /// </summary>
    /// <param name="x">The operands; one at least has a <see cref="Tensor.Mask"/>.</param>
    /// <param name="y">The result.</param>
    /// <returns>Bool, of the result's first dimensions; null where all steps count, or none of the operands' is left.</returns>
    protected virtual Tensor? ComputeMask(Operands x, Tensor y)
    {
        Tensor? all = null;
        for (int i = 0; i < x.Count; i++)
            if (x[i].Mask is { } mask && x[i].Rank == y.Rank && MaskRules.IsOf(mask, y)) all = MaskRules.Both(all, mask);
        return all;
    }

    private void PassMasksOn(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        foreach (var y in outputs) y.SetMask(ComputeMask(new Operands(inputs), y));
    }
}

/// <summary>What operations and layers say of masks.</summary>
internal static class MaskRules
{
    /// <summary>Whether a mask's dimensions are the tensor's first.</summary>
    public static bool IsOf(Tensor mask, Tensor x) => mask.Rank <= x.Rank && mask.Shape.Dimensions.SequenceEqual(x.Shape.Dimensions[..mask.Rank]);

    /// <summary>Refuses a mask that is none of this tensor's.</summary>
    public static void Require(Tensor x, Tensor mask)
    {
        if (mask.DType != DType.Bool)
            throw Error.DType("Mask", "a mask says of each step whether it counts", $"{mask.DType} {mask.Shape}", "Bool", "compare: x != 0");
        bool fits = mask.Rank <= x.Rank && mask.Shape.IsCompatible(x.Shape[..mask.Rank]);
        if (!fits)
            throw Error.Shape("Mask", "the mask is not of the tensor's first dimensions", $"mask {mask.Shape} and tensor {x.Shape}", "[N, T] for [N, T, …]");
    }

    /// <summary>The steps that count in both.</summary>
    public static Tensor? Both(Tensor? a, Tensor? b)
    {
        if (a is null || b is null || ReferenceEquals(a, b)) return a ?? b;
        return a.Rank == b.Rank ? a & b : a.Rank < b.Rank ? Wide(a, b.Rank) & b : a & Wide(b, a.Rank);
    }

    /// <summary>Of a product of rows: those of the left operand, whose last axis goes.</summary>
    public static Tensor? OfRows(Tensor x, Tensor y) => x.Mask is { } mask && mask.Rank < x.Rank && x.Rank == y.Rank && IsOf(mask, y) ? mask : null;

    /// <summary>The mask with axes of size 1 at its end.</summary>
    public static Tensor Wide(Tensor mask, int rank) => mask.Rank == rank ? mask : mask.Reshape([.. mask.Shape, .. Enumerable.Repeat(1, rank - mask.Rank)]);
}
