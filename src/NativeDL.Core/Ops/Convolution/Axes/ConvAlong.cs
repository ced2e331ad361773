namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// y[n, i, f] = b[f] + Σ x[n, i·s + u·d − p, c] · kernel[u, c, f]: convolution over sequences, as <see cref="Conv2D(Tensor, Tensor?, Size2D, Padding,
    /// Size2D, int)"/> over images. <c>x [N, T, C], kernel [K, C / G, F], bias [F] -> [N, OT, F]</c>
    /// </summary>
    /// <param name="kernel">The filters; filter f sees the channels of its group.</param>
    /// <param name="bias">A number for each filter, or null.</param>
    /// <param name="strides">Steps from one result to the next.</param>
    /// <param name="padding"><see cref="Padding.Valid"/>, <see cref="Padding.Same"/>, <see cref="Padding.Causal"/> or numbers.</param>
    /// <param name="dilationRate">Steps from one place of the kernel to the next.</param>
    /// <param name="groups">G: channels and filters fall into this many groups; C of them make a depthwise convolution.</param>
    /// <exception cref="ShapeMismatchException">The shapes do not fit, or the kernel is larger than the padded sequence.</exception>
    /// <exception cref="InvalidInputException">Strides or dilation are below 1.</exception>
    public Tensor Conv1D(Tensor kernel, Tensor? bias = null, int strides = 1, Padding padding = default, int dilationRate = 1, int groups = 1) =>
        ConvAlong("conv1d", kernel, bias, [strides], padding, [dilationRate], groups, null);

    /// <summary>
    /// Convolution over volumes, as <see cref="Conv2D(Tensor, Tensor?, Size2D, Padding, Size2D, int)"/> over images.
    /// <c>x [N, D, H, W, C], kernel [KD, KH, KW, C / G, F], bias [F] -> [N, OD, OH, OW, F]</c>
    /// </summary>
    /// <param name="kernel">The filters; filter f sees the channels of its group.</param>
    /// <param name="bias">A number for each filter, or null.</param>
    /// <param name="strides">Voxels from one result to the next along the planes, down and across; 1 when not given.</param>
    /// <param name="padding"><see cref="Padding.Valid"/>, <see cref="Padding.Same"/> or numbers.</param>
    /// <param name="dilationRate">Voxels from one place of the kernel to the next; 1 when not given.</param>
    /// <param name="groups">G: channels and filters fall into this many groups.</param>
    /// <exception cref="ShapeMismatchException">The shapes do not fit, or the kernel is larger than the padded volume.</exception>
    /// <exception cref="InvalidInputException">Strides or dilation are below 1, or the padding is causal.</exception>
    public Tensor Conv3D(Tensor kernel, Tensor? bias = null, Size3D strides = default, Padding padding = default, Size3D dilationRate = default,
        int groups = 1) =>
        ConvAlong("conv3d", kernel, bias, strides.Or(1).Sizes, padding, dilationRate.Or(1).Sizes, groups, null);

    /// <summary>The convolution over one axis or three, and an activation.</summary>
    internal Tensor ConvAlong(string op, Tensor kernel, Tensor? bias, int[] strides, Padding padding, int[] dilation, int groups, Epilogue? activation)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        var conv = new ConvAlongOp(ConvAxes.Checked(op, strides, padding, dilation, groups), activation);
        return bias is null ? conv.Run(this, kernel) : conv.Run(this, kernel, bias);
    }
}

/// <summary>
/// y = activation(x ∗ kernel + bias) over one axis or three. Sequences are images of one row. Of volumes the planes that a filter sees become channels of
/// one image: x is copied once for each plane of the kernel, and all is one convolution over images.
/// </summary>
internal sealed partial class ConvAlongOp(ConvAxes settings, Epilogue? activation) : ComposedOp, IOp
{
    public override string Name => settings.Count == 1 ? "conv1d" : "conv3d";

    protected override bool Widens => false;

    protected override void Infer(Operands x, Results y)
    {
        RequireSameDType(x);
        RequireFloating(x[0]);
        var shape = settings.Result(Name, x[0].Shape, x[1].Shape);
        if (x.Count > 2) ConvAxes.RequireBias(Name, x[2], x[1].Shape, shape);
        y.Set(0, shape, x[0].DType);
    }

    protected override Tensors Compose(Tensor[] x)
    {
        Shape data = x[0].Shape, kernel = x[1].Shape, result = settings.Result(Name, data, kernel);
        var planes = settings.InPlanes(Name, data, kernel);
        var images = settings.Count == 1 ? x[0].ExpandDims(1) : Stacked(x[0], kernel[0], result[1]);
        return Conv2DOp.Run(images, VolumeKernel.Flat(x[1]), x.Length > 2 ? x[2] : null, planes, activation).Reshape(result);
    }

