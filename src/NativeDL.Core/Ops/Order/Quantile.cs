namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// The middle element in order over the given axes, of an even number the mean of the two in the middle; over all axes when none are named.
    /// <c>[…] -> […] without the axes</c>
    /// </summary>
    /// <param name="axes">Negative axes count from the end.</param>
    /// <param name="keepDims">Whether the axes stay with size 1.</param>
    /// <remarks>NumPy's median: NaN where one of the elements is. The gradient goes to the element, or half each to the two, that it was made of.</remarks>
    /// <exception cref="ShapeMismatchException">There is no element to choose from.</exception>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Median(Axes axes = default, bool keepDims = false) => Between("median", 0.5, axes, keepDims);

    /// <summary>
    /// The number below which the share <paramref name="q"/> of the elements lies, over the given axes; over all of them when none are named.
    /// <c>[…] -> […] without the axes</c>
    /// </summary>
    /// <param name="q">0 is the smallest element, 1 the greatest; in between it goes evenly from each element in order to the next (NumPy's "linear").</param>
    /// <param name="axes">Negative axes count from the end.</param>
    /// <param name="keepDims">Whether the axes stay with size 1.</param>
    /// <remarks>NaN where one of the elements is. The gradient goes to the two elements that the result lies between, in their shares.</remarks>
    /// <exception cref="InvalidInputException"><paramref name="q"/> is not from 0 to 1.</exception>
    /// <exception cref="ShapeMismatchException">There is no element to choose from.</exception>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor Quantile(double q, Axes axes = default, bool keepDims = false) =>
        q is >= 0 and <= 1 ? Between("quantile", q, axes, keepDims) : throw Error.Input("quantile", "the share is not one", $"{q}", "0 to 1");

    private Tensor Between(string name, double q, Axes axes, bool keepDims)
    {
        int[] gone = axes.In(name, Shape);
        if (!DType.IsFloating())
            throw Error.DType(name, "the operand must be floating-point", $"{DType} {Shape}", "Float32, Float64, BFloat16 or Float16", "convert it with Cast");
        var rows = LastOf(gone);
        int n = rows.Shape[^1];
        if (n == 0) throw Error.Shape(name, "there is no element to choose from", $"axes [{string.Join(", ", gone)}] of a tensor of shape {Shape}");
        var sorted = rows.Ordered(false, 0, n).Values;
        double place = q * (n - 1);
        int below = (int)Math.Floor(place), above = Math.Min(below + 1, n - 1);
        double share = place - below;
        Tensor low = sorted.Narrow(-1, below, 1), high = sorted.Narrow(-1, above, 1), last = sorted.Narrow(-1, n - 1, 1);
        var y = share == 0 ? low : share == 0.5 ? low * 0.5 + high * 0.5 : low + (high - low) * share;
        // NaN stands last, wherever it came from.
        return Where(last.IsNaN(), last, y).Reshape(keepDims ? Shape.KeepOnes(gone) : Shape.Without(gone));
    }

    // The axes (normalized, rising) as one, at the end.
    private Tensor LastOf(int[] axes)
    {
        int[] kept = [.. Enumerable.Range(0, Rank).Except(axes)];
        if (axes.Length == 1) return axes[0] == Rank - 1 ? this : Permute([.. kept, .. axes]);
        return Permute([.. kept, .. axes]).Reshape([.. Shape.Only(kept), NativeDL.Shape.Dimension("reshape", Shape.CountOf(axes))]);
    }
}

internal abstract class MedianSpec : IOp
{
    public static OpSpec Spec => new("median", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(0, 4), Domain.Distinct);
        int[] axes = d.Axes(x.Rank);
        bool keep = d.Flag();
        return new OpCase([x], t => [t[0].Median(axes, keep)], $"axes [{string.Join(", ", axes)}], keepDims {keep}");
    })
    { Composed = true };
}

internal abstract class QuantileSpec : IOp
{
    public static OpSpec Spec => new("quantile", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(0, 4), Domain.Distinct);
        int[] axes = d.Axes(x.Rank);
        bool keep = d.Flag();
        double q = d.OneOf(0, 0.25, 0.3, 0.9, 1);
        return new OpCase([x], t => [t[0].Quantile(q, axes, keep)], $"q {q}, axes [{string.Join(", ", axes)}], keepDims {keep}");
    })
    { Composed = true };
}
