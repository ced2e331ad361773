namespace NativeDL;

/// <summary>
/// The way of a window along one axis of an image, a sequence or a volume, in convolutions and pools: how many results there are, and
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

    private WindowAxis(string op, Padding padding, long before, long after, int size, int window, int stride, int dilation)
    {
        (Stride, Dilation, Results) = (Math.Min(stride, Most), Math.Min(dilation, Most), Shape.None);
        bool isKnown = size != Shape.None && window != Shape.None;
        long span = isKnown ? (window - 1L) * dilation + 1 : 0;
        if (padding.IsCausal) before = Math.Max(0, span - 1);
        if (padding.IsSame)
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

    /// <summary>Along an axis, of which the columns, or the steps of a sequence, are number 0, the rows 1 and the planes 2.</summary>
    public static WindowAxis Along(int axis, string op, Padding padding, int size, int window, int stride, int dilation = 1)
    {
        var (before, after) = Sides(axis, padding);
        return new(op, padding, before, after, size, window, stride, dilation);
    }

    /// <summary>
    /// How large an image a transposed convolution paints along an axis, so that the convolution makes so many results of it again, as in Keras: size · stride
    /// for 'same', size · stride + max(span − stride, 0) for 'valid', (size − 1) · stride + span − before − after for numbers, where the window spans
    /// (window − 1) · dilation + 1. Where an output padding is given: (size − 1) · stride + span − padding + output padding, the padding of 'same' being
    /// span / 2 on both sides.
    /// </summary>
    public static int Painted(int axis, string op, Padding padding, int size, int window, int stride, int dilation, int? outputPadding)
    {
        RequireNotCausal(op, padding);
        if (size == Shape.None || window == Shape.None) return Shape.None;
        long span = (window - 1L) * dilation + 1, rest = (size - 1L) * stride + span;
        var (before, after) = Sides(axis, padding);
        long cut = padding.IsSame ? span / 2 * 2 : (long)before + after;
        long painted = outputPadding is { } extra ? rest - cut + extra
            : padding.IsSame ? (long)size * stride
            : padding == Padding.Valid ? rest + Math.Max(stride - span, 0)
            : rest - cut;
        if (painted < 1)
            throw Error.Shape(op, "nothing is left of the image", $"{size} results, window {window}, stride {stride}, dilation {dilation}, padding {padding}");
        int image = Shape.Dimension(op, painted);
        if (size > 0 && Along(axis, op, padding, image, window, stride, dilation).Results != size)
            throw Error.Input(op, "the output padding does not fit", $"{outputPadding} with stride {stride}, window {window}, padding {padding}",
                "0 or more and smaller than the stride; with 'same' the kernel's size and it must not both be even and 0");
        return image;
    }

    /// <summary>Refuses causal padding.</summary>
    public static void RequireNotCausal(string op, Padding padding)
    {
        if (padding.IsCausal) throw Error.Input(op, "causal padding is for convolutions over sequences", "causal", "valid, same or numbers");
    }

    /// <summary>The padding in numbers along an axis; 0 where it is a word.</summary>
    public static (int Before, int After) Sides(int axis, Padding padding) => axis switch
    {
        0 => (padding.Left, padding.Right),
        1 => (padding.Top, padding.Bottom),
        _ => (padding.Front, padding.Back),
    };

    /// <summary>Down the rows.</summary>
    public static WindowAxis Down(string op, Padding padding, int height, int window, int stride, int dilation = 1) =>
        Along(1, op, padding, height, window, stride, dilation);

    /// <summary>Across the columns.</summary>
    public static WindowAxis Across(string op, Padding padding, int width, int window, int stride, int dilation = 1) =>
        Along(0, op, padding, width, window, stride, dilation);

    /// <summary>Refuses images whose rows have too many numbers to count by int.</summary>
    public static void RequireRow(string op, Shape image)
    {
        if ((long)Math.Max(0, image.Dimension(^2)) * Math.Max(0, image.Dimension(^1)) > int.MaxValue)
            throw Error.Shape(op, "a row of the images is too long", $"{image[^2..]} of {image}", $"at most {int.MaxValue} numbers");
    }
}
