namespace NativeDL;

/// <summary>
/// The way of a window along one axis of an image, height or width, in convolutions and pools: how many results there are, and
/// where the first window begins. Worked out in 64-bit arithmetic and checked here, so that kernels check nothing.
/// </summary>
internal readonly struct WindowAxis
{
    /// <summary>The longest axis of an image, its padding included: positions in it, and a step from any of them, are ints.</summary>
    public const int Most = 1 << 30;

    /// <summary>Padding in numbers, if the image's size is known.</summary>
    public readonly int Before, After;

    /// <summary>
    /// From one window to the next, and from one place of a window to the next. Where there is no next one they are of no account, and bounded.
    /// </summary>
    public readonly int Stride, Dilation;

    /// <summary>How many windows there are: 0 if the window is larger than the padded image, <see cref="Shape.None"/> if either size is not known.</summary>
    public readonly int Results;

    private WindowAxis(string op, bool same, long before, long after, int size, int window, int stride, int dilation)
    {
        (Stride, Dilation, Results) = (Math.Min(stride, Most), Math.Min(dilation, Most), Shape.None);
        bool isKnown = size != Shape.None && window != Shape.None;
        long span = isKnown ? (window - 1L) * dilation + 1 : 0;
        if (same)
        {
            // The odd one goes to the end.
            long total = isKnown && size > 0 ? Math.Max(0, (((long)size + stride - 1) / stride - 1) * stride + span - size) : 0;
            (before, after) = (total / 2, total - total / 2);
        }
        long padded = Math.Max(0, size) + before + after;
        if (padded > Most) throw Error.Shape(op, "the padded image is too large", $"{Math.Max(0, size)} rows or columns with {before} and {after} more",
            $"at most {Most} together");
        (Before, After) = ((int)before, (int)after);
        if (isKnown) Results = padded < span ? 0 : (int)((padded - span) / stride) + 1;
    }

    /// <summary>Down the rows.</summary>
    public static WindowAxis Down(string op, Padding padding, int height, int window, int stride, int dilation = 1) =>
        new(op, padding.IsSame, padding.Top, padding.Bottom, height, window, stride, dilation);

    /// <summary>Across the columns.</summary>
    public static WindowAxis Across(string op, Padding padding, int width, int window, int stride, int dilation = 1) =>
        new(op, padding.IsSame, padding.Left, padding.Right, width, window, stride, dilation);

    /// <summary>Refuses images whose rows have too many numbers to count by int.</summary>
    public static void RequireRow(string op, Shape image)
    {
        if ((long)Math.Max(0, image.Dimension(2)) * Math.Max(0, image.Dimension(3)) > int.MaxValue)
            throw Error.Shape(op, "a row of the images is too long", $"{image[2..]} of {image}", $"at most {int.MaxValue} numbers");
    }
}
