namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The largest element of each window of a sequence and channel; ties go to the first. <c>[N, T, C] -> [N, OT, C]</c></summary>
    /// <param name="poolSize">The window.</param>
    /// <param name="strides">From one window to the next; the window's size when not given.</param>
    /// <param name="padding"><see cref="Padding.Valid"/>, <see cref="Padding.Same"/> or numbers smaller than the window.</param>
    /// <exception cref="ShapeMismatchException">The tensor has no three dimensions, or the window is larger than the padded sequence.</exception>
    /// <exception cref="InvalidInputException">Window or strides are below 1, or a window would lie in the padding alone.</exception>
    public Tensor MaxPool1D(int poolSize, int? strides = null, Padding padding = default) =>
        Pool("max_pool1d", PoolKind.Max, [poolSize], [strides ?? poolSize], padding);

    /// <summary>The mean of each window of a sequence and channel. <c>[N, T, C] -> [N, OT, C]</c></summary>
    /// <param name="poolSize">The window.</param>
    /// <param name="strides">From one window to the next; the window's size when not given.</param>
    /// <param name="padding"><see cref="Padding.Valid"/>, <see cref="Padding.Same"/> or numbers smaller than the window.</param>
    /// <param name="countIncludePad">Whether padding counts, as zeros; by default it is left out, as in Keras.</param>
    /// <inheritdoc cref="MaxPool1D(int, int?, Padding)" path="/exception"/>
    public Tensor AvgPool1D(int poolSize, int? strides = null, Padding padding = default, bool countIncludePad = false) =>
        Pool("avg_pool1d", countIncludePad ? PoolKind.AvgWithPadding : PoolKind.Avg, [poolSize], [strides ?? poolSize], padding);

    /// <summary>The sum of each window of a sequence and channel. <c>[N, T, C] -> [N, OT, C]</c></summary>
    /// <inheritdoc cref="MaxPool1D(int, int?, Padding)"/>
    public Tensor SumPool1D(int poolSize, int? strides = null, Padding padding = default) =>
        Pool("sum_pool1d", PoolKind.Sum, [poolSize], [strides ?? poolSize], padding);

    /// <summary>The largest element of each window of a volume and channel; ties go to the first. <c>[N, D, H, W, C] -> [N, OD, OH, OW, C]</c></summary>
    /// <param name="poolSize">The window.</param>
    /// <param name="strides">From one window to the next; the window's size when not given.</param>
    /// <param name="padding"><see cref="Padding.Valid"/>, <see cref="Padding.Same"/> or numbers smaller than the window.</param>
    /// <exception cref="ShapeMismatchException">The tensor has no five dimensions, or the window is larger than the padded volume.</exception>
    /// <exception cref="InvalidInputException">Window or strides are below 1, or a window would lie in the padding alone.</exception>
    public Tensor MaxPool3D(Size3D poolSize, Size3D strides = default, Padding padding = default) =>
        Pool("max_pool3d", PoolKind.Max, poolSize.Sizes, strides.Or(poolSize).Sizes, padding);

    /// <summary>The mean of each window of a volume and channel. <c>[N, D, H, W, C] -> [N, OD, OH, OW, C]</c></summary>
    /// <param name="poolSize">The window.</param>
    /// <param name="strides">From one window to the next; the window's size when not given.</param>
    /// <param name="padding"><see cref="Padding.Valid"/>, <see cref="Padding.Same"/> or numbers smaller than the window.</param>
    /// <param name="countIncludePad">Whether padding counts, as zeros; by default it is left out, as in Keras.</param>
    /// <inheritdoc cref="MaxPool3D(Size3D, Size3D, Padding)" path="/exception"/>
    public Tensor AvgPool3D(Size3D poolSize, Size3D strides = default, Padding padding = default, bool countIncludePad = false) =>
        Pool("avg_pool3d", countIncludePad ? PoolKind.AvgWithPadding : PoolKind.Avg, poolSize.Sizes, strides.Or(poolSize).Sizes, padding);

    /// <summary>The sum of each window of a volume and channel. <c>[N, D, H, W, C] -> [N, OD, OH, OW, C]</c></summary>
    /// <inheritdoc cref="MaxPool3D(Size3D, Size3D, Padding)"/>
    public Tensor SumPool3D(Size3D poolSize, Size3D strides = default, Padding padding = default) =>
        Pool("sum_pool3d", PoolKind.Sum, poolSize.Sizes, strides.Or(poolSize).Sizes, padding);

    private Tensor Pool(string op, PoolKind kind, int[] window, int[] strides, Padding padding) =>
        new PoolAlongOp(kind, PoolAxes.Checked(op, window, strides, padding)).Run(this);
}

/// <summary>What a pool makes of a window.</summary>
internal enum PoolKind
{
    /// <summary>The largest.</summary>
    Max,

    /// <summary>The mean of what lies inside of the image.</summary>
    Avg,

    /// <summary>The mean with zeros outside.</summary>
    AvgWithPadding,

    /// <summary>The sum.</summary>
    Sum,
}

/// <summary>
/// y = the largest, mean or sum of each window over one axis, two or three, by pools over two: a sequence is an image of one row; of a volume each plane
/// is pooled, and then the planes, as the rows of images. A window is a box, so that the mean of means is its mean, and the first plane's maximum the first.
/// </summary>
internal sealed partial class PoolAlongOp(PoolKind kind, PoolAxes settings) : ComposedOp, IOp
{
    public override string Name => (kind, settings.Count) switch
    {
        (PoolKind.Max, 1) => "max_pool1d",
        (PoolKind.Max, _) => "max_pool3d",
        (PoolKind.Sum, 1) => "sum_pool1d",
        (PoolKind.Sum, _) => "sum_pool3d",
        (_, 1) => "avg_pool1d",
        (_, 2) => "avg_pool2d_with_padding",
        _ => "avg_pool3d",
    };