    // [N, D, H, W, C] -> [N·OD, H, W, G·KD·C/G].
    private Tensor Stacked(Tensor x, int kernelPlanes, int results)
    {
        var way = WindowAxis.Along(2, Name, settings.Padding, x.Shape[1], kernelPlanes, settings.Strides[0], settings.Dilation[0]);
        var (n, _, h, w, c) = x.Shape;
        if (way.Before + way.After > 0) x = x.Pad([(0, 0), (way.Before, way.After), (0, 0), (0, 0), (0, 0)]);
        return x.SlidingWindows(1, way, kernelPlanes).Reshape(n, results, kernelPlanes, h, w, settings.Groups, c / settings.Groups)
            .Permute(0, 1, 3, 4, 5, 2, 6).Reshape(Shape.Product(Name, n, results), h, w, Shape.Product(Name, kernelPlanes, c));
    }

    public static OpSpec Spec => new("conv3d", "[N, D, H, W, C], [KD, KH, KW, C/G, F], [F]? -> [N, OD, OH, OW, F]", d =>
    {
        var (x, kernel, settings) = ConvAxesDraw.Case(d, 3);
        bool bias = d.Flag();
        var activation = d.OneOf(null, Epilogue.Of<TanhOp>(), Epilogue.Of<SoftplusOp>());
        return new OpCase(bias ? [x, kernel, d.Tensor([kernel.Shape[^1]])] : [x, kernel], t => [new ConvAlongOp(settings, activation).Run(t)],
            $"{settings}, activation {activation?.Name ?? "none"}");
    })
    {
        ReductionLength = ConvAxesDraw.Length,
        Flops = c => 2.0 * c.Inputs[0].ElementCount * c.Inputs[1].ElementCount / c.Inputs[1].Shape[^2],
    };
}

/// <summary>For the table and the checks: the same over sequences.</summary>
internal readonly struct Conv1DSpec : IOp
{
    public static OpSpec Spec => new("conv1d", "[N, T, C], [K, C/G, F], [F]? -> [N, OT, F]", d =>
    {
        var (x, kernel, settings) = ConvAxesDraw.Case(d, 1);
        if (d.Int(0, 3) == 3 && kernel.Shape[0] <= x.Shape[1]) settings = settings with { Padding = Padding.Causal };
        bool bias = d.Flag();
        return new OpCase(bias ? [x, kernel, d.Tensor([kernel.Shape[^1]])] : [x, kernel], t => [new ConvAlongOp(settings, null).Run(t)], $"{settings}");
    })
    {
        ReductionLength = ConvAxesDraw.Length,
        Flops = c => 2.0 * c.Inputs[0].ElementCount * c.Inputs[1].ElementCount / c.Inputs[1].Shape[^2],
    };
}

/// <summary>Kernels of volumes and sequences as those of images.</summary>
internal static class VolumeKernel
{
    /// <summary>[KD, KH, KW, C, F] -> [KH, KW, KD·C, F], and [K, C, F] -> [1, K, C, F].</summary>
    public static Tensor Flat(Tensor kernel)
    {
        if (kernel.Rank == 3) return kernel.ExpandDims(0);
        var (planes, rows, columns, own, filters) = kernel.Shape;
        return kernel.Permute(1, 2, 0, 3, 4).Reshape(rows, columns, planes * own, filters);
    }
}

/// <summary>Draws convolutions over one axis or three.</summary>
internal static class ConvAxesDraw
{
    public static (Tensor X, Tensor Kernel, ConvAxes Settings) Case(Draw d, int axes)
    {
        var (c, f, g) = d.OneOf((1, 2, 1), (3, 2, 1), (4, 6, 2), (3, 3, 3));
        int[] window = new int[axes], strides = new int[axes], dilation = new int[axes], sides = new int[6], size = new int[axes];
        for (int i = 0; i < axes; i++)
        {
            (window[i], strides[i], dilation[i]) = (d.Int(1, axes == 1 ? 4 : 2), d.OneOf(1, 2, 1, 3), d.OneOf(1, 1, 2));
            int at = 2 * (3 - axes + i);
            (sides[at], sides[at + 1]) = (d.Int(0, 1), d.Int(0, 2));
            size[i] = Math.Max(1, (window[i] - 1) * dilation[i] + 1 - sides[at] - sides[at + 1]) + d.Int(0, axes == 1 ? 9 : 2);
        }
        var padding = d.OneOf(Padding.FromNumbers(sides)!.Value, Padding.Same);
        return (d.Tensor([d.Int(1, 2), .. size, c]), d.Tensor([.. window, c / g, f]), new ConvAxes(strides, padding, dilation, g));
    }

    public static double Length(OpCase c) => Math.Max(c.Inputs[1].ElementCount, c.Inputs[0].ElementCount);
}
