using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// The dimensions of a tensor, outermost first. Immutable; equal when the dimensions are. A dimension may be <see cref="None"/>,
/// not known yet, such as the batch of a model's input; a tensor that holds numbers knows all of its own.
/// </summary>
/// <example><code>
/// Shape shape = [32, 28, 28, 1];
/// var (n, h, w, c) = shape;
/// int channels = shape[-1];       // 1
/// Shape image = shape[1..];       // [28, 28, 1]
/// </code></example>
/// <remarks>
/// What is not known enters no arithmetic by mistake: <c>shape[0]</c> and <c>var (n, t) = shape</c> refuse it. <see cref="Dimension(int)"/>,
/// <see cref="Dimensions"/> and enumeration give <see cref="None"/> for it, to code that goes on with that.
/// </remarks>
[CollectionBuilder(typeof(Shape), nameof(Of))]
public sealed partial class Shape : IReadOnlyList<int>, IEquatable<Shape>
{
    /// <summary>A dimension that is not known yet; prints as <c>None</c>.</summary>
    public const int None = -1;

    /// <summary>The most dimensions a tensor can have, as in NumPy.</summary>
    internal const int MostAxes = 64;

    // Of 8-byte elements that is the whole address space of a process: sizes in bytes never overflow.
    private const long MostElements = 1L << 44;

    private readonly int[] dims;
    private readonly long[] strides; // none while a dimension is not known
    private readonly long count;     // -1 while a dimension is not known

    /// <summary>The shape of a single number: no dimensions, one element.</summary>
    public static Shape Scalar { get; } = new([]);

    private Shape(int[] dims)
    {
        this.dims = dims;
        if (dims.Length > MostAxes) throw Error.Shape("Shape", "too many dimensions", $"{dims.Length}", $"at most {MostAxes}");
        var steps = new long[dims.Length];
        long product = 1;
        bool isEmpty = false, isKnown = true, isTooLarge = false;
        for (int i = dims.Length - 1; i >= 0; i--)
        {
            int size = dims[i];
            if (size < None) throw Error.Shape("Shape", "a dimension is negative", $"{this}", "dimensions of 0 or more, or Shape.None");
            steps[i] = product;
            if (size == None)
            {
                isKnown = false;
                continue;
            }
            isEmpty |= size == 0;
            isTooLarge |= size > 0 && product > MostElements / size;
            product = isTooLarge ? MostElements : product * size;
        }
        // What is not known counts as 1: a shape that no batch fits into is refused at once.
        if (isTooLarge && !isEmpty) throw Error.Shape("Shape", "no memory holds so many elements", $"{this}", $"at most 2^{long.Log2(MostElements)} elements");
        count = !isKnown ? -1 : isEmpty ? 0 : product;
        strides = isKnown ? steps : [];
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

    /// <summary>Whether no dimension is <see cref="None"/>.</summary>
    public bool IsKnown => count >= 0;

    /// <summary>Number of elements: the product of the dimensions, 1 for a scalar.</summary>
    /// <exception cref="ShapeMismatchException">A dimension is <see cref="None"/>.</exception>
    public long ElementCount
    {
        get
        {
            if (count < 0) ThrowUnknown();
            return count;
        }
    }

    /// <summary>Row-major strides in elements. Tensors share this array, which is how contiguity is seen at a glance.</summary>
    internal long[] Strides
    {
        get
        {
            if (count < 0) ThrowUnknown();
            return strides;
        }
    }

    /// <summary>The same, and none while a dimension is not known.</summary>
    internal long[] StridesIfKnown => strides;

    /// <summary>Size of dimension <paramref name="axis"/>; a negative one counts from the end, so that <c>shape[-1]</c> is the innermost.</summary>
    /// <exception cref="ShapeMismatchException">There is no such axis, or its size is not known.</exception>
    public int this[int axis] => (uint)axis < (uint)dims.Length && dims[axis] >= 0 ? dims[axis] : Known(Axis("Shape", axis));

    /// <summary>Size of a dimension; <c>shape[^1]</c> is the innermost.</summary>
    /// <exception cref="ShapeMismatchException">There is no such axis, or its size is not known.</exception>
    public int this[Index axis] => Known(Place(axis));

    /// <summary>Size of dimension <paramref name="axis"/>, <see cref="None"/> while it is not known; a negative one counts from the end.</summary>
    /// <exception cref="ShapeMismatchException">There is no such axis.</exception>
    public int Dimension(int axis) => (uint)axis < (uint)dims.Length ? dims[axis] : dims[Axis("Shape", axis)];

    /// <summary>Size of a dimension, <see cref="None"/> while it is not known; <c>shape.Dimension(^1)</c> is the innermost's.</summary>
    /// <exception cref="ShapeMismatchException">There is no such axis.</exception>
    public int Dimension(Index axis) => dims[Place(axis)];

    /// <summary>The dimensions from <paramref name="start"/>, <paramref name="length"/> of them; <c>shape[1..]</c> calls it.</summary>
    /// <exception cref="ShapeMismatchException">They are not all there.</exception>
    public Shape Slice(int start, int length)
    {
        if (start < 0 || length < 0 || start > Rank - length)
            throw Error.Shape("Shape", "the part is not inside of the shape", $"{length} dimensions from {start} of {this}", $"inside of 0 to {Rank}");
        return Of(dims.AsSpan(start, length));
    }

    /// <summary>The dimensions as a span, in which <see cref="None"/> stands for what is not known.</summary>
    public ReadOnlySpan<int> Dimensions => dims;

    /// <summary>A shape of the given dimensions.</summary>
    /// <param name="dimensions">Outermost first; each 0 or more, or <see cref="None"/>.</param>
    /// <exception cref="ShapeMismatchException">A dimension is negative, or no memory holds so many elements.</exception>
    public static Shape Of(params int[] dimensions)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        return Of(dimensions.AsSpan());
    }

