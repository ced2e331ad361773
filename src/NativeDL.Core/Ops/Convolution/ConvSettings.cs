namespace NativeDL;

/// <summary>What a convolution over images is told besides its operands. Strides and dilation are 1 or more.</summary>
internal readonly record struct ConvSettings(Size2D Strides, Padding Padding, Size2D Dilation, int Groups)
{
    /// <summary>The result's shape [N, OH, OW, F]; refuses operands that do not fit. What is not known of them stays so.</summary>
    public Shape Result(string op, Shape x, Shape kernel) =>
        ConvAxes.Result(op, x, kernel, [Strides.Height, Strides.Width], Padding, [Dilation.Height, Dilation.Width], Groups);

    /// <summary>The kernel's way down and across the images.</summary>
    public (WindowAxis Rows, WindowAxis Columns) Axes(string op, Shape x, Shape kernel) =>
        (WindowAxis.Down(op, Padding, x.Dimension(1), kernel.Dimension(0), Strides.Height, Dilation.Height),
        WindowAxis.Across(op, Padding, x.Dimension(2), kernel.Dimension(1), Strides.Width, Dilation.Width));

    /// <inheritdoc/>
    public override string ToString() => $"strides {Strides}, padding {Padding}, dilation {Dilation}, groups {Groups}";
}

/// <summary>What a convolution over any number of axes is told: a stride and a dilation, 1 or more, for each axis of space.</summary>
internal readonly record struct ConvAxes(int[] Strides, Padding Padding, int[] Dilation, int Groups)
{
    private static readonly string[] Counts = ["three", "four", "five"];
    private static readonly string[] Images = ["[N, T, C]", "[N, H, W, C]", "[N, D, H, W, C]"];
    private static readonly string[] Kernels = ["[K, C / groups, F]", "[KH, KW, C / groups, F]", "[KD, KH, KW, C / groups, F]"];

    /// <summary>The axes of space.</summary>
    public int Count => Strides.Length;

    /// <summary>Refuses strides and dilations below 1.</summary>
    public static ConvAxes Checked(string op, int[] strides, Padding padding, int[] dilation, int groups)
    {
        if (strides.Min() < 1 || dilation.Min() < 1)
            throw Error.Input(op, "strides and dilation rate must be 1 or more", $"strides {Text(strides)}, dilation rate {Text(dilation)}");
        return new(strides, padding, dilation, groups);
    }

    /// <summary>The result's shape [N, …, F].</summary>
    public Shape Result(string op, Shape x, Shape kernel) => Result(op, x, kernel, Strides, Padding, Dilation, Groups);

    /// <summary>The kernel's way along axis <paramref name="i"/> of space.</summary>
    public WindowAxis Axis(int i, string op, Shape x, Shape kernel) =>
        WindowAxis.Along(Count - 1 - i, op, Padding, x.Dimension(1 + i), kernel.Dimension(i), Strides[i], Dilation[i]);

    /// <summary>What the last two axes, or a row of a sequence, are told as images, with the padding in numbers.</summary>
    public ConvSettings InPlanes(string op, Shape x, Shape kernel)
    {
        var across = Axis(Count - 1, op, x, kernel);
        var down = Count == 1 ? default : Axis(Count - 2, op, x, kernel);
        return new((Count == 1 ? 1 : down.Stride, across.Stride), new Padding(down.Before, down.After, across.Before, across.After),
            (Count == 1 ? 1 : down.Dilation, across.Dilation), Groups);
    }

    /// <summary>The result's shape [N, …, F]; refuses operands that do not fit. What is not known of them stays so.</summary>
    public static Shape Result(string op, Shape x, Shape kernel, ReadOnlySpan<int> strides, Padding padding, ReadOnlySpan<int> dilation, int groups)
    {
        int axes = strides.Length;
        if (x.Rank != axes + 2 || kernel.Rank != axes + 2) throw Error.Shape(op, $"images and kernel must have {Counts[axes - 1]} dimensions",
            $"x {x} and kernel {kernel}", $"x {Images[axes - 1]} and kernel {Kernels[axes - 1]}");
        int channels = x.Dimension(^1), own = kernel.Dimension(^2), filters = kernel.Dimension(^1);
        if (groups < 1 || !Falls(channels) || !Falls(filters) || (channels != Shape.None && own != Shape.None && (long)own * groups != channels))
            throw Error.Shape(op, "the kernel does not fit the channels", $"x {x}, kernel {kernel}, groups {groups}",
                $"kernel {Kernels[axes - 1]} with C and F divisible by groups");
        if (kernel.Dimensions[..axes].Contains(0)) throw Error.Shape(op, "the kernel is empty", $"kernel {kernel}");
        double numbers = 1;
        foreach (int size in kernel.Dimensions) numbers *= Math.Max(1, size);
        if (numbers > int.MaxValue) throw Error.Shape(op, "the kernel is too large", $"kernel {kernel}", $"at most {int.MaxValue} numbers");
        WindowAxis.RequireRow(op, x);
        if (axes > 1) WindowAxis.RequireNotCausal(op, padding);
        var result = x.ToArray();
        for (int i = 0; i < axes; i++)
        {
            result[1 + i] = WindowAxis.Along(axes - 1 - i, op, padding, x.Dimension(1 + i), kernel.Dimension(i), strides[i], dilation[i]).Results;
            if (result[1 + i] == 0)
                throw Error.Shape(op, "the kernel is larger than the padded image",
                    $"x {x}, kernel {kernel}, strides {Text(strides)}, padding {padding}, dilation {Text(dilation)}", null,
                    "use Padding.Same, or a smaller kernel");
        }
        result[^1] = filters;
        return result;

        bool Falls(int size) => size == Shape.None || size % groups == 0;
    }

    /// <summary>Refuses a bias that is not one number for each filter, the last axis of <paramref name="result"/>.</summary>
    public static void RequireBias(string op, Tensor bias, Shape kernel, Shape result)
    {
        if (bias.Rank != 1 || !Shape.IsSame(bias.Shape.Dimension(0), result.Dimension(^1)))
            throw Error.Shape(op, "the bias does not fit the kernel", $"bias {bias.Shape} and kernel {kernel}", $"bias {result[^1..]}");
    }

    /// <inheritdoc/>
    public override string ToString() => $"strides {Text(Strides)}, padding {Padding}, dilation {Text(Dilation)}, groups {Groups}";

    private static string Text(ReadOnlySpan<int> sizes) => $"({string.Join(", ", sizes.ToArray())})";
}
