namespace NativeDL;

/// <summary>How pixels between pixels are made.</summary>
public enum Interpolation
{
    /// <summary>The nearest pixel.</summary>
    Nearest,

    /// <summary>The two nearest of each axis, by their distances.</summary>
    Bilinear,

    /// <summary>The four nearest of each axis, by cubic convolution with a = −0.75, as in PyTorch and ONNX.</summary>
    Bicubic,

    /// <summary>All that lies under the new pixel, by its share of it: for making images smaller.</summary>
    Area,
}

/// <summary>Operations on images, channels last.</summary>
public static partial class Images
{
    /// <summary>The image in another size. <c>[N, H, W, C] -> [N, height, width, C]</c>, and <c>[H, W, C] -> [height, width, C]</c></summary>
    /// <remarks>
    /// A pixel is a square, and the squares of both images cover the same area, as in Keras, TensorFlow 2 and PyTorch: pixel i of the new image has its middle
    /// at (i + ½) · H / height − ½. With <paramref name="alignCorners"/> the middles of the corner pixels lie on each other instead:
    /// i · (H − 1) / (height − 1). What lies beyond the border is the last pixel. Nothing is smoothed before it is made smaller, but by
    /// <see cref="Interpolation.Area"/>.
    /// </remarks>
    /// <param name="images">The images; for the nearest pixel of any element type, else floating-point.</param>
    /// <param name="height">The new height.</param>
    /// <param name="width">The new width.</param>
    /// <param name="interpolation">How pixels between pixels are made.</param>
    /// <param name="alignCorners">Whether corners lie on corners; not for areas.</param>
    /// <exception cref="ShapeMismatchException">These are no images, or they have no pixels.</exception>
    /// <exception cref="InvalidInputException">The new size is below 1, or corners of areas are to be aligned.</exception>
    public static Tensor Resize(Tensor images, int height, int width, Interpolation interpolation = Interpolation.Bilinear, bool alignCorners = false)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (height < 1 || width < 1) throw Error.Input("resize", "the new size must be 1 or more", $"{height} and {width}");
        if (!Enum.IsDefined(interpolation)) throw Error.Input("resize", "there is no such interpolation", $"{interpolation}");
        if (alignCorners && interpolation == Interpolation.Area) throw Error.Input("resize", "areas cover each other whole, without corners to align");
        return new ResizeOp(height, width, interpolation, alignCorners).Run(images);
    }
}

/// <summary>y = x with each axis of space brought to another size in turn, by weighted sums of a few elements.</summary>
internal sealed partial class ResizeOp(int height, int width, Interpolation interpolation, bool alignCorners) : ComposedOp, IOp
{
    public override string Name => "resize";

    // The nearest is moved, not computed.
    protected override bool Widens => interpolation != Interpolation.Nearest;

    protected override void Infer(Operands x, Results y)
    {
        if (interpolation != Interpolation.Nearest) RequireFloating(x[0]);
        var shape = x[0].Shape;
        if (shape.Rank is not (3 or 4) || shape.Dimension(^3) == 0 || shape.Dimension(^2) == 0)
            throw Error.Shape(Name, "these are no images", $"{shape}", "[N, H, W, C] or [H, W, C], with pixels");
        y.Set(0, shape.With(shape.Rank - 3, height).With(shape.Rank - 2, width), x[0].DType);
    }

    protected override Tensors Compose(Tensor[] x)
    {
        int rows = x[0].Rank - 3;
        return Taps(x[0].Shape[rows + 1], width).Sum(Taps(x[0].Shape[rows], height).Sum(x[0], rows), rows + 1);
    }

    private AxisTaps Taps(int n, int m) => interpolation switch
    {
        Interpolation.Nearest => AxisTaps.Nearest(n, m, alignCorners),
        Interpolation.Bilinear => AxisTaps.Linear(n, m, alignCorners),
        Interpolation.Bicubic => AxisTaps.Cubic(n, m, alignCorners),
        _ => AxisTaps.Area(n, m),
    };

    public static OpSpec Spec => new("resize", "[…a, H, W, C] -> […a, OH, OW, C]", d =>
    {
        var method = d.OneOf(Interpolation.Bilinear, Interpolation.Nearest, Interpolation.Bicubic, Interpolation.Area);
        bool align = d.Flag() && method != Interpolation.Area;
        int[] size = [d.Int(1, 5), d.Int(1, 5), d.Int(1, 3)];
        var op = new ResizeOp(d.Int(1, 7), d.Int(1, 7), method, align);
        return new OpCase([d.Tensor(d.Flag() ? [2, .. size] : size)], t => [op.Run(t)], $"{op}");
    })
    { ReductionLength = _ => 25, Flops = c => 8.0 * c.Elements };
}
