namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// The mean of windows that make so many results of a sequence, as even as can be: window i from ⌊i·T/size⌋ to ⌈(i + 1)·T/size⌉.
    /// <c>[N, T, C] -> [N, size, C]</c>
    /// </summary>
    /// <param name="outputSize">How many results.</param>
    /// <exception cref="ShapeMismatchException">The tensor has no three dimensions, or no steps.</exception>
    /// <exception cref="InvalidInputException">The size is below 1.</exception>
    public Tensor AdaptiveAvgPool1D(int outputSize) => Adaptive(false, [outputSize]);

    /// <summary>The mean of windows that make so many results of an image, as even as can be. <c>[N, H, W, C] -> [N, OH, OW, C]</c></summary>
    /// <param name="outputSize">How many results down and across.</param>
    /// <exception cref="ShapeMismatchException">The tensor has no four dimensions, or no pixels.</exception>
    /// <exception cref="InvalidInputException">The size is below 1.</exception>
    public Tensor AdaptiveAvgPool2D(Size2D outputSize) => Adaptive(false, [outputSize.Height, outputSize.Width]);

    /// <summary>The mean of windows that make so many results of a volume, as even as can be. <c>[N, D, H, W, C] -> [N, OD, OH, OW, C]</c></summary>
    /// <param name="outputSize">How many results along the planes, down and across.</param>
    /// <exception cref="ShapeMismatchException">The tensor has no five dimensions, or no voxels.</exception>
    /// <exception cref="InvalidInputException">The size is below 1.</exception>
    public Tensor AdaptiveAvgPool3D(Size3D outputSize) => Adaptive(false, outputSize.Sizes);

    /// <summary>The largest of windows that make so many results of a sequence, as even as can be; ties go to the first.</summary>
    /// <inheritdoc cref="AdaptiveAvgPool1D(int)"/>
    public Tensor AdaptiveMaxPool1D(int outputSize) => Adaptive(true, [outputSize]);

    /// <summary>The largest of windows that make so many results of an image, as even as can be; ties go to the first of a row, and the first row.</summary>
    /// <inheritdoc cref="AdaptiveAvgPool2D(Size2D)"/>
    public Tensor AdaptiveMaxPool2D(Size2D outputSize) => Adaptive(true, [outputSize.Height, outputSize.Width]);

    /// <summary>The largest of windows that make so many results of a volume, as even as can be; ties as in images, and to the first plane.</summary>
    /// <inheritdoc cref="AdaptiveAvgPool3D(Size3D)"/>
    public Tensor AdaptiveMaxPool3D(Size3D outputSize) => Adaptive(true, outputSize.Sizes);

    private Tensor Adaptive(bool greatest, int[] sizes)
    {
        var op = new AdaptivePoolOp(greatest, sizes);
        return sizes.Min() >= 1 ? op.Run(this)
            : throw Error.Input(op.Name, "the size of the result must be 1 or more", $"{string.Join(", ", sizes)}");
    }
}

/// <summary>y = the largest or the mean of even windows, axis by axis, the last first: a pool where they are all of one size.</summary>
internal sealed partial class AdaptivePoolOp(bool greatest, int[] sizes) : ComposedOp, IOp
{
    private static readonly string[] Images = ["[N, T, C]", "[N, H, W, C]", "[N, D, H, W, C]"];

    public override string Name => (greatest, sizes.Length) switch
    {
        (true, 1) => "adaptive_max_pool1d",
        (true, 2) => "adaptive_max_pool2d",
        (true, _) => "adaptive_max_pool3d",
        (_, 1) => "adaptive_avg_pool1d",
        (_, 2) => "adaptive_avg_pool2d",
        _ => "adaptive_avg_pool3d",
    };

    // The largest is moved, not computed.
    protected override bool Widens => !greatest;

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        var shape = x[0].Shape;
        if (shape.Rank != sizes.Length + 2 || shape.Dimensions[1..^1].Contains(0))
            throw Error.Shape(Name, "the tensor does not have these axes", $"x {shape}", $"x {Images[sizes.Length - 1]}, none of space being 0");
        y.Set(0, [shape.Dimension(0), .. sizes, shape.Dimension(^1)], x[0].DType);
    }

    protected override Tensors Compose(Tensor[] x)
    {
        var y = x[0];
        if (y.Shape.IsEmpty) return Tensor.Zeros([y.Shape[0], .. sizes, y.Shape[^1]], y.DType, y.Device);
        for (int i = sizes.Length; i >= 1; i--) y = Along(y, i, sizes[i - 1]);
        return y;
    }

    private Tensor Along(Tensor x, int axis, int results)
    {
        int n = x.Shape[axis];
        if (n % results != 0) return greatest ? AxisTaps.Even(n, results).Max(x, axis) : AxisTaps.Even(n, results).Sum(x, axis);
        // As rows of images whose channels are all that stands behind.
        var (outer, inner) = IndexList.Around(axis, x.Shape);
        var rows = x.Reshape(Shape.Dimension(Name, outer), n, 1, Shape.Dimension(Name, inner));
        var s = new PoolSettings(Name, (n / results, 1), default, Padding.Valid);
        return (greatest ? new MaxPool2DOp(s).Run(rows) : new AvgPool2DOp(s, true).Run(rows)).Reshape(x.Shape.With(axis, results));
    }

    public static OpSpec Spec => Specify("adaptive_avg_pool2d", "[N, H, W, C] -> [N, OH, OW, C]", 2, false);

    internal static OpSpec Specify(string name, string signature, int axes, bool greatest) => new(name, signature, d =>
    {
        int[] size = new int[axes], sizes = new int[axes];
        for (int i = 0; i < axes; i++) (size[i], sizes[i]) = (d.Int(1, axes == 3 ? 4 : 7), d.Int(1, 4));
        var x = d.Tensor([d.Int(1, 2), .. size, d.Int(1, 3)], greatest ? Domain.Distinct : Domain.Real);
        return new OpCase([x], t => [new AdaptivePoolOp(greatest, sizes).Run(t)], $"to {string.Join(" × ", sizes)}");
    })
    { ReductionLength = c => c.Elements };
}

/// <summary>For the table and the checks.</summary>
internal readonly struct AdaptiveMaxPool2DSpec : IOp
{
    public static OpSpec Spec => AdaptivePoolOp.Specify("adaptive_max_pool2d", "[N, H, W, C] -> [N, OH, OW, C]", 2, true);
}

/// <summary>For the table and the checks.</summary>
internal readonly struct AdaptiveAvgPool1DSpec : IOp
{
    public static OpSpec Spec => AdaptivePoolOp.Specify("adaptive_avg_pool1d", "[N, T, C] -> [N, OT, C]", 1, false);
}

/// <summary>For the table and the checks.</summary>
internal readonly struct AdaptiveMaxPool1DSpec : IOp
{
    public static OpSpec Spec => AdaptivePoolOp.Specify("adaptive_max_pool1d", "[N, T, C] -> [N, OT, C]", 1, true);
}

/// <summary>For the table and the checks.</summary>
internal readonly struct AdaptiveAvgPool3DSpec : IOp
{
    public static OpSpec Spec => AdaptivePoolOp.Specify("adaptive_avg_pool3d", "[N, D, H, W, C] -> [N, OD, OH, OW, C]", 3, false);
}

/// <summary>For the table and the checks.</summary>
internal readonly struct AdaptiveMaxPool3DSpec : IOp
{
    public static OpSpec Spec => AdaptivePoolOp.Specify("adaptive_max_pool3d", "[N, D, H, W, C] -> [N, OD, OH, OW, C]", 3, true);
}
