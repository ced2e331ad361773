namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The sum of the rows of each segment: y[s] = Σ x[i] over all i with id[i] = s. <c>[k, …], [k] -> [n, …]</c></summary>
    /// <param name="segmentIds">Int32 or Int64, in any order: the segment that each row belongs to, from 0 to n − 1.</param>
    /// <param name="numSegments">n; −1 takes one more than the greatest id, which waits for its device.</param>
    /// <remarks>
    /// 0 for a segment without rows. Rows are added in an order that depends on the ids alone. An id out of range is refused on the CPU;
    /// on CUDA its row is left out.
    /// </remarks>
    /// <exception cref="ShapeMismatchException">There is not one id for each row.</exception>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point, or the ids are not whole numbers.</exception>
    /// <exception cref="InvalidInputException">An id is out of range (on the CPU).</exception>
    public Tensor SegmentSum(Tensor segmentIds, int numSegments = -1)
    {
        int n = Segments("segment_sum", ref segmentIds, numSegments);
        return ScatterAdd(segmentIds, 0, n);
    }

    /// <summary>The mean of the rows of each segment. <c>[k, …], [k] -> [n, …]</c></summary>
    /// <inheritdoc cref="SegmentSum(Tensor, int)"/>
    /// <remarks>0 for a segment without rows, as in TensorFlow and PyTorch.</remarks>
    public Tensor SegmentMean(Tensor segmentIds, int numSegments = -1)
    {
        int n = Segments("segment_mean", ref segmentIds, numSegments);
        var counts = OnesLike(segmentIds.Cast(DType)).ScatterAdd(segmentIds, 0, n);
        return ScatterAdd(segmentIds, 0, n) / MaskRules.Wide(Maximum(counts, 1), Rank);
    }

    /// <summary>The greatest of the rows of each segment, element by element. <c>[k, …], [k] -> [n, …]</c></summary>
    /// <inheritdoc cref="SegmentSum(Tensor, int)"/>
    /// <remarks>
    /// −∞ for a segment without rows, of whole numbers the least one; NaN where a row has one. The gradient goes to the first of equal rows.
    /// </remarks>
    /// <exception cref="DTypeMismatchException">The elements are truth values or bytes, or the ids are not whole numbers.</exception>
    public Tensor SegmentMax(Tensor segmentIds, int numSegments = -1) => SegmentExtremum("segment_max", segmentIds, numSegments, least: false);

    /// <summary>The smallest of the rows of each segment, element by element. <c>[k, …], [k] -> [n, …]</c></summary>
    /// <inheritdoc cref="SegmentMax(Tensor, int)"/>
    /// <remarks>
    /// +∞ for a segment without rows, of whole numbers the greatest one; NaN where a row has one. The gradient goes to the first of equal rows.
    /// </remarks>
    public Tensor SegmentMin(Tensor segmentIds, int numSegments = -1) => SegmentExtremum("segment_min", segmentIds, numSegments, least: true);

    private Tensor SegmentExtremum(string name, Tensor ids, int numSegments, bool least)
    {
        if (DType is DType.Bool or DType.UInt8)
            throw Error.DType(name, "the element type has no order here", $"{DType} {Shape}", "a floating-point type, Int32 or Int64", "convert it with Cast");
        int n = Segments(name, ref ids, numSegments);
        double none = DType.IsFloating() ? double.NegativeInfinity : DType == DType.Int32 ? int.MinValue : long.MinValue;
        // The greatest Int64 is no double; its complement is.
        var empty = least && !DType.IsFloating() ? Like(none).BitwiseNot() : Like(least ? -none : none);
        if (Shape.Dimension(0) == 0 || n == 0) return empty.BroadcastTo(Shape.With(0, n));
        var places = new SegmentPlacesOp(n, least).Run(this, ids);
        return Where(places >= 0, TakeAlongAxis(Maximum(places, 0), 0), empty);
    }

    // Ids as Int32, one for each row, and the number of segments.
    private int Segments(string name, ref Tensor ids, int numSegments)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (Rank == 0 || ids.Rank != 1 || !NativeDL.Shape.IsSame(ids.Shape.Dimension(0), Shape.Dimension(0)))
            throw Error.Shape(name, "there must be an id for each row", $"ids {ids.Shape} for {Shape}",
                Rank == 0 ? "a tensor with rows" : $"[{Shape.Dimension(0)}]");
        if (numSegments < -1) throw Error.Input(name, "the number of segments is negative", $"{numSegments}", "0 or more, or -1 to count them");
        ids = IndexList.Normalize(name, ids);
        return numSegments >= 0 ? numSegments : ids.ElementCount == 0 ? 0 : NativeDL.Shape.Dimension(name, Math.Max(0, (long)ids.Max()) + 1);
    }
}

internal abstract class SegmentSumSpec : IOp
{
    public static OpSpec Spec => SegmentSpec("segment_sum", (x, ids, n) => x.SegmentSum(ids, n));

    internal static OpSpec SegmentSpec(string name, Func<Tensor, Tensor, int, Tensor> run) => new(name, "[k, …], Int32 [k] -> [n, …]", d =>
    {
        var x = d.Tensor(d.Shape(1, 3), Domain.Distinct);
        int n = d.Size(9);
        return new OpCase([x, d.Indices([x.Shape[0]], n)], t => [run(t[0], t[1], n)], $"{n} segments");
    })
    { ReductionLength = c => c.Elements, Composed = true };
}

internal abstract class SegmentMeanSpec : IOp
{
    public static OpSpec Spec => SegmentSumSpec.SegmentSpec("segment_mean", (x, ids, n) => x.SegmentMean(ids, n));
}

// Every segment has a row: finite differences know nothing of infinities.
internal abstract class SegmentMaxSpec : IOp
{
    public static OpSpec Spec => SpecOf("segment_max", (x, ids, n) => x.SegmentMax(ids, n));

    internal static OpSpec SpecOf(string name, Func<Tensor, Tensor, int, Tensor> run) => new(name, "[k, …], Int32 [k] -> [n, …]", d =>
    {
        var x = d.Tensor(d.Shape(1, 3), Domain.Distinct);
        int k = x.Shape[0], n = Math.Min(k, d.Size(9));
        var ids = Tensor.Concat([Tensor.Arange(n), d.Indices([k - n], n)]);
        return new OpCase([x, ids], t => [run(t[0], t[1], n)], $"{n} segments");
    });
}

internal abstract class SegmentMinSpec : IOp
{
    public static OpSpec Spec => SegmentMaxSpec.SpecOf("segment_min", (x, ids, n) => x.SegmentMin(ids, n));
}
