namespace NativeDL;

/// <summary>
/// How a convolution or pooling window meets the border of an image: <see cref="Valid"/> (the default), <see cref="Same"/>
/// or a given number of rows and columns on each side. Padding is 0 for convolutions and left out of pools.
/// </summary>
/// <remarks>As in Keras: 'same' gives ⌈n / stride⌉ results, the odd row or column of padding goes to the bottom and right.</remarks>
public readonly record struct Padding
{
    private readonly bool same, given; // given: in numbers, which may be 0

    /// <summary>Rows above and below, columns left and right.</summary>
    /// <exception cref="InvalidInputException">A number is negative.</exception>
    public Padding(int top, int bottom, int left, int right)
    {
        if (top < 0 || bottom < 0 || left < 0 || right < 0)
            throw Error.Input("Padding", "padding is negative", $"({top}, {bottom}, {left}, {right})", "0 or more on each side");
        (Top, Bottom, Left, Right, given) = (top, bottom, left, right, true);
    }

    /// <summary>The same on all sides.</summary>
    public Padding(int all) : this(all, all, all, all) { }

    private Padding(bool same) => this.same = same;

    /// <summary>No padding: the window stays inside of the image.</summary>
    public static Padding Valid { get; }

    /// <summary>As many results as ⌈n / stride⌉.</summary>
    public static Padding Same { get; } = new(true);

    /// <summary>Rows above the image; 0 for <see cref="Same"/>, whose padding depends on the image.</summary>
    public int Top { get; }

    /// <summary>Rows below the image.</summary>
    public int Bottom { get; }

    /// <summary>Columns left of the image.</summary>
    public int Left { get; }

    /// <summary>Columns right of the image.</summary>
    public int Right { get; }

    /// <summary>By its Keras name: <c>valid</c> or <c>same</c>.</summary>
    public static implicit operator Padding(string name) => name switch
    {
        "valid" => Valid,
        "same" => Same,
        _ => throw Error.UnknownName("Padding", name, ["valid", "same"]),
    };

    /// <summary>The same number on all sides.</summary>
    /// <exception cref="InvalidInputException">The number is negative.</exception>
    public static implicit operator Padding(int all) => new(all);

    /// <summary>So many rows above and below, and so many columns left and right.</summary>
    /// <exception cref="InvalidInputException">A number is negative.</exception>
    public static implicit operator Padding((int Rows, int Columns) sides) => new(sides.Rows, sides.Rows, sides.Columns, sides.Columns);

    /// <summary>So many rows above and below, and so many columns left and right: F#'s plain tuple.</summary>
    /// <exception cref="InvalidInputException">A number is negative.</exception>
    public static implicit operator Padding(Tuple<int, int> sides)
    {
        ArgumentNullException.ThrowIfNull(sides);
        return (sides.Item1, sides.Item2);
    }

    /// <inheritdoc/>
    public override string ToString() => same ? "same" : this == Valid ? "valid" : $"({Top}, {Bottom}, {Left}, {Right})";

    /// <summary>Whether this is <see cref="Same"/>.</summary>
    internal bool IsSame => same;
}
