namespace NativeDL;

/// <summary>
/// Depth, height and width of a window, a stride or a dilation in space: one number for all, or three. <c>default</c> means that
/// none was given, and what has such a parameter says what it takes then.
/// </summary>
public readonly record struct Size3D
{
    /// <summary>A size of <paramref name="depth"/> planes, <paramref name="height"/> rows and <paramref name="width"/> columns.</summary>
    public Size3D(int depth, int height, int width) => (Depth, Height, Width, IsGiven) = (depth, height, width, true);

    /// <summary>The same for depth, height and width; from F#, where a number does not convert outside of calls.</summary>
    public Size3D(int size) : this(size, size, size)
    {
    }

    /// <summary>Planes.</summary>
    public int Depth { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Whether this is a size at all, and not <c>default</c>.</summary>
    public bool IsGiven { get; }

    /// <summary>The same for depth, height and width.</summary>
    public static implicit operator Size3D(int size) => new(size);

    /// <summary>Depth, height and width.</summary>
    public static implicit operator Size3D((int Depth, int Height, int Width) size) => new(size.Depth, size.Height, size.Width);

    /// <summary>Depth, height and width: F#'s plain tuple.</summary>
    public static implicit operator Size3D(Tuple<int, int, int> size)
    {
        ArgumentNullException.ThrowIfNull(size);
        return new(size.Item1, size.Item2, size.Item3);
    }

    /// <summary>This size, or <paramref name="other"/> where none was given.</summary>
    public Size3D Or(Size3D other) => IsGiven ? this : other;

    /// <summary>The three: <c>var (depth, height, width) = size;</c></summary>
    public void Deconstruct(out int depth, out int height, out int width) => (depth, height, width) = (Depth, Height, Width);

    /// <summary>The three as a list.</summary>
    internal int[] Sizes => [Depth, Height, Width];

    /// <summary>The three, such as <c>(3, 3, 3)</c>.</summary>
    public override string ToString() => IsGiven ? $"({Depth}, {Height}, {Width})" : "not given";
}
