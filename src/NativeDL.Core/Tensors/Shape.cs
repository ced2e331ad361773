using System.Collections;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>The dimensions of a tensor, outermost first. Immutable; equal when the dimensions are.</summary>
[CollectionBuilder(typeof(Shape), nameof(Of))]
public sealed class Shape : IReadOnlyList<int>, IEquatable<Shape>
{
    /// <summary>The most dimensions a tensor can have, as in NumPy.</summary>
    internal const int MostAxes = 64;

    // Of 8-byte elements that is the whole address space of a process: sizes in bytes never overflow.
    private const long MostElements = 1L << 44;

    private readonly int[] dims;

    /// <summary>The shape of a single number: no dimensions, one element.</summary>
    public static Shape Scalar { get; } = new([]);

    private Shape(int[] dims)
    {
        this.dims = dims;
        if (dims.Length > MostAxes) throw Error.Shape("Shape", "too many dimensions", $"{dims.Length}", $"at most {MostAxes}");
        Strides = new long[dims.Length];
        long count = 1;
        bool isEmpty = dims.Contains(0), isTooLarge = false;
        for (int i = dims.Length - 1; i >= 0; i--)
        {
            if (dims[i] < 0) throw Error.Shape("Shape", "a dimension is negative", $"[{string.Join(", ", dims)}]", "dimensions of 0 or more");
            Strides[i] = count;
            isTooLarge |= dims[i] > 0 && count > MostElements / dims[i];
            count = isTooLarge ? MostElements : count * dims[i];
        }
        if (isTooLarge && !isEmpty) throw Error.Shape("Shape", "no memory holds so many elements", $"[{string.Join(", ", dims)}]", $"at most 2^{long.Log2(MostElements)} elements");
        ElementCount = isEmpty ? 0 : count;
    }

    /// <summary>Whether there can be a tensor of these dimensions.</summary>
    internal static bool IsPossible(ReadOnlySpan<int> dimensions)
    {
        if (dimensions.Length > MostAxes) return false;
        if (dimensions.Contains(0)) return !dimensions.ContainsAnyInRange(int.MinValue, -1);
        long count = 1;
        foreach (int size in dimensions)
        {
            if (size < 0 || count > MostElements / size) return false;
            count *= size;
        }
        return true;
    }

    /// <summary>Number of dimensions.</summary>
    public int Rank => dims.Length;

    /// <summary>Number of dimensions, as a list counts.</summary>
    public int Count => dims.Length;

    /// <summary>Number of elements: the product of the dimensions, 1 for a scalar.</summary>
    public long ElementCount { get; }

    /// <summary>Row-major strides in elements. Tensors share this array, which is how contiguity is seen at a glance.</summary>
    internal long[] Strides { get; }

    /// <summary>Size of dimension <paramref name="axis"/>; <c>shape[^1]</c> is the innermost.</summary>
    public int this[int axis] => dims[axis];

    /// <summary>The dimensions as a span.</summary>
    public ReadOnlySpan<int> Dimensions => dims;

    /// <summary>A shape of the given dimensions.</summary>
    public static Shape Of(params ReadOnlySpan<int> dimensions) => dimensions.Length == 0 ? Scalar : new Shape(dimensions.ToArray());

    /// <summary>A shape of the given dimensions.</summary>
    public static implicit operator Shape(int[] dimensions) => Of(dimensions);

    /// <summary>The dimensions as a new array.</summary>
    public int[] ToArray() => (int[])dims.Clone();

    /// <inheritdoc/>
    public bool Equals(Shape? other) => ReferenceEquals(this, other) || (other is not null && dims.AsSpan().SequenceEqual(other.dims));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int d in dims) hash.Add(d);
        return hash.ToHashCode();
    }

    /// <summary>Whether two shapes have the same dimensions.</summary>
    public static bool operator ==(Shape? a, Shape? b) => a is null ? b is null : a.Equals(b);

    /// <summary>Whether two shapes differ.</summary>
    public static bool operator !=(Shape? a, Shape? b) => !(a == b);

    /// <summary>The dimensions in brackets, such as <c>[32, 28, 28, 1]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", dims)}]";

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)dims).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A negative axis counts from the end; an axis outside of the rank is refused.</summary>
    internal int Axis(string op, int axis) =>
        axis >= -Rank && axis < Rank ? (axis < 0 ? axis + Rank : axis)
        : throw Error.Shape(op, "the axis does not exist", $"axis {axis} of a tensor of shape {this}", Rank == 0 ? "no axis, a scalar has none" : $"{-Rank} to {Rank - 1}");

    /// <summary>The given axes, normalized and in rising order; all of them when none are given.</summary>
    internal int[] Axes(string op, ReadOnlySpan<int> axes)
    {
        if (axes.Length == 0) return [.. Enumerable.Range(0, Rank)];
        var result = new int[axes.Length];
        for (int i = 0; i < axes.Length; i++) result[i] = Axis(op, axes[i]);
        Array.Sort(result);
        for (int i = 1; i < result.Length; i++)
            if (result[i] == result[i - 1]) throw Error.Shape(op, "an axis is named twice", $"axes [{string.Join(", ", axes.ToArray())}] of a tensor of shape {this}");
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
    internal long CountOf(ReadOnlySpan<int> axes)
    {
        long count = 1;
        foreach (int a in axes) count *= dims[a];
        return count;
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
            int x = i <= a.Rank ? a[^i] : 1, y = i <= b.Rank ? b[^i] : 1;
            if (x != y && x != 1 && y != 1)
                throw Error.Shape(op, $"the shapes do not broadcast: dimension {-i} differs and neither is 1", $"{a} and {b}", "aligned from the right, each pair equal or 1");
            result[^i] = x == 1 ? y : x;
        }
        return new Shape(result);
    }
}
