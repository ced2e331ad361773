namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The norm of each window of a sequence and channel; padding is 0. <c>[N, T, C] -> [N, OT, C]</c></summary>
    /// <param name="order">p of the norm (Σ |x|ᵖ)^(1/p), more than 0: 2 is the Euclidean one, infinity the greatest |x|.</param>
    /// <param name="poolSize">The window.</param>
    /// <param name="strides">From one window to the next; the window's size when not given.</param>
    /// <param name="padding"><see cref="Padding.Valid"/>, <see cref="Padding.Same"/> or numbers smaller than the window.</param>
    /// <exception cref="ShapeMismatchException">The tensor has no three dimensions, or the window is larger than the padded sequence.</exception>
    /// <exception cref="InvalidInputException">There is no such norm, window or strides are below 1, or a window would lie in the padding alone.</exception>
    public Tensor LpPool1D(double order, int poolSize, int? strides = null, Padding padding = default) =>
        LpPool("lp_pool1d", order, [poolSize], [strides ?? poolSize], padding);

    /// <summary>The norm of each window of an image and channel; padding is 0. <c>[N, H, W, C] -> [N, OH, OW, C]</c></summary>
    /// <inheritdoc cref="LpPool1D(double, int, int?, Padding)"/>
    public Tensor LpPool2D(double order, Size2D poolSize, Size2D strides = default, Padding padding = default)
    {
        var s = new PoolSettings("lp_pool2d", poolSize, strides, padding);
        return LpPool("lp_pool2d", order, [s.Window.Height, s.Window.Width], [s.Strides.Height, s.Strides.Width], padding);
    }

    /// <summary>The norm of each window of a volume and channel; padding is 0. <c>[N, D, H, W, C] -> [N, OD, OH, OW, C]</c></summary>
    /// <inheritdoc cref="LpPool1D(double, int, int?, Padding)"/>
    public Tensor LpPool3D(double order, Size3D poolSize, Size3D strides = default, Padding padding = default) =>
        LpPool("lp_pool3d", order, poolSize.Sizes, strides.Or(poolSize).Sizes, padding);

    private Tensor LpPool(string op, double order, int[] window, int[] strides, Padding padding)
    {
        RequireNorm(op, order);
        return new LpPoolOp(order, PoolAxes.Checked(op, window, strides, padding)).Run(this);
    }
}

/// <summary>y = ‖x‖ of each window, which is looked at where it stands.</summary>
internal sealed partial class LpPoolOp(double order, PoolAxes settings) : ComposedOp, IOp
{
    public override string Name => settings.Count switch { 1 => "lp_pool1d", 2 => "lp_pool2d", _ => "lp_pool3d" };

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        y.Set(0, settings.Result(Name, x[0].Shape), x[0].DType);
    }

    protected override Tensors Compose(Tensor[] x) => settings.Windows(Name, x[0], 0).PNorm(order, settings.WindowAxes, keepDims: false);

    public static OpSpec Spec => Specify("lp_pool2d", "[N, H, W, C] -> [N, OH, OW, C]", 2);

    internal static OpSpec Specify(string name, string signature, int axes) => new(name, signature, d =>
    {
        int[] window = new int[axes], strides = new int[axes], size = new int[axes];
        for (int i = 0; i < axes; i++) (window[i], strides[i], size[i]) = (d.Int(1, 3), d.Int(1, 2), d.Int(3, axes == 1 ? 9 : 4));
        var settings = new PoolAxes(window, strides, d.OneOf(Padding.Valid, Padding.Same));
        double order = d.OneOf(2, 1, 3, double.PositiveInfinity);
        // Away from where |x| or the greatest of them has a kink.
        return new OpCase([d.Tensor([d.Int(1, 2), .. size, d.Int(1, 3)], Domain.Distinct) + 4], t => [new LpPoolOp(order, settings).Run(t)],
            $"order {order}, {settings}");
    })
    { ReductionLength = _ => 27, Flops = c => 2.0 * c.Elements };
}

/// <summary>For the table and the checks.</summary>
internal readonly struct LpPool1DSpec : IOp
{
    public static OpSpec Spec => LpPoolOp.Specify("lp_pool1d", "[N, T, C] -> [N, OT, C]", 1);
}

/// <summary>For the table and the checks.</summary>
internal readonly struct LpPool3DSpec : IOp
{
    public static OpSpec Spec => LpPoolOp.Specify("lp_pool3d", "[N, D, H, W, C] -> [N, OD, OH, OW, C]", 3);
}
