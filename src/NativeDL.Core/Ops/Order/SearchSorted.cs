using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Where each value would have to be put into this sorted tensor to keep it sorted, as Int32: how many of its elements are less than the value.
    /// <c>[n], […] -> Int32 […]</c>, or row by row: <c>[…a, n], […a, m] -> Int32 […a, m]</c>
    /// </summary>
    /// <param name="values">What is put in, of this tensor's element type.</param>
    /// <param name="right">Whether behind equal elements and not before them.</param>
    /// <remarks>The order is that of <see cref="Sort(int, bool)"/>: NaN follows every number. Whether this tensor is sorted is not checked.</remarks>
    /// <exception cref="ShapeMismatchException">This tensor has several rows, and the values have others.</exception>
    /// <exception cref="DTypeMismatchException">The element types differ.</exception>
    public Tensor SearchSorted(Tensor values, bool right = false)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new SearchSortedOp(right).Run(this, values);
    }
}

/// <summary>y[r, i] = how many of x[r, …] are less than v[r, i], or not greater.</summary>
internal sealed partial class SearchSortedOp(bool right) : Op, IOp
{
    public override string Name => "searchsorted";

    protected override Saved Saves => Saved.Nothing;

    protected override void Infer(Operands x, Results y)
    {
        RequireSameDType(x);
        Shape sorted = x[0].Shape, values = x[1].Shape;
        if (sorted.Rank == 0) throw Error.Shape(Name, "a number is no row to search in", $"{sorted}", "one axis or more");
        if (sorted.Rank > 1 && (sorted.Rank != values.Rank || !sorted[..^1].IsCompatible(values[..^1])))
            throw Error.Shape(Name, "the values are not those of these rows", $"values {values} for {sorted}", $"{sorted} but for the last axis",
                "a single row, [n], takes values of any shape");
        y.Set(0, sorted.Rank > 1 ? [.. sorted[..^1].Merge(values[..^1]), values.Dimension(-1)] : values, DType.Int32);
    }

    private static (long Rows, int N, long M) Sizes(Operands x)
    {
        long rows = x[0].Rank == 1 ? 1 : x[0].Shape[..^1].ElementCount;
        return (rows, x[0].Shape[^1], x[1].ElementCount / rows);
    }

    protected override void Compute<T>(Operands x, Results y)
    {
        if (y[0].ElementCount == 0) return;
        var (_, n, m) = Sizes(x);
        ByRows(y[0].ElementCount, x, y, part =>
        {
            var sorted = part.Whole<T>(0);
            var values = part.Operand<T>(1);
            var places = part.Result<int>(0);
            for (int i = 0; i < places.Length; i++)
            {
                var row = sorted.Slice(checked((int)((part.First + i) / m * n)), n);
                ulong key = OrderKey.Of(values[i]);
                int low = 0, high = n;
                while (low < high)
                {
                    int middle = (low + high) >>> 1;
                    ulong at = OrderKey.Of(row[middle]);
                    if (at < key || (right && at == key)) low = middle + 1;
                    else high = middle;
                }
                places[i] = low;
            }
        });
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        if (y[0].ElementCount == 0) return;
        var (rows, n, m) = Sizes(x);
        Tensor sorted = OrderKey.OnCard(stream.Device, x[0]), values = OrderKey.OnCard(stream.Device, x[1]);
        stream.Device.LaunchOver("search_sorted", DType.Int64, y[0].ElementCount, sorted, values, y[0], rows, n, m, right ? 1 : 0);
        sorted.Free();
        values.Free();
    }

    protected override Tensors Backward(BackwardCall call) => throw NoDerivative("a place is a whole number and has no derivative");

    public static OpSpec Spec => new("searchsorted", "[…a], […b] -> Int32 […b]", d =>
    {
        var sorted = OrderDraw.Tensor(d, d.Shape(1, 3)).Sort().Clone();
        var values = OrderDraw.Tensor(d, sorted.Rank == 1 ? d.Shape(0, 2) : sorted.Shape.With(sorted.Rank - 1, d.Size(9)));
        bool right = d.Flag();
        return new OpCase([sorted, values], t => [t[0].SearchSorted(t[1], right)], $"right {right}");
    })
    { Differentiable = false, TwiceDifferentiable = false };
}
