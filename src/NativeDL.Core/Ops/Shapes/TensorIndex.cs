namespace NativeDL;

/// <summary>
/// What one place of a tensor's indexer may hold: a number, an <see cref="Index"/>, a <see cref="Range"/>, also by steps,
/// <see cref="NewAxis"/> or <see cref="Ellipsis"/>.
/// </summary>
public readonly struct TensorIndex
{
    private readonly Range range;
    private readonly Kind kind;
    private readonly int step;

    private TensorIndex(Range range, Kind kind, int step = 1) => (this.range, this.kind, this.step) = (range, kind, step);

    private enum Kind
    {
        Part,
        Single,
        New,
        Rest,
    }

    /// <summary>An axis of size 1 that was not there: <c>x[.., Index.NewAxis]</c> of <c>[n]</c> is <c>[n, 1]</c>.</summary>
    public static TensorIndex NewAxis { get; } = new(Range.All, Kind.New);

    /// <summary>All axes that the other places leave: <c>x[Index.Ellipsis, 0]</c> is the first of the last axis.</summary>
    public static TensorIndex Ellipsis { get; } = new(Range.All, Kind.Rest);

    /// <summary>
    /// A part of the axis by steps: every <paramref name="step"/>-th element of it, from its start, or, of a negative step, from its end. So
    /// <c>x[(..).By(-1)]</c> is turned around, and <c>x[(1..8).By(3)]</c> has the elements 1, 4 and 7.
    /// </summary>
    /// <param name="range">The part.</param>
    /// <param name="step">Not 0.</param>
    /// <exception cref="InvalidInputException">The step is 0.</exception>
    public static TensorIndex By(Range range, int step) =>
        step != 0 ? new(range, Kind.Part, step) : throw Error.Input("slice", "a step of 0 goes nowhere", $"{range} by 0", "1 or more, or -1 or less");

    /// <summary>Whether the axis disappears.</summary>
    internal bool IsSingle => kind == Kind.Single;

    /// <summary>Whether the place is a new axis.</summary>
    internal bool IsNew => kind == Kind.New;

    /// <summary>Whether it stands for all axes that are left.</summary>
    internal bool IsRest => kind == Kind.Rest;

    /// <summary>Whether the axis stays as it is.</summary>
    internal bool IsWhole => kind == Kind.Part && (step == 1 || IsDefault) && range.Equals(Range.All);

    // `default` is 0..0 of a step that is none.
    private bool IsDefault => step == 0;

    /// <summary>One element of the axis; negative numbers count from the end. The axis disappears.</summary>
    public static implicit operator TensorIndex(int index) => (Index)(index < 0 ? ^(int)Math.Min(int.MaxValue, -(long)index) : index);

    /// <summary>One element of the axis. The axis disappears.</summary>
    public static implicit operator TensorIndex(Index index) => new(new Range(index, index), Kind.Single);

    /// <summary>A part of the axis.</summary>
    public static implicit operator TensorIndex(Range range) => new(range, Kind.Part);

    /// <summary>Whether a place is counted from the end, which a size that is not known does not have.</summary>
    internal bool IsFromEnd => range.Start.IsFromEnd || range.End.IsFromEnd;

    /// <summary>How far from one element to the next.</summary>
    internal int Step => IsDefault ? 1 : step;

    internal (int Start, int End) Of(int size) => (range.Start.GetOffset(size), range.End.GetOffset(size) + (IsSingle ? 1 : 0));

    /// <inheritdoc/>
    public override string ToString() => kind switch
    {
        Kind.New => nameof(NewAxis),
        Kind.Rest => nameof(Ellipsis),
        Kind.Single => range.Start.ToString(),
        _ => Step == 1 ? range.ToString() : $"{range} by {Step}",
    };
}

/// <summary>What a place of a tensor's indexer may hold, found beside <see cref="Index"/> and <see cref="Range"/>.</summary>
public static class IndexExtensions
{
    extension(Index)
    {
        /// <inheritdoc cref="TensorIndex.NewAxis"/>
        public static TensorIndex NewAxis => TensorIndex.NewAxis;

        /// <inheritdoc cref="TensorIndex.Ellipsis"/>
        public static TensorIndex Ellipsis => TensorIndex.Ellipsis;
    }

    /// <inheritdoc cref="TensorIndex.By(Range, int)"/>
    public static TensorIndex By(this Range range, int step) => TensorIndex.By(range, step);
}

/// <summary>The places of an indexer on a shape: of each axis where it begins, how many elements and by what step; the part's shape and the result's.</summary>
internal readonly record struct Places(int[] Starts, int[] Steps, Shape Part, Shape Result)
{
    /// <summary>Resolves the places; axes not named are whole.</summary>
    /// <exception cref="ShapeMismatchException">More places than axes, or a part outside of its axis.</exception>
    public static Places Of(Shape shape, ReadOnlySpan<TensorIndex> index)
    {
        int named = 0, rests = 0;
        foreach (var place in index)
        {
            if (place.IsRest) rests++;
            else if (!place.IsNew) named++;
        }
        if (named > shape.Rank) throw Error.Shape("slice", "more places than axes", $"{named} for shape {shape}", $"at most {shape.Rank}");
        if (rests > 1) throw Error.Shape("slice", "which axes are meant is not known", $"{rests} of {TensorIndex.Ellipsis} for shape {shape}", "one at most");
        int[] starts = new int[shape.Rank], steps = new int[shape.Rank], counts = shape.ToArray();
        Array.Fill(steps, 1);
        var result = new List<int>();
        int axis = 0;
        foreach (var place in index)
        {
            if (place.IsNew) result.Add(1);
            else if (place.IsRest)
            {
                for (int rest = shape.Rank - named; rest > 0; rest--) result.Add(counts[axis++]);
            }
            else
            {
                if (!place.IsWhole) (starts[axis], counts[axis], steps[axis]) = One(shape, axis, place);
                if (!place.IsSingle) result.Add(counts[axis]);
                axis++;
            }
        }
        result.AddRange(counts.AsSpan(axis));
        return new(starts, steps, Shape.Of(counts), Shape.Of([.. result]));
    }

    private static (int Start, int Count, int Step) One(Shape shape, int axis, TensorIndex place)
    {
        int size = shape.Dimension(axis), step = place.Step;
        bool isKnown = size != Shape.None;
        if (!isKnown && place.IsFromEnd)
            throw Error.Shape("slice", $"{place} is counted from the end of axis {axis}, whose size is not known", $"{shape}",
                "places from the start, or the whole axis");
        var (start, end) = place.Of(size);
        if (start < 0 || (isKnown && end > size) || start > end)
            throw Error.Shape("slice", $"{place} is not inside of axis {axis}", $"{shape}", $"inside of 0..{size}");
        int count = (int)((end - start + Math.Abs((long)step) - 1) / Math.Abs((long)step));
        return (count == 0 ? 0 : step > 0 ? start : end - 1, count, step);
    }
}
