namespace NativeDL;

/// <summary>What a pool over any number of axes is told: a window and a stride for each axis of space.</summary>
internal readonly record struct PoolAxes(int[] Window, int[] Strides, Padding Padding)
{
    private static readonly string[] Counts = ["three", "four", "five"];
    private static readonly string[] Images = ["[N, T, C]", "[N, H, W, C]", "[N, D, H, W, C]"];

    /// <summary>The axes of space.</summary>
    public int Count => Window.Length;

    /// <summary>Refuses windows that are none, or lie in the padding.</summary>
    public static PoolAxes Checked(string op, int[] window, int[] strides, Padding padding)
    {
        Check(op, window, strides, padding);
        return new(window, strides, padding);
    }

    /// <inheritdoc cref="Checked"/>
    public static void Check(string op, ReadOnlySpan<int> window, ReadOnlySpan<int> strides, Padding padding)
    {
        WindowAxis.RequireNotCausal(op, padding);
        double places = 1;
        for (int i = 0; i < window.Length; i++)
        {
            if (window[i] < 1 || strides[i] < 1)
                throw Error.Input(op, "window and strides must be 1 or more", $"window {Text(window)}, strides {Text(strides)}");
            var (before, after) = WindowAxis.Sides(window.Length - 1 - i, padding);
            if (Math.Max(before, after) >= window[i])
                throw Error.Input(op, "a window would lie in the padding alone", $"padding {padding}, window {Text(window)}",
                    "padding smaller than the window");
            places *= window[i];
        }
        if (places > int.MaxValue) throw Error.Input(op, "the window is too large", $"{Text(window)}", $"at most {int.MaxValue} places");
    }

    /// <summary>The result's shape [N, …, C]; refuses operands that do not fit. What is not known of them stays so.</summary>
    public Shape Result(string op, Shape x) => Result(op, x, Window, Strides, Padding);

    /// <inheritdoc cref="Result(string, Shape)"/>
    public static Shape Result(string op, Shape x, ReadOnlySpan<int> window, ReadOnlySpan<int> strides, Padding padding)
    {
        int axes = window.Length;
        if (x.Rank != axes + 2) throw Error.Shape(op, $"images must have {Counts[axes - 1]} dimensions", $"x {x}", $"x {Images[axes - 1]}");
        WindowAxis.RequireRow(op, x);
        var result = x.ToArray();
        for (int i = 0; i < axes; i++)
        {
            result[1 + i] = WindowAxis.Along(axes - 1 - i, op, padding, x.Dimension(1 + i), window[i], strides[i]).Results;
            if (result[1 + i] == 0)
                throw Error.Shape(op, "the window is larger than the padded image", $"x {x}, window {Text(window)}, padding {padding}", null,
                    "use Padding.Same, or a smaller window");
        }
        return result;
    }

    /// <summary>The window's way along axis <paramref name="i"/> of space.</summary>
    public WindowAxis Axis(int i, string op, Shape x) => WindowAxis.Along(Count - 1 - i, op, Padding, x.Dimension(1 + i), Window[i], Strides[i]);

    /// <summary>Where the axes of <see cref="Windows"/> are: 2, 4 …</summary>
    public int[] WindowAxes => [.. Enumerable.Range(0, Count).Select(i => 2 + 2 * i)];

    /// <summary>All windows, as axes of their own, with a border of <paramref name="value"/>: [N, H, W, C] -> [N, OH, KH, OW, KW, C].</summary>
    public Tensor Windows(string op, Tensor x, double value)
    {
        var windows = x;
        for (int i = 0; i < Count; i++)
        {
            var way = Axis(i, op, x.Shape);
            int at = 1 + 2 * i;
            if (way.Before + way.After > 0)
                windows = windows.Pad([.. Enumerable.Range(0, windows.Rank).Select(axis => axis == at ? (way.Before, way.After) : (0, 0))], value);
            windows = windows.SlidingWindows(at, way, Window[i]);
        }
        return windows;
    }

    /// <summary>
    /// Adds up windows of an image of that shape where they overlap, and cuts the border off: the adjoint of <see cref="Windows"/>.
    /// [N, OH, KH, OW, KW, C] -> [N, H, W, C].
    /// </summary>
    public Tensor Joined(string op, Tensor windows, Shape image)
    {
        var x = windows;
        for (int i = Count - 1; i >= 0; i--)
        {
            var way = Axis(i, op, image);
            int at = 1 + 2 * i, size = image[1 + i];
            x = new OverlapAddOp(at, Shape.Dimension(op, (long)size + way.Before + way.After), way.Stride, way.Dilation).Run(x).Narrow(at, way.Before, size);
        }
        return x;
    }

    /// <inheritdoc/>
    public override string ToString() => $"window {Text(Window)}, strides {Text(Strides)}, padding {Padding}";

    private static string Text(ReadOnlySpan<int> sizes) => $"({string.Join(", ", sizes.ToArray())})";
}
