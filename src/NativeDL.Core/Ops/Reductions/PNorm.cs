namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>(Σ |x|ᵖ)^(1/p) over the given axes; over all of them when none are named. <c>[…] -> […] without the axes</c></summary>
    /// <param name="p">2 is the Euclidean norm, +∞ the greatest |x|, −∞ the smallest, 0 counts the elements that are not 0.</param>
    /// <param name="axes">Negative axes count from the end.</param>
    /// <param name="keepDims">Whether the axes stay with size 1.</param>
    /// <remarks>
    /// No power overflows or vanishes on the way. Where the norm is 0 the gradient is 0, as it is at a single element of 0; of ±∞ it goes to the first of
    /// equal elements. NumPy's <c>linalg.norm</c> of vectors.
    /// </remarks>
    /// <exception cref="InvalidInputException"><paramref name="p"/> is NaN.</exception>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor PNorm(double p, Axes axes = default, bool keepDims = false)
    {
        const string name = "p_norm";
        if (double.IsNaN(p)) throw Error.Input(name, "the order is no number", $"{p}");
        if (!DType.IsFloating())
            throw Error.DType(name, "the operand must be floating-point", $"{DType} {Shape}", "Float32, Float64, BFloat16 or Float16", "convert it with Cast");
        if (p == 2) return Norm(axes, keepDims);
        if (p == 0) return NotEqual(0).Cast(DType).Sum(axes, keepDims);
        var size = Abs();
        if (double.IsInfinity(p)) return p > 0 ? size.Max(axes, keepDims) : size.Min(axes, keepDims);
        if (p == 1) return size.Sum(axes, keepDims);
        int[] over = axes.In(name, Shape);
        if (p > 0 && Shape.IsKnown && Shape.CountOf(over) == 0) return size.Sum(over, keepDims);
        // In parts of the one that decides: the greatest, or for a negative p the smallest. Whatever it is, the norm is the same: it is a constant.
        var fixedSize = size.StopGradient();
        var scale = p > 0 ? fixedSize.Max(over, true) : fixedSize.Min(over, true);
        Tensor isPlain = (scale > 0) & (scale < double.PositiveInfinity), one = OnesLike(scale), isThere = fixedSize > 0;
        var power = Where(isThere, size / Where(isPlain, scale, one), one).Pow(p);
        var sum = Where(isThere, power, ZerosLike(scale)).Sum(over, true);
        var y = Where(isPlain, scale * Where(isPlain, sum, one).Pow(1 / p), scale);
        return keepDims ? y : y.Squeeze(over);
    }
}

internal abstract class PNormSpec : IOp
{
    public static OpSpec Spec => new("p_norm", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(0, 4), Domain.Real.Away(0));
        int[] axes = d.Axes(x.Rank);
        bool keep = d.Flag();
        double p = d.OneOf(1, 3, 1.5, 0.5, -1, 2);
        return new OpCase([x], t => [t[0].PNorm(p, axes, keep)], $"p {p}, axes [{string.Join(", ", axes)}], keepDims {keep}");
    })
    { ReductionLength = c => c.Elements, Composed = true, Flops = c => 20.0 * c.Elements };
}