    // The largest is moved, not computed.
    protected override bool Widens => kind != PoolKind.Max;

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        y.Set(0, settings.Result(Name, x[0].Shape), x[0].DType);
    }

    protected override Tensors Compose(Tensor[] x)
    {
        Shape data = x[0].Shape, result = settings.Result(Name, data);
        if (result.IsEmpty) return Tensor.Zeros(result, x[0].DType, x[0].Device);
        int last = settings.Count - 1, c = data[^1];
        var across = settings.Axis(last, Name, data);
        var down = last == 0 ? default : settings.Axis(last - 1, Name, data);
        Size2D window = (last == 0 ? 1 : settings.Window[last - 1], settings.Window[last]), strides = (last == 0 ? 1 : down.Stride, across.Stride);
        int images = last == 2 ? Shape.Product(Name, data[0], data[1]) : data[0];
        var y = Images(x[0].Reshape(images, last == 0 ? 1 : data[last], data[^2], c), window, strides,
            new Padding(down.Before, down.After, across.Before, across.After));
        if (last == 2)
        {
            var planes = settings.Axis(0, Name, data);
            var rows = y.Reshape(data[0], data[1], 1, Shape.Dimension(Name, result[2..].ElementCount));
            y = Images(rows, (settings.Window[0], 1), (planes.Stride, 1), new Padding(planes.Before, planes.After, 0, 0));
        }
        y = y.Reshape(result);
        return kind == PoolKind.AvgWithPadding ? y / settings.Window.Aggregate(1.0, (product, size) => product * size) : y;
    }

    private Tensor Images(Tensor x, Size2D window, Size2D strides, Padding padding)
    {
        var s = new PoolSettings(Name, window, strides, padding);
        return kind == PoolKind.Max ? new MaxPool2DOp(s).Run(x) : new AvgPool2DOp(s, kind == PoolKind.Avg).Run(x);
    }

    public static OpSpec Spec => Specify("max_pool3d", "[N, D, H, W, C] -> [N, OD, OH, OW, C]", 3, PoolKind.Max);

    internal static OpSpec Specify(string name, string signature, int axes, params PoolKind[] kinds) => new(name, signature, d =>
    {
        int[] window = new int[axes], strides = new int[axes], sides = new int[6], size = new int[axes];
        for (int i = 0; i < axes; i++)
        {
            (window[i], strides[i], size[i]) = (d.Int(1, 3), d.Int(1, 3), d.Int(3, axes == 1 ? 12 : 4));
            int at = 2 * (3 - axes + i);
            (sides[at], sides[at + 1]) = (d.Int(0, window[i] - 1), d.Int(0, window[i] - 1));
        }
        var settings = new PoolAxes(window, strides, d.OneOf(Padding.Valid, Padding.Same, Padding.FromNumbers(sides)!.Value));
        var kind = d.OneOf<PoolKind>(kinds);
        var x = d.Tensor([d.Int(1, 2), .. size, d.Int(1, 3)], kind == PoolKind.Max ? Domain.Distinct : Domain.Real);
        return new OpCase([x], t => [new PoolAlongOp(kind, settings).Run(t)], $"{kind}, {settings}");
    })
    { ReductionLength = _ => 27 };
}

/// <summary>For the table and the checks.</summary>
internal readonly struct AvgPool3DSpec : IOp
{
    public static OpSpec Spec => PoolAlongOp.Specify("avg_pool3d", "[N, D, H, W, C] -> [N, OD, OH, OW, C]", 3, PoolKind.Avg, PoolKind.AvgWithPadding);
}

/// <summary>For the table and the checks.</summary>
internal readonly struct SumPool3DSpec : IOp
{
    public static OpSpec Spec => PoolAlongOp.Specify("sum_pool3d", "[N, D, H, W, C] -> [N, OD, OH, OW, C]", 3, PoolKind.Sum);
}

/// <summary>For the table and the checks.</summary>
internal readonly struct AvgPoolWithPaddingSpec : IOp
{
    public static OpSpec Spec => PoolAlongOp.Specify("avg_pool2d_with_padding", "[N, H, W, C] -> [N, OH, OW, C]", 2, PoolKind.AvgWithPadding);
}

/// <summary>For the table and the checks.</summary>
internal readonly struct MaxPool1DSpec : IOp
{
    public static OpSpec Spec => PoolAlongOp.Specify("max_pool1d", "[N, T, C] -> [N, OT, C]", 1, PoolKind.Max);
}

/// <summary>For the table and the checks.</summary>
internal readonly struct AvgPool1DSpec : IOp
{
    public static OpSpec Spec => PoolAlongOp.Specify("avg_pool1d", "[N, T, C] -> [N, OT, C]", 1, PoolKind.Avg, PoolKind.AvgWithPadding);
}

/// <summary>For the table and the checks.</summary>
internal readonly struct SumPool1DSpec : IOp
{
    public static OpSpec Spec => PoolAlongOp.Specify("sum_pool1d", "[N, T, C] -> [N, OT, C]", 1, PoolKind.Sum);
}
