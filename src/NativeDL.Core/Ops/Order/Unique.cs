namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The different elements in rising order, each once. <c>[…] -> [k]</c></summary>
    /// <remarks>
    /// As NumPy's <c>unique</c>: NaN comes last, once. How many there are only the elements tell: reading that waits for their device. Each gradient
    /// goes to the first of equal elements.
    /// </remarks>
    public Tensor Unique() => UniqueAll().Values;

    /// <summary>
    /// The different elements in rising order, where each comes first, which of them each element is, and how often each comes.
    /// <c>[…] -> [k], Int32 [k], Int32 […], Int32 [k]</c>
    /// </summary>
    /// <remarks>The array API's <c>unique_all</c>; places count the elements row by row: <c>values.Gather(inverse)</c> is this tensor again.</remarks>
    public (Tensor Values, Tensor Indices, Tensor Inverse, Tensor Counts) UniqueAll()
    {
        int n = NativeDL.Shape.Dimension("unique", ElementCount);
        var (sorted, places) = Reshape(n).Ordered(false, 0, n);
        Tensor before = sorted.Narrow(0, 0, Math.Max(0, n - 1)), after = sorted.Narrow(0, Math.Min(1, n), Math.Max(0, n - 1));
        var differs = after != before;
        if (DType.IsFloating()) differs &= !(after.IsNaN() & before.IsNaN());
        bool[] begins = [.. Enumerable.Repeat(true, Math.Min(1, n)), .. differs.ToArray<bool>()];
        int[] first = [.. Enumerable.Range(0, n).Where(i => begins[i])];
        var starts = FromSpan<int>(first, [first.Length], Device);
        int[] counts = [.. first.Select((start, i) => (i + 1 < first.Length ? first[i + 1] : n) - start)], group = new int[n];
        for (int i = 1; i < n; i++) group[i] = group[i - 1] + (begins[i] ? 1 : 0);
        var inverse = new SpreadAlongAxisOp(0, n).Run(FromSpan<int>(group, [n], Device), places);
        return (sorted.Gather(starts), places.Gather(starts), inverse.Reshape(Shape), FromSpan<int>(counts, [counts.Length], Device));
    }
}
