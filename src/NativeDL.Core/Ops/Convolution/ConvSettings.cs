namespace NativeDL;

/// <summary>What a convolution is told besides its operands. Strides and dilation are 1 or more.</summary>
internal readonly record struct ConvSettings(Size2D Strides, Padding Padding, Size2D Dilation, int Groups)
{
    /// <summary>The result's shape [N, OH, OW, F]; refuses operands that do not fit. What is not known of them stays so.</summary>
    public Shape Result(string op, Shape x, Shape kernel)
    {
        if (x.Rank != 4 || kernel.Rank != 4) throw Error.Shape(op, "images and kernel must have four dimensions", $"x {x} and kernel {kernel}",
            "x [N, H, W, C] and kernel [KH, KW, C / groups, F]");
        int channels = x.Dimension(3), own = kernel.Dimension(2), filters = kernel.Dimension(3);
        int height = kernel.Dimension(0), width = kernel.Dimension(1);
        if (Groups < 1 || !Falls(channels) || !Falls(filters) || (channels != Shape.None && own != Shape.None && (long)own * Groups != channels))
            throw Error.Shape(op, "the kernel does not fit the channels", $"x {x}, kernel {kernel}, groups {Groups}",
                "kernel [KH, KW, C / groups, F] with C and F divisible by groups");
        if (height == 0 || width == 0) throw Error.Shape(op, "the kernel is empty", $"kernel {kernel}");
        if ((double)Math.Max(1, height) * Math.Max(1, width) * Math.Max(1, own) * Math.Max(1, filters) > int.MaxValue)
            throw Error.Shape(op, "the kernel is too large", $"kernel {kernel}", $"at most {int.MaxValue} numbers");
        WindowAxis.RequireRow(op, x);
        var (rows, columns) = Axes(op, x, kernel);
        if (rows.Results == 0 || columns.Results == 0) throw Error.Shape(op, "the kernel is larger than the padded image", $"x {x}, kernel {kernel}, {this}",
            null, "use Padding.Same, or a smaller kernel");
        return [x.Dimension(0), rows.Results, columns.Results, filters];
    }

    /// <summary>The kernel's way down and across the images.</summary>
    public (WindowAxis Rows, WindowAxis Columns) Axes(string op, Shape x, Shape kernel) =>
        (WindowAxis.Down(op, Padding, x.Dimension(1), kernel.Dimension(0), Strides.Height, Dilation.Height),
        WindowAxis.Across(op, Padding, x.Dimension(2), kernel.Dimension(1), Strides.Width, Dilation.Width));

    /// <inheritdoc/>
    public override string ToString() => $"strides {Strides}, padding {Padding}, dilation {Dilation}, groups {Groups}";

    private bool Falls(int size) => size == Shape.None || size % Groups == 0;
}
