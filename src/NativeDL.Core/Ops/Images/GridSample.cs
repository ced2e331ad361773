namespace NativeDL;

/// <summary>What lies beyond the border of an image that is sampled.</summary>
public enum SamplePadding
{
    /// <summary>Zeros.</summary>
    Zeros,

    /// <summary>The last pixel.</summary>
    Border,

    /// <summary>The image mirrored, at the border's edge, or with corners aligned at the middle of its last pixel.</summary>
    Reflection,
}

public static partial class Images
{
    /// <summary>
    /// The images looked up at the points of a grid, x before y, from −1 to 1 across and down each image.
    /// <c>images [N, H, W, C], grid [N, OH, OW, 2] -> [N, OH, OW, C]</c> (Jaderberg et al. 2015)
    /// </summary>
    /// <remarks>As in PyTorch and ONNX. Where the interpolation has a kink the derivative is that of the pixels to the right and below.</remarks>
    /// <param name="images">The images.</param>
    /// <param name="grid">The points.</param>
    /// <param name="interpolation"><see cref="Interpolation.Bilinear"/> or <see cref="Interpolation.Nearest"/>.</param>
    /// <param name="padding">What lies beyond the border.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the middles of the corner pixels; else they are the border's edge.</param>
    /// <exception cref="ShapeMismatchException">These are no images and no grid of as many, or the images have no pixels.</exception>
    /// <exception cref="InvalidInputException">The interpolation is another.</exception>
    public static Tensor GridSample(Tensor images, Tensor grid, Interpolation interpolation = Interpolation.Bilinear,
        SamplePadding padding = SamplePadding.Zeros, bool alignCorners = false)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(grid);
        if (interpolation is not (Interpolation.Bilinear or Interpolation.Nearest))
            throw Error.Input("grid_sample", "points are looked up by one pixel or by four", $"{interpolation}", "Nearest or Bilinear");
        if (!Enum.IsDefined(padding)) throw Error.Input("grid_sample", "there is no such padding", $"{padding}");
        return new GridSampleOp(interpolation, padding, alignCorners).Run(images, grid);
    }

    /// <summary>
    /// The grid that an affine map makes of the points of an image, for <see cref="GridSample(Tensor, Tensor, Interpolation, SamplePadding, bool)"/>:
    /// (x, y) of the result is θ·(x, y, 1). <c>[N, 2, 3] -> [N, height, width, 2]</c>
    /// </summary>
    /// <param name="theta">θ of each image.</param>
    /// <param name="height">Rows of the grid.</param>
    /// <param name="width">Columns of the grid.</param>
    /// <param name="alignCorners">As in the look-up.</param>
    /// <exception cref="ShapeMismatchException">θ is not [N, 2, 3].</exception>
    /// <exception cref="InvalidInputException">The size is below 1.</exception>
    public static Tensor AffineGrid(Tensor theta, int height, int width, bool alignCorners = false)
    {
        ArgumentNullException.ThrowIfNull(theta);
        if (height < 1 || width < 1) throw Error.Input("affine_grid", "the size must be 1 or more", $"{height} and {width}");
        return new AffineGridOp(height, width, alignCorners).Run(theta);
    }
}

/// <summary>y = the pixels at the points of a grid.</summary>
internal sealed partial class GridSampleOp(Interpolation interpolation, SamplePadding padding, bool alignCorners) : ComposedOp, IOp
{
    public override string Name => "grid_sample";

    protected override void Infer(Operands x, Results y)
    {
        RequireSameDType(x);
        RequireFloating(x[0]);
        Shape images = x[0].Shape, grid = x[1].Shape;
        if (images.Rank != 4 || grid.Rank != 4 || !Shape.IsSame(grid.Dimension(3), 2) || !Shape.IsSame(images.Dimension(0), grid.Dimension(0))
            || images.Dimension(1) == 0 || images.Dimension(2) == 0)
            throw Error.Shape(Name, "the grid is not one of these images", $"images {images} and grid {grid}", "images [N, H, W, C] and grid [N, OH, OW, 2]");
        int n = images.Dimension(0) == Shape.None ? grid.Dimension(0) : images.Dimension(0);
        y.Set(0, [n, grid.Dimension(1), grid.Dimension(2), images.Dimension(3)], x[0].DType);
    }

