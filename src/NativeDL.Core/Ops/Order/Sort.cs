namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The elements along an axis in rising order. <c>[…, n, …] -> […, n, …]</c></summary>
    /// <param name="axis">A negative axis counts from the end.</param>
    /// <param name="descending">Whether the greatest comes first.</param>
    /// <remarks>
    /// NaN counts as greater than every number, as in NumPy and PyTorch: it comes last, or first in falling order. Each gradient goes where its
    /// element came from; equal elements keep their order (see <see cref="ArgSort(int, bool)"/>).
    /// </remarks>
    /// <exception cref="ShapeMismatchException">There is no such axis.</exception>
    public Tensor Sort(int axis = -1, bool descending = false)
    {
        int a = Shape.Axis("sort", axis);
        return Last(a).Ordered(descending, 0, Shape.Dimension(a)).Values.Back(a);
    }

    /// <summary>
    /// The <paramref name="k"/> greatest elements along an axis, the greatest first, and their places. <c>[…, n, …] -> […, k, …], Int32 […, k, …]</c>
    /// </summary>
    /// <param name="k">How many, 0 to n.</param>
    /// <param name="axis">A negative axis counts from the end.</param>
    /// <param name="largest">False takes the smallest, the smallest first.</param>
    /// <remarks>Of equal elements the first is taken first; NaN counts as greater than every number. Each gradient goes where its element came from.</remarks>
    /// <exception cref="ShapeMismatchException">There is no such axis, or it has fewer elements.</exception>
    public (Tensor Values, Tensor Indices) TopK(int k, int axis = -1, bool largest = true)
    {
        int a = Shape.Axis("top_k", axis);
        if (k < 0 || (Shape.Dimension(a) != Shape.None && k > Shape.Dimension(a)))
            throw Error.Shape("top_k", $"axis {a} does not have so many elements", $"k {k} for shape {Shape}", $"0 to {Shape.Dimension(a)}");
        var (values, places) = Last(a).Ordered(largest, 0, k);
        return (values.Back(a), places.Back(a));
    }

    /// <summary>The element along an axis that is number <paramref name="k"/> in rising order, counted from 1. <c>[…, n, …] -> […, …]</c></summary>
    /// <param name="k">1 is the smallest, n the greatest.</param>
    /// <param name="axis">A negative axis counts from the end.</param>
    /// <param name="keepDims">Whether the axis stays with size 1.</param>
    /// <remarks>
    /// PyTorch's <c>kthvalue</c>. NaN counts as greater than every number. The gradient goes where the element came from, of equal ones in their order.
    /// </remarks>
    /// <exception cref="ShapeMismatchException">There is no such axis, or it does not have so many elements.</exception>
    public Tensor KthValue(int k, int axis = -1, bool keepDims = false)
    {
        int a = Shape.Axis("kth_value", axis);
        if (k < 1 || (Shape.Dimension(a) != Shape.None && k > Shape.Dimension(a)))
            throw Error.Shape("kth_value", $"axis {a} does not have so many elements", $"number {k} for shape {Shape}", $"1 to {Shape.Dimension(a)}");
        var value = Last(a).Ordered(false, k - 1, 1).Values.Back(a);
        return keepDims ? value : value.Squeeze(a);
    }

    // The axis brought to the end, where operations along rows want it, and back.
    private Tensor Last(int axis) => axis == Rank - 1 ? this : Transpose(axis, -1);

    private Tensor Back(int axis) => Last(axis);

    // Along the last axis: so many elements from one on, as they come in order, and their places.
    private (Tensor Values, Tensor Places) Ordered(bool descending, int start, int length)
    {
        var places = new ArgSortOp(descending).Run(this);
        if (start != 0 || length != Shape.Dimension(-1)) places = places.Narrow(-1, start, length);
        return (new TakeAlongAxisOp(Rank - 1, distinct: true).Run(this, places), places);
    }
}

/// <summary>Sorting as what it is composed of promises.</summary>
internal abstract class SortSpec : IOp
{
    public static OpSpec Spec => new("sort", "[…a, n, …b] -> […a, n, …b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 4), Domain.Distinct);
        int axis = d.Axis(x.Rank);
        bool descending = d.Flag();
        return new OpCase([x], t => [t[0].Sort(axis, descending)], $"axis {axis}, descending {descending}");
    })
    { Flops = c => c.Elements * Math.Log2(1 + c.Elements) };
}

internal abstract class TopKSpec : IOp
{
    public static OpSpec Spec => new("top_k", "[…a] -> […b], Int32 […b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 4), Domain.Distinct);
        int axis = d.Axis(x.Rank), k = d.Int(1, x.Shape[axis]);
        bool largest = d.Flag();
        return new OpCase([x], t =>
        {
            var (values, indices) = t[0].TopK(k, axis, largest);
            return [values, indices];
        }, $"k {k}, axis {axis}, largest {largest}");
    })
    { Flops = c => c.Elements * Math.Log2(1 + c.Elements) };
}

internal abstract class KthValueSpec : IOp
{
    public static OpSpec Spec => new("kth_value", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(1, 4), Domain.Distinct);
        int axis = d.Axis(x.Rank), k = d.Int(1, x.Shape[axis]);
        bool keep = d.Flag();
        return new OpCase([x], t => [t[0].KthValue(k, axis, keep)], $"number {k}, axis {axis}, keepDims {keep}");
    })
    { Flops = c => c.Elements * Math.Log2(1 + c.Elements) };
}
