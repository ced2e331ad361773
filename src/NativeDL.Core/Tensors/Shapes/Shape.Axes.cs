namespace NativeDL;

/// <content>What operations ask of shapes: axes, and the shapes of results. Sizes are computed in <c>long</c>; what is not known stays so.</content>
public sealed partial class Shape
{
    /// <summary>A negative axis counts from the end; an axis outside of the rank is refused.</summary>
    internal int Axis(string op, int axis) => axis >= -Rank && axis < Rank ? (axis < 0 ? axis + Rank : axis) : throw NoAxis(op, $"axis {axis}");

    /// <summary>A computed dimension.</summary>
    /// <exception cref="ShapeMismatchException">It is negative, or more than a dimension can hold.</exception>
    internal static int Dimension(string op, long size) =>
        size is >= 0 and <= int.MaxValue ? (int)size : throw Error.Shape(op, "a dimension of the result is impossible", $"{size}", $"0 to {int.MaxValue}");

    /// <summary>The sum of two dimensions of 0 or more, such as of tensors laid end to end; not known where one is not.</summary>
    internal static int Sum(string op, int a, int b) => a == None || b == None ? None : Dimension(op, (long)a + b);

    /// <summary>The product of two dimensions of 0 or more, such as of a dimension and its repeats; not known where one is not.</summary>
    internal static int Product(string op, int a, int b) => a == None || b == None ? None : Dimension(op, (long)a * b);

    /// <summary>Whether two dimensions agree, as far as they are known.</summary>
    internal static bool IsSame(int a, int b) => a == b || a == None || b == None;

    /// <summary>Rows along the last axis: the product of all dimensions but the last, 1 if there is only one; None while one of them is not known.</summary>
    /// <exception cref="ShapeMismatchException">They are too many to count by int.</exception>
    internal int Rows(string op)
    {
        if (dims.AsSpan(0, Rank - 1).Contains(0)) return 0;
        int rows = 1;
        for (int i = 0; i < Rank - 1; i++) rows = Product(op, rows, dims[i]);
        return rows;
    }

    /// <summary>Whether the two can be shapes of one tensor: their dimensions agree wherever both are known.</summary>
    internal bool IsCompatible(Shape other)
    {
        if (Rank != other.Rank) return false;
        for (int i = 0; i < Rank; i++)
            if (!IsSame(dims[i], other.dims[i])) return false;
        return true;
    }

    /// <summary>The given axes, normalized and in rising order; all of them when none are given.</summary>
    internal int[] Axes(string op, ReadOnlySpan<int> axes)
    {
        if (axes.Length == 0) return [.. Enumerable.Range(0, Rank)];
        var result = new int[axes.Length];
        for (int i = 0; i < axes.Length; i++) result[i] = Axis(op, axes[i]);
        Array.Sort(result);
        for (int i = 1; i < result.Length; i++)
            if (result[i] == result[i - 1])
                throw Error.Shape(op, "an axis is named twice", $"axes [{string.Join(", ", axes.ToArray())}] of a tensor of shape {this}");
        return result;
    }

    /// <summary>The same shape with dimension <paramref name="axis"/> replaced.</summary>
    internal Shape With(int axis, int size)
    {
        var result = ToArray();
        result[axis] = size;
        return new Shape(result);
    }

    /// <summary>The shape without the given axes (normalized).</summary>
    internal Shape Without(ReadOnlySpan<int> axes)
    {
        var result = new List<int>(Rank);
        for (int i = 0; i < Rank; i++) if (!axes.Contains(i)) result.Add(dims[i]);
        return new Shape([.. result]);
    }

    /// <summary>The shape with the given axes (normalized) set to 1.</summary>
    internal Shape KeepOnes(ReadOnlySpan<int> axes)
    {
        var result = ToArray();
        foreach (int a in axes) result[a] = 1;
        return new Shape(result);
    }

    /// <summary>Number of elements along the given axes (normalized).</summary>
    /// <exception cref="ShapeMismatchException">One of these dimensions is <see cref="None"/>, or the product is beyond any memory.</exception>
    internal long CountOf(ReadOnlySpan<int> axes) => Only(axes).ElementCount;

    /// <summary>The given axes (normalized) alone.</summary>
    internal Shape Only(ReadOnlySpan<int> axes)
    {
        var part = new int[axes.Length];
        for (int i = 0; i < part.Length; i++) part[i] = dims[axes[i]];
        return new Shape(part);
    }

    /// <summary>Whether a dimension is 0, so that there is no element.</summary>
    internal bool IsEmpty => dims.Contains(0);

    /// <summary>What is known of either of two compatible shapes.</summary>
    internal Shape Merge(Shape other)
    {
        if (IsKnown) return this;
        var result = ToArray();
        for (int i = 0; i < result.Length; i++)
            if (result[i] == None) result[i] = other.dims[i];
        return new Shape(result);
    }

    /// <summary>NumPy's broadcast of two shapes.</summary>
    /// <exception cref="ShapeMismatchException">Two aligned dimensions differ and neither is 1.</exception>
    internal static Shape Broadcast(string op, Shape a, Shape b)
    {
        if (a.Equals(b) || b.Rank == 0) return a;
        if (a.Rank == 0) return b;
        var result = new int[Math.Max(a.Rank, b.Rank)];
        for (int i = 1; i <= result.Length; i++)
        {
            int x = i <= a.Rank ? a.dims[^i] : 1, y = i <= b.Rank ? b.dims[^i] : 1;
            if (x != y && x is not (1 or None) && y is not (1 or None))
                throw Error.Shape(op, $"the shapes do not broadcast: dimension {-i} differs and neither is 1", $"{a} and {b}",
                    "aligned from the right, each pair equal or 1");
            // A dimension that is not known is 1 or the other's size at last, so the other's is the result's.
            result[^i] = x == 1 || (x == None && y != 1) ? y : x;
        }
        return new Shape(result);
    }
}