    /// <inheritdoc cref="Of(int[])"/>
    public static Shape Of(params ReadOnlySpan<int> dimensions) => dimensions.Length == 0 ? Scalar : new Shape(dimensions.ToArray());

    /// <summary>A shape of the given dimensions.</summary>
    public static implicit operator Shape(int[] dimensions) => Of(dimensions);

    /// <summary>The dimensions as a new array, in which <see cref="None"/> stands for what is not known.</summary>
    public int[] ToArray() => (int[])dims.Clone();

    /// <summary>The two dimensions: <c>var (rows, columns) = x.Shape;</c></summary>
    /// <exception cref="ShapeMismatchException">There are not two, or one is not known.</exception>
    public void Deconstruct(out int first, out int second)
    {
        RequireKnown(2);
        (first, second) = (dims[0], dims[1]);
    }

    /// <summary>The three dimensions.</summary>
    /// <exception cref="ShapeMismatchException">There are not three, or one is not known.</exception>
    public void Deconstruct(out int first, out int second, out int third)
    {
        RequireKnown(3);
        (first, second, third) = (dims[0], dims[1], dims[2]);
    }

    /// <summary>The four dimensions: <c>var (n, h, w, c) = x.Shape;</c></summary>
    /// <exception cref="ShapeMismatchException">There are not four, or one is not known: <c>var (h, w, c) = x.Shape[1..]</c> needs no batch.</exception>
    public void Deconstruct(out int first, out int second, out int third, out int fourth)
    {
        RequireKnown(4);
        (first, second, third, fourth) = (dims[0], dims[1], dims[2], dims[3]);
    }

    /// <summary>The five dimensions.</summary>
    /// <exception cref="ShapeMismatchException">There are not five, or one is not known.</exception>
    public void Deconstruct(out int first, out int second, out int third, out int fourth, out int fifth)
    {
        RequireKnown(5);
        (first, second, third, fourth, fifth) = (dims[0], dims[1], dims[2], dims[3], dims[4]);
    }

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

    /// <summary>The dimensions in brackets, such as <c>[32, 28, 28, 1]</c> or <c>[None, 10]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", dims.Select(static d => d == None ? nameof(None) : d.ToString(CultureInfo.InvariantCulture)))}]";

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)dims).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int Place(Index axis)
    {
        int a = axis.GetOffset(dims.Length);
        return (uint)a < (uint)dims.Length ? a : throw NoAxis("Shape", $"axis {axis}");
    }

    private int Known(int axis) => dims[axis] >= 0 ? dims[axis]
        : throw Error.Shape("Shape", $"the size of dimension {axis} is not known", $"{this}", "one that does not wait for data",
            $"write -1 for it in Reshape, take the known part alone with Shape[1..] or the like, or ask Dimension({axis}), which gives Shape.None");

    private void RequireKnown(int rank)
    {
        if (Rank != rank) throw Error.Shape("Shape", "the shape has another number of dimensions", $"{this} taken apart into {rank}", $"{rank} dimensions");
        for (int i = 0; i < rank; i++) _ = Known(i);
    }

    private ShapeMismatchException NoAxis(string op, InvariantText axis) =>
        Error.Shape(op, "the axis does not exist", $"{axis} of shape {this}", Rank == 0 ? "no axis, a scalar has none" : $"{-Rank} to {Rank - 1}");

    [DoesNotReturn]
    private void ThrowUnknown() => throw Error.Shape("Shape", "the number of elements is not known", $"{this}", "every dimension known", "None stands for a size that only data decides: only a tensor that holds data has all of them; Tensor.ZerosLike(x, [-1, 8]) and the like take sizes from another tensor");
}
