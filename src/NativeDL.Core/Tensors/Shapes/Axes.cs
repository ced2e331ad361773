using System.Collections;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// The axes that an operation works over: one, several, or, where none is given, all of them. Negative axes count from the end.
/// </summary>
/// <example><code>
/// x.Mean();                        // over all axes
/// x.Mean(-1, keepDims: true);      // over the last
/// x.Mean((0, 1), keepDims: true);  // over the first two
/// </code></example>
[CollectionBuilder(typeof(Axes), nameof(Of))]
public readonly struct Axes : IEnumerable<int>
{
    private readonly int[]? several;
    private readonly int only;
    private readonly bool isOne; // one axis needs no array

    private Axes(int axis) => (only, isOne) = (axis, true);

    private Axes(int[] axes) => several = axes;

    /// <summary>The given axes; all of them when there are none.</summary>
    public static Axes Of(params ReadOnlySpan<int> axes) => axes.Length switch
    {
        0 => default,
        1 => new Axes(axes[0]),
        _ => new Axes(axes.ToArray()),
    };

    /// <inheritdoc cref="Of(ReadOnlySpan{int})"/>
    public static Axes Of(params int[] axes)
    {
        ArgumentNullException.ThrowIfNull(axes);
        return Of(axes.AsSpan());
    }

    /// <summary>One axis.</summary>
    public static implicit operator Axes(int axis) => new(axis);

    /// <summary>The given axes; all of them when there are none.</summary>
    public static implicit operator Axes(int[] axes) => Of(axes);

    /// <summary>Two axes.</summary>
    public static implicit operator Axes((int First, int Second) axes) => Of(axes.First, axes.Second);

    /// <summary>Three axes.</summary>
    public static implicit operator Axes((int First, int Second, int Third) axes) => Of(axes.First, axes.Second, axes.Third);

    /// <summary>Two axes: F#'s plain tuple.</summary>
    public static implicit operator Axes(Tuple<int, int> axes)
    {
        ArgumentNullException.ThrowIfNull(axes);
        return Of(axes.Item1, axes.Item2);
    }

    /// <summary>Three axes: F#'s plain tuple.</summary>
    public static implicit operator Axes(Tuple<int, int, int> axes)
    {
        ArgumentNullException.ThrowIfNull(axes);
        return Of(axes.Item1, axes.Item2, axes.Item3);
    }

    /// <summary>The axes as they were given; none when all are meant.</summary>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(isOne ? [only] : several ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether axes are named, and not all meant.</summary>
    internal bool AreGiven => isOne || several is not null;

    /// <summary>The axes in brackets, or <c>all</c>.</summary>
    public override string ToString() => AreGiven ? $"[{string.Join(", ", this)}]" : "all";

    /// <summary>The axes of a shape, normalized and in rising order.</summary>
    /// <exception cref="ShapeMismatchException">An axis does not exist, or is named twice.</exception>
    internal int[] In(string op, Shape shape) => isOne ? [shape.Axis(op, only)] : shape.Axes(op, several);
}
