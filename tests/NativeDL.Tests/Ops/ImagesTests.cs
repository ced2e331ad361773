namespace NativeDL.Tests.Ops;

/// <summary>Images in other sizes, and looked up between pixels.</summary>
public sealed class ImagesTests
{
    private static readonly Tensor Four = Tensor.FromArray(new double[] { 1, 2, 3, 4 }, [1, 2, 2, 1]);

    private static readonly Tensor Row = Tensor.FromArray(new double[] { 10, 20, 40 }, [1, 1, 3, 1]);

    private static double[] Resized(int width, Interpolation interpolation, bool alignCorners = false) =>
        Images.Resize(Row, 1, width, interpolation, alignCorners).ToArray<double>();

    [Fact]
    public void The_nearest_pixel_is_that_of_the_middle()
    {
        // New pixels have their middles in old ones: of six two in each, of two at ¾ and 2¼ of the way over three.
        Is([10, 10, 20, 20, 40, 40], Resized(6, Interpolation.Nearest));
        Is([10, 40], Resized(2, Interpolation.Nearest));
        // Corners on corners: at 0, ½ and so on, halves go to the later.
        Is([10, 20, 20, 40, 40], Resized(5, Interpolation.Nearest, true));
        Is([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4], Images.Resize(Four, 4, 4, Interpolation.Nearest).ToArray<double>());
        Assert.Equal([1, 1, 0, 0], Images.Resize(Tensor.FromArray(new byte[] { 1, 0 }, [1, 2, 1]), 1, 4, Interpolation.Nearest).ToArray<byte>());
    }

    [Fact]
    public void Two_pixels_are_mixed_by_their_distances()
    {
        // At −¼ (held to 0), ¼, ¾, 1¼, 1¾ and 2¼ (held to 2).
        Is([10, 12.5, 17.5, 25, 35, 40], Resized(6, Interpolation.Bilinear));
        // Corners on corners: at 0, ½, 1, 1½, 2.
        Is([10, 15, 20, 30, 40], Resized(5, Interpolation.Bilinear, true));
        Is([1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4], Images.Resize(Four, 4, 4).ToArray<double>());
        Is([2.5], Images.Resize(Four, 1, 1).ToArray<double>());
        Is([1], Images.Resize(Four, 1, 1, alignCorners: true).ToArray<double>());
        Is([.. Four.ToDoubles()], Images.Resize(Four, 2, 2).ToArray<double>());
    }

    [Fact]
    public void Four_pixels_are_mixed_by_cubic_convolution()
    {
        // Half way between 20 and 40 with a = −¾: weights −3/32, 19/32, 19/32, −3/32 of 10, 20, 40, 40.
        Is([(-3 * 10 + 19 * 20 + 19 * 40 - 3 * 40) / 32.0], Images.Resize(Row, 1, 5, Interpolation.Bicubic, true).ToArray<double>()[3..4]);
        // At 2¼ and 2¾ of 0, 1, 2 … the weights of 1, 2, 3, 4 are −27/256, 225/256, 67/256, −9/256, and those in reverse order.
        var line = Tensor.Arange(0, 8, 1, DType.Float64).Reshape(1, 1, 8, 1);
        Is([(-27 + 2 * 225 + 3 * 67 - 4 * 9) / 256.0, (-9 + 2 * 67 + 3 * 225 - 4 * 27) / 256.0],
            Images.Resize(line, 1, 16, Interpolation.Bicubic).ToArray<double>()[5..7]);
    }

    [Fact]
    public void An_area_is_the_mean_of_what_it_covers()
    {
        // Three pixels into two: 10 and half of 20, half of 20 and 40, each by 1½.
        Is([(10 + 10) / 1.5, (10 + 40) / 1.5], Resized(2, Interpolation.Area));
        Is([2.5], Images.Resize(Four, 1, 1, Interpolation.Area).ToArray<double>());
        Is([10, 10, 20, 20, 40, 40], Resized(6, Interpolation.Area));
        var image = MatMulTests.Numbers(2, 6, 9, 3);
        MatMulTests.Close(image.AvgPool2D((2, 3)).ToArray<double>(), Images.Resize(image, 3, 3, Interpolation.Area).ToArray<double>());
    }

    [Fact]
    public void The_identity_map_looks_up_every_pixel()
    {
        var theta = Tensor.FromArray(new double[] { 1, 0, 0, 0, 1, 0 }, [1, 2, 3]);
        foreach (bool align in (bool[])[false, true])
        {
            var grid = Images.AffineGrid(theta, 2, 2, align);
            double edge = align ? 1 : 0.5;
            Is([-edge, -edge, edge, -edge, -edge, edge, edge, edge], grid.ToArray<double>());
            Is([1, 2, 3, 4], Images.GridSample(Four, grid, alignCorners: align).ToArray<double>());
            Is([1, 2, 3, 4], Images.GridSample(Four, grid, Interpolation.Nearest, alignCorners: align).ToArray<double>());
        }
        // A turn by 90°: (x, y) looks at (y, −x).
        var turn = Tensor.FromArray(new double[] { 0, 1, 0, -1, 0, 0 }, [1, 2, 3]);
        Is([3, 1, 4, 2], Images.GridSample(Four, Images.AffineGrid(turn, 2, 2)).ToArray<double>());
    }