    protected override Tensors Compose(Tensor[] x)
    {
        var (n, h, w, _) = x[0].Shape;
        var places = x[1].Unstack(-1);
        Tensor column = Place(places[0], w), row = Place(places[1], h), image = Sampler.Numbers(n, 2, x[0].Device);
        bool zeros = padding == SamplePadding.Zeros;
        return interpolation == Interpolation.Nearest ? Sampler.Nearest(x[0], image, row, column, zeros) : Sampler.Bilinear(x[0], image, row, column, zeros);
    }

    // From −1 … 1 to pixels.
    private Tensor Place(Tensor at, int size)
    {
        var place = alignCorners ? (at + 1) * ((size - 1) / 2.0) : (at + 1) * (size / 2.0) - 0.5;
        if (padding == SamplePadding.Zeros) return place;
        if (padding == SamplePadding.Reflection) place = Mirrored(place, alignCorners ? 0 : -0.5, alignCorners ? size - 1 : size);
        return place.Clip(0, size - 1);
    }

    // Back and forth between low and low + span.
    private static Tensor Mirrored(Tensor place, double low, int span)
    {
        if (span == 0) return place * 0;
        var way = place - low;
        var turns = (way / span).Floor().StopGradient();
        var rest = way - turns * span;
        var odd = turns - (turns / 2).Floor() * 2;
        return rest + odd * (span - 2 * rest) + low;
    }

    public static OpSpec Spec => new("grid_sample", "[N, H, W, C], [N, OH, OW, 2] -> [N, OH, OW, C]", d =>
    {
        var padding = d.OneOf(SamplePadding.Zeros, SamplePadding.Border, SamplePadding.Reflection);
        bool align = d.Flag();
        int n = d.Int(1, 2), h = d.Int(2, 4), w = d.Int(2, 4);
        Shape points = [n, d.Int(1, 3), d.Int(1, 3), 1];
        var grid = Tensor.Concat([Points(w), Points(h)], 3);
        var op = new GridSampleOp(Interpolation.Bilinear, padding, align);
        return new OpCase([d.Tensor([n, h, w, d.Int(1, 3)]), grid], t => [op.Run(t)], $"{op}");

        // Away from whole and half pixels, where the derivative jumps; some of them outside.
        Tensor Points(int size)
        {
            var place = d.Indices(points, size + 2).Cast(DType.Float64) - 1 + d.Tensor(points, new Domain(0.15, 0.35));
            return align ? place * (2.0 / (size - 1)) - 1 : (place + 0.5) * (2.0 / size) - 1;
        }
    })
    { ReductionLength = c => 4 * c.Elements, Flops = c => 20.0 * c.Inputs[1].ElementCount * c.Inputs[0].Shape[^1] };
}

/// <summary>y = θ·(x, y, 1) at the points of a grid.</summary>
internal sealed partial class AffineGridOp(int height, int width, bool alignCorners) : ComposedOp, IOp
{
    public override string Name => "affine_grid";

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        var theta = x[0].Shape;
        if (!theta.IsCompatible([Shape.None, 2, 3])) throw Error.Shape(Name, "an affine map has two rows and three columns", $"{theta}", "[N, 2, 3]");
        y.Set(0, [theta.Dimension(0), height, width, 2], x[0].DType);
    }

    protected override Tensors Compose(Tensor[] x)
    {
        var points = new double[height * width * 3];
        for (int i = 0; i < height * width; i++) (points[3 * i], points[3 * i + 1], points[3 * i + 2]) = (Place(i % width, width), Place(i / width, height), 1);
        var all = Tensor.FromSpan<double>(points, [height * width, 3], x[0].Device).Cast(x[0].DType);
        return all.MatMul(x[0], transposeB: true).Reshape(x[0].Shape[0], height, width, 2);
    }

    private double Place(int i, int size) => !alignCorners ? (2 * i + 1.0) / size - 1 : size == 1 ? 0 : 2.0 * i / (size - 1) - 1;

    public static OpSpec Spec => new("affine_grid", "[N, 2, 3] -> [N, H, W, 2]", d =>
    {
        var op = new AffineGridOp(d.Int(1, 4), d.Int(1, 4), d.Flag());
        return new OpCase([d.Tensor([d.Int(1, 3), 2, 3])], t => [op.Run(t)], $"{op}");
    })
    { LayoutMatters = "it is a product of matrices", ReductionLength = c => c.Elements, Flops = c => 12.0 * c.Elements };
}
