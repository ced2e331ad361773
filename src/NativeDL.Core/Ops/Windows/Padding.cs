namespace NativeDL;

/// <summary>
/// How a convolution or pooling window meets the border of an image, a sequence or a volume: <see cref="Valid"/> (the default), <see cref="Same"/>,
/// of sequences <see cref="Causal"/>, or a given number of columns, rows and planes on each side. Padding is 0 for convolutions and left out of pools.
/// </summary>
/// <remarks>
/// As in Keras: 'same' gives ⌈n / stride⌉ results, the odd row or column of padding goes to the bottom and right. The steps of a sequence are columns.
/// </remarks>
public readonly record struct Padding
{
    private readonly Kind kind;
    private readonly int planesBefore, planesBehind; // if given

    private enum Kind : byte { Valid, Same, Causal, Numbers, Planes }

    /// <summary>Rows above and below, columns left and right.</summary>
    /// <exception cref="InvalidInputException">A number is negative.</exception>
    public Padding(int top, int bottom, int left, int right)
    {
        if (top < 0 || bottom < 0 || left < 0 || right < 0)
            throw Error.Input("Padding", "padding is negative", $"({top}, {bottom}, {left}, {right})", "0 or more on each side");
        (Top, Bottom, Left, Right, kind) = (top, bottom, left, right, Kind.Numbers);
    }

    /// <summary>Planes before and behind a volume, rows above and below, columns left and right.</summary>
    /// <exception cref="InvalidInputException">A number is negative.</exception>
    public Padding(int front, int back, int top, int bottom, int left, int right) : this(top, bottom, left, right)
    {
        if (front < 0 || back < 0) throw Error.Input("Padding", "padding is negative", $"({front}, {back}, …)", "0 or more on each side");
        if (front == Front && back == Back) return;   // two ways to say the same are one
        (planesBefore, planesBehind, kind) = (front, back, Kind.Planes);
    }

    /// <summary>Steps before and behind a sequence; left and right of an image.</summary>
    /// <exception cref="InvalidInputException">A number is negative.</exception>
    public Padding(int left, int right) : this(0, 0, left, right) { }

    /// <summary>The same on all sides.</summary>
    public Padding(int all) : this(all, all, all, all) { }

    private Padding(Kind kind) => this.kind = kind;

    /// <summary>No padding: the window stays inside of the image.</summary>
    public static Padding Valid { get; }

    /// <summary>As many results as ⌈n / stride⌉.</summary>
    public static Padding Same { get; } = new(Kind.Same);

    /// <summary>Of a convolution over a sequence: as many results as steps (over the stride), none of which sees a later step.</summary>
    public static Padding Causal { get; } = new(Kind.Causal);

    /// <summary>Planes before a volume: given, or the number that stands on all sides, else 0.</summary>
    public int Front => kind == Kind.Planes ? planesBefore : AllSides;

    /// <summary>Planes behind a volume, likewise.</summary>
    public int Back => kind == Kind.Planes ? planesBehind : AllSides;

    /// <summary>Rows above the image; 0 for <see cref="Same"/>, whose padding depends on the image.</summary>
    public int Top { get; }

    /// <summary>Rows below the image.</summary>
    public int Bottom { get; }

    /// <summary>Columns left of the image.</summary>
    public int Left { get; }

    /// <summary>Columns right of the image.</summary>
    public int Right { get; }

    /// <summary>By its Keras name: <c>valid</c>, <c>same</c> or <c>causal</c>.</summary>
    public static implicit operator Padding(string name) => name switch
    {
        "valid" => Valid,
        "same" => Same,
        "causal" => Causal,
        _ => throw Error.UnknownName("Padding", name, ["valid", "same", "causal"]),
    };

    /// <summary>The same number on all sides.</summary>
    /// <exception cref="InvalidInputException">The number is negative.</exception>
    public static implicit operator Padding(int all) => new(all);

    /// <summary>So many rows above and below, and so many columns left and right.</summary>
    /// <exception cref="InvalidInputException">A number is negative.</exception>
    public static implicit operator Padding((int Rows, int Columns) sides) => new(sides.Rows, sides.Rows, sides.Columns, sides.Columns);

    /// <summary>So many planes before and behind, rows above and below, columns left and right.</summary>
    /// <exception cref="InvalidInputException">A number is negative.</exception>
    public static implicit operator Padding((int Planes, int Rows, int Columns) sides) =>
        new(sides.Planes, sides.Planes, sides.Rows, sides.Rows, sides.Columns, sides.Columns);

    /// <summary>So many rows above and below, and so many columns left and right: F#'s plain tuple.</summary>
    /// <exception cref="InvalidInputException">A number is negative.</exception>
    public static implicit operator Padding(Tuple<int, int> sides)
    {
        ArgumentNullException.ThrowIfNull(sides);
        return (sides.Item1, sides.Item2);
    }

    /// <inheritdoc/>
    public override string ToString() => IsInWords ? kind.ToString().ToLowerInvariant() : $"({string.Join(", ", Numbers)})";

    /// <summary>Whether this is <see cref="Same"/>.</summary>
    internal bool IsSame => kind == Kind.Same;

    /// <summary>Whether this is <see cref="Causal"/>.</summary>
    internal bool IsCausal => kind == Kind.Causal;

    /// <summary>Whether it is a word, and no numbers.</summary>
    internal bool IsInWords => kind is Kind.Valid or Kind.Same or Kind.Causal;

    /// <summary>Top, bottom, left, right; before them front and back, where those are given for themselves.</summary>
    internal int[] Numbers => kind == Kind.Planes ? [Front, Back, Top, Bottom, Left, Right] : [Top, Bottom, Left, Right];

    /// <summary>Of a sequence, as that of an image of one row.</summary>
    internal Padding OfARow => IsInWords ? this : new(0, 0, Left, Right);

    /// <summary>From <see cref="Numbers"/>; null where they are not four or six of 0 or more.</summary>
    internal static Padding? FromNumbers(ReadOnlySpan<int> numbers) => numbers.ContainsAnyInRange(int.MinValue, -1) ? null : numbers switch
    {
        [var top, var bottom, var left, var right] => new(top, bottom, left, right),
        [var front, var back, var top, var bottom, var left, var right] => new(front, back, top, bottom, left, right),
        _ => null,
    };

    private int AllSides => Top == Bottom && Left == Right && Top == Left ? Top : 0;
}