    [Theory]
    [InlineData(SamplePadding.Zeros, 2.5, 0.75, 0)]
    [InlineData(SamplePadding.Border, 2.5, 1.5, 4)]
    [InlineData(SamplePadding.Reflection, 2.5, 1.5, 1)]
    public void Points_between_and_beyond(SamplePadding padding, double middle, double edge, double far)
    {
        // The middle; on the upper edge between 1 and 2; row and column 3, which are mirrored to 0.
        var grid = Tensor.FromArray(new double[] { 0, 0, 0, -1, 2.5, 2.5 }, [1, 1, 3, 2]);
        Is([middle, edge, far], Images.GridSample(Four, grid, padding: padding).ToArray<double>());
    }

    [Fact]
    public void What_is_reflected_comes_back()
    {
        // Pixels 0, 1, 2 with edges at −½ and 2½: 3 is 2, 4 is 1, −1 is 0, −2 is 1; with corners aligned 3 is 1 and −1 is 1.
        Is([40, 20, 10, 20], At(false, 3, 4, -1, -2));
        Is([20, 10, 20, 40], At(true, 3, 4, -1, -2));

        static double[] At(bool align, params double[] places)
        {
            double[] grid = [.. places.SelectMany(p => (double[])[align ? p - 1 : (p + 0.5) * 2 / 3 - 1, 0])];
            return Images.GridSample(Row, Tensor.FromArray(grid, [1, 1, places.Length, 2]), padding: SamplePadding.Reflection, alignCorners: align)
                .ToArray<double>();
        }
    }

    [Fact]
    public void A_box_is_averaged_cell_by_cell()
    {
        var image = Tensor.Arange(0, 16, 1, DType.Float64).Reshape(1, 4, 4, 1);
        // The whole image, two points of each cell both ways: on pixels' middles, so that cells are means of four.
        var boxes = Tensor.FromArray(new double[] { 0, 0, 4, 4, 1, 1, 3, 3 }, [2, 4]);
        var indices = Tensor.FromArray(new int[] { 0, 0 });
        var y = Images.RoiAlign(image, boxes, indices, 2);
        Is([2.5, 4.5, 10.5, 12.5, 5, 6, 9, 10], y.ToArray<double>());
        // Half the scale, twice the box; and as the first code had it, half a pixel further.
        Is([.. y.ToDoubles()], Images.RoiAlign(image, boxes * 2, indices, 2, 0.5).ToArray<double>());
        Is([12.5], Images.RoiAlign(image, boxes.Narrow(0, 1, 1) + 1, indices.Narrow(0, 0, 1), 1, samplingRatio: 1).ToArray<double>());
        Is([10], Images.RoiAlign(image, boxes.Narrow(0, 1, 1), indices.Narrow(0, 0, 1), 1, samplingRatio: 1, aligned: false).ToArray<double>());
        // Of no use so far outside.
        Is([0], Images.RoiAlign(image, boxes.Narrow(0, 1, 1) + 9, indices.Narrow(0, 0, 1), 1).ToArray<double>());
        Assert.Throws<InvalidInputException>(() => Images.RoiAlign(image, boxes, Tensor.FromArray(new int[] { 0, 1 }), 2));
        Assert.Throws<ShapeMismatchException>(() => Images.RoiAlign(image, boxes, indices.Narrow(0, 0, 1), 2));
    }

    [Fact]
    public void A_new_size_is_known_whatever_the_old_one_is()
    {
        const int none = Shape.None;
        var x = Tensor.Symbolic([none, none, none, 3], DType.Float32);
        Assert.Equal([none, 224, 224, 3], Images.Resize(x, 224, 224).Shape);
        Assert.Equal("resize", Images.Resize(x, 224, 224).Symbol!.From!.Name);
        Assert.Equal([none, 5, 6, 3], Images.GridSample(x, Tensor.Symbolic([none, 5, 6, 2], DType.Float32)).Shape);
        Assert.Equal([8, 7, 7, 3], Images.RoiAlign(x, Tensor.Zeros([8, 4]), Tensor.Zeros([8], DType.Int32), 7).Shape);
    }

    [Fact]
    public void Bad_operands_are_named()
    {
        Assert.Throws<InvalidInputException>(() => Images.Resize(Four, 0, 2));
        Assert.Contains("[2, 3]", Assert.Throws<ShapeMismatchException>(() => Images.Resize(Tensor.Zeros([2, 3]), 2, 2)).Message);
        Assert.Throws<DTypeMismatchException>(() => Images.Resize(Tensor.Zeros([2, 3, 1], DType.UInt8), 2, 2));
        Assert.Throws<InvalidInputException>(() => Images.Resize(Four, 2, 2, Interpolation.Area, true));
        Assert.Throws<ShapeMismatchException>(() => Images.Resize(Tensor.Zeros([1, 0, 2, 1]), 2, 2));
        var three = Tensor.Zeros([1, 2, 2, 3], DType.Float64);
        Assert.Contains("grid [1, 2, 2, 3]", Assert.Throws<ShapeMismatchException>(() => Images.GridSample(Four, three)).Message);
        Assert.Throws<InvalidInputException>(() => Images.GridSample(Four, Tensor.Zeros([1, 2, 2, 2], DType.Float64), Interpolation.Bicubic));
        Assert.Throws<ShapeMismatchException>(() => Images.AffineGrid(Tensor.Zeros([1, 3, 3]), 2, 2));
        Assert.Throws<ArgumentNullException>(() => Images.Resize(null!, 2, 2));
    }

    private static void Is(double[] expected, double[] actual) => MatMulTests.Close(expected, actual);
}
