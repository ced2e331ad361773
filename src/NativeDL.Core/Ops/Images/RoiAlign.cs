namespace NativeDL;

public static partial class Images
{
    /// <summary>
    /// Boxes of images in one size: each is divided into a grid, and of each of its cells the mean of some points is taken, which lie evenly in it and
    /// between pixels. <c>images [N, H, W, C], boxes [R, 4], boxIndices [R] -> [R, OH, OW, C]</c> (He et al. 2017)
    /// </summary>
    /// <remarks>
    /// As in torchvision and ONNX, but that gradients flow to the boxes too, and that the number of points does not depend on the box. Points more than a
    /// pixel beyond the border are 0.
    /// </remarks>
    /// <param name="images">The images, such as features.</param>
    /// <param name="boxes">x1, y1, x2, y2 of each box.</param>
    /// <param name="boxIndices">Whole numbers: the image of each box.</param>
    /// <param name="outputSize">Cells down and across.</param>
    /// <param name="spatialScale">What the boxes are multiplied by, such as 1/16 where features are so much smaller than the image of the boxes.</param>
    /// <param name="samplingRatio">Points of a cell down, and across.</param>
    /// <param name="aligned">Whether pixel i has its middle at i + ½; else at i, as in the paper's first code, and boxes are at least one pixel large.</param>
    /// <exception cref="ShapeMismatchException">These are no images, boxes and an image for each.</exception>
    /// <exception cref="InvalidInputException">Size, scale or ratio are not positive, or there is no such image (on the CPU).</exception>
    public static Tensor RoiAlign(Tensor images, Tensor boxes, Tensor boxIndices, Size2D outputSize, double spatialScale = 1, int samplingRatio = 2,
        bool aligned = true)
    {
        const string name = "roi_align";
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(boxes);
        ArgumentNullException.ThrowIfNull(boxIndices);
        if (!outputSize.IsGiven || outputSize.Height < 1 || outputSize.Width < 1 || samplingRatio < 1)
            throw Error.Input(name, "size and sampling ratio must be 1 or more", $"size {outputSize}, sampling ratio {samplingRatio}");
        if (!(spatialScale > 0 && double.IsFinite(spatialScale))) throw Error.Input(name, "the scale must be positive", $"{spatialScale}");
        return new RoiAlignOp(outputSize, spatialScale, samplingRatio, aligned).Run(images, boxes, IndexList.Normalize(name, boxIndices));
    }
}

/// <summary>y = the means of points in the cells of boxes.</summary>
internal sealed partial class RoiAlignOp(Size2D outputSize, double spatialScale, int samplingRatio, bool aligned) : ComposedOp, IOp
{
    public override string Name => "roi_align";

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        if (x[0].DType != x[1].DType) throw Mixed(x[0], x[1]);
        Shape images = x[0].Shape, boxes = x[1].Shape, numbers = x[2].Shape;
        if (images.Rank != 4 || images.Dimension(1) == 0 || images.Dimension(2) == 0 || !boxes.IsCompatible([Shape.None, 4])
            || !numbers.IsCompatible(boxes[..1]))
            throw Error.Shape(Name, "images and boxes do not fit", $"images {images}, boxes {boxes}, box indices {numbers}",
                "images [N, H, W, C], boxes [R, 4], box indices [R]");
        y.Set(0, [boxes[..1].Merge(numbers).Dimension(0), outputSize.Height, outputSize.Width, images.Dimension(3)], x[0].DType);
    }

    protected override Tensors Compose(Tensor[] x)
    {
        var (n, h, w, c) = x[0].Shape;
        int count = x[1].Shape[0], ratio = samplingRatio, rows = outputSize.Height * ratio, columns = outputSize.Width * ratio;
        if (x[2].Device.IsCpu) IndexList.Check(Name, x[2].Packed(), n);
        var corners = x[1] * spatialScale - (aligned ? 0.5 : 0);
        var (row, inRow) = Points(1, rows, h);
        var (column, inColumn) = Points(0, columns, w);
        row = row.Reshape(count, rows, 1);
        column = column.Reshape(count, 1, columns);
        var found = Sampler.Bilinear(x[0], x[2].Reshape(count, 1, 1), row, column, zeros: false);
        var inside = inRow.Reshape(count, rows, 1, 1) * inColumn.Reshape(count, 1, columns, 1);
        return (found * inside).Reshape(count, outputSize.Height, ratio, outputSize.Width, ratio, c).Mean((2, 4));

        // [R, points] between the corners, held to the image, and 1 where they are no more than a pixel beyond it.
        (Tensor Place, Tensor Inside) Points(int axis, int points, int size)
        {
            Tensor first = corners.Narrow(1, axis, 1), length = corners.Narrow(1, axis + 2, 1) - first;
            if (!aligned) length = Tensor.Maximum(length, 1);
            double[] shares = [.. Enumerable.Range(0, points).Select(i => (i + 0.5) / points)];
            var place = first + length * Tensor.FromSpan<double>(shares, [points], x[0].Device).Cast(x[0].DType);
            return (place.Clip(0, size - 1), ((place >= -1) & (place <= size)).Cast(x[0].DType));
        }
    }

    public static OpSpec Spec => new("roi_align", "[N, H, W, C], [R, 4], [R] -> [R, OH, OW, C]", d =>
    {
        int n = d.Int(1, 2), h = d.Int(3, 5), w = d.Int(3, 5), count = d.Int(1, 3), ratio = d.Int(1, 2);
        Size2D size = (d.Int(1, 2), d.Int(1, 2));
        bool aligned = d.Flag();
        // Two pixels from point to point, all of them 0.2 to 0.3 beside whole ones, where the derivative jumps.
        Tensor x1 = Corner(w), y1 = Corner(h), x2 = x1 + 2 * size.Width * ratio, y2 = y1 + 2 * size.Height * ratio;
        var op = new RoiAlignOp(size, 0.5, ratio, aligned);
        var boxes = (Tensor.Concat([x1, y1, x2, y2], 1) + (aligned ? 0.5 : 0)) * 2;
        return new OpCase([d.Tensor([n, h, w, d.Int(1, 2)]), boxes, d.Indices([count], n)], t => [op.Run(t)], $"{op}");

        Tensor Corner(int pixels) => d.Indices([count, 1], pixels).Cast(DType.Float64) + d.Tensor([count, 1], new Domain(0.2, 0.3));
    })
    { ReductionLength = c => 16 * c.Elements, Flops = c => 100.0 * c.Elements };
}
