namespace NativeDL;

/// <summary>
/// Height and width of a window, a stride or a dilation: one number for both, or a pair. <c>default</c> means that none was
/// given, and what has such a parameter says what it takes then.
/// </summary>
/// <example><code>
/// new Conv2D(32, 3);                        // 3 × 3
/// new MaxPool2D((3, 2), strides: 2);        // 3 down, 2 across
/// </code></example>
public readonly record struct Size2D
{
    /// <summary>A size of <paramref name="height"/> rows and <paramref name="width"/> columns.</summary>
    public Size2D(int height, int width) => (Height, Width, IsGiven) = (height, width, true);

    /// <summary>The same for height and width; from F#, where a number does not convert outside of calls.</summary>
    public Size2D(int size) : this(size, size)
    {
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Whether this is a size at all, and not <c>default</c>.</summary>
    public bool IsGiven { get; }

    /// <summary>The same for height and width.</summary>
    public static implicit operator Size2D(int size) => new(size);

    /// <summary>Height and width.</summary>
    public static implicit operator Size2D((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>Height and width: F#'s plain tuple.</summary>
    public static implicit operator Size2D(Tuple<int, int> size)
    {
        ArgumentNullException.ThrowIfNull(size);
        return new(size.Item1, size.Item2);
    }

    /// <summary>This size, or <paramref name="other"/> where none was given.</summary>
    public Size2D Or(Size2D other) => IsGiven ? this : other;

    /// <summary>Height and width: <c>var (height, width) = size;</c></summary>
    public void Deconstruct(out int height, out int width) => (height, width) = (Height, Width);

    /// <summary>The pair, such as <c>(3, 3)</c>.</summary>
    public override string ToString() => IsGiven ? $"({Height}, {Width})" : "not given";
}
