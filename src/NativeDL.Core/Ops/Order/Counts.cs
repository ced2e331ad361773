namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// How many elements over the given axes are not 0, as Int64; over all of them when none are named. <c>[…] -> Int64 […] without the axes</c>
    /// </summary>
    /// <param name="axes">Negative axes count from the end.</param>
    /// <param name="keepDims">Whether the axes stay with size 1.</param>
    /// <remarks>NaN is not 0. Of truth values those that are true are counted.</remarks>
    public Tensor CountNonzero(Axes axes = default, bool keepDims = false) => (DType == DType.Bool ? this : NotEqual(0)).Cast(DType.Int64).Sum(axes, keepDims);

    /// <summary>
    /// How often each whole number from 0 on comes, as Int64; with weights the sum of the weights of its elements instead. <c>Int […] -> [k]</c>
    /// </summary>
    /// <param name="weights">A number for each element, floating-point: the result then has their type, and they have a gradient.</param>
    /// <param name="minLength">The result has at least so many numbers.</param>
    /// <remarks>NumPy's <c>bincount</c>, of any shape. k is the greatest element and one more: reading it waits for its device.</remarks>
    /// <exception cref="DTypeMismatchException">The elements are not Int32 or Int64, or the weights not floating-point.</exception>
    /// <exception cref="ShapeMismatchException">The weights have another shape.</exception>
    /// <exception cref="InvalidInputException">An element is negative (on the CPU), or <paramref name="minLength"/> is.</exception>
    public Tensor BinCount(Tensor? weights = null, int minLength = 0)
    {
        const string name = "bincount";
        if (minLength < 0) throw Error.Input(name, "the least length is negative", $"{minLength}", "0 or more");
        if (weights is not null && weights.Shape != Shape)
            throw Error.Shape(name, "there must be a weight for each element", $"weights {weights.Shape} for {Shape}", "equal shapes");
        var places = IndexList.Normalize(name, this).Reshape(-1);
        int length = Math.Max(minLength, ElementCount == 0 ? 0 : NativeDL.Shape.Dimension(name, Math.Max(0, (long)places.Max()) + 1));
        return Tally(places, weights?.Reshape(-1), length);
    }

    /// <summary>
    /// How many elements lie in each of so many equal parts between the smallest and the greatest, and where the parts begin and end.
    /// <c>[…] -> Int64 [bins], [bins + 1]</c>
    /// </summary>
    /// <param name="bins">How many parts.</param>
    /// <remarks>
    /// See <see cref="Histogram(int, double, double)"/>. Reading the ends waits for the device. Where all elements are equal it goes from ½ below to ½ above.
    /// </remarks>
    /// <exception cref="InvalidInputException">There are fewer than one part, or an element is not finite.</exception>
    public (Tensor Counts, Tensor Edges) Histogram(int bins = 10)
    {
        (double low, double high) = ElementCount == 0 ? (0, 1) : (Min().Item(), Max().Item());
        return low == high ? Histogram(bins, low - 0.5, high + 0.5) : Histogram(bins, low, high);
    }

    /// <summary>
    /// How many elements lie in each of so many equal parts between two ends, and where the parts begin and end. <c>[…] -> Int64 [bins], [bins + 1]</c>
    /// </summary>
    /// <param name="bins">How many parts.</param>
    /// <param name="low">Where the first part begins. What is below is not counted.</param>
    /// <param name="high">Where the last part ends, which belongs to it. What is above is not counted, nor is NaN.</param>
    /// <returns>The counts, and the ends of the parts: of this tensor's type, of half precision Float32, of whole numbers Float64.</returns>
    /// <remarks>NumPy's <c>histogram</c>: a part holds where it begins and, but for the last one, not where it ends.</remarks>
    /// <exception cref="InvalidInputException">There are fewer than one part, or the ends are not finite or in the wrong order.</exception>
    public (Tensor Counts, Tensor Edges) Histogram(int bins, double low, double high)
    {
        const string name = "histogram";
        if (bins < 1) throw Error.Input(name, "there must be one part or more", $"{bins}");
        if (!double.IsFinite(low) || !double.IsFinite(high) || low >= high)
            throw Error.Input(name, "the ends must be finite and in rising order", $"{low} to {high}", null,
                "an element that is not finite leaves no ends: give them");
        var dtype = DType.IsFloating() ? DType.ComputeType() : DType.Float64;
        var edges = Linspace(low, high, bins + 1, dtype).To(IsSymbolic ? Device.Cpu : Device);
        var x = Cast(dtype).Reshape(-1);
        // The place behind the last part holds what is not counted.
        var place = edges.SearchSorted(x, right: true) - 1;
        place = Where(x == edges.Narrow(0, bins, 1), bins - 1, place);
        place = Where(place < 0, bins, place);
        return (Tally(place, null, bins + 1).Narrow(0, 0, bins), edges);
    }

    // Float64 counts exactly up to 2⁵³.
    private static Tensor Tally(Tensor places, Tensor? weights, int length) => weights is not null ? weights.ScatterAdd(places, 0, length)
        : OnesLike(places.Cast(DType.Float64)).ScatterAdd(places, 0, length).Cast(DType.Int64);
}

internal abstract class CountNonzeroSpec : IOp
{
    public static OpSpec Spec => new("count_nonzero", "[…a] -> Int64 […b]", d =>
    {
        var x = d.Tensor(d.Shape(0, 4)).Round();
        int[] axes = d.Axes(x.Rank);
        bool keep = d.Flag();
        return new OpCase([x], t => [t[0].CountNonzero(axes, keep)], $"axes [{string.Join(", ", axes)}], keepDims {keep}");
    })
    { Differentiable = false, TwiceDifferentiable = false };
}

internal abstract class HistogramSpec : IOp
{
    public static OpSpec Spec => new("histogram", "[…] -> Int64 [b], [e]", d =>
    {
        // Nowhere near an edge, so that float32 counts as float64.
        var x = d.Tensor(d.Shape(0, 3), Domain.Real.Away(-2, -1, 0, 1, 2));
        var (low, high, bins) = d.OneOf((-2.0, 2.0, 4), (-1.0, 2.0, 3), (-4.0, 0.0, 2));
        return new OpCase([x], t =>
        {
            var (counts, edges) = t[0].Histogram(bins, low, high);
            return [counts, edges];
        }, $"{bins} from {low} to {high}");
    })
    { Differentiable = false, TwiceDifferentiable = false };
}
