namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Transposed convolution over sequences, the adjoint of <see cref="Conv1D(Tensor, Tensor?, int, Padding, int, int)"/>.
    /// <c>x [N, T, C], kernel [K, F, C], bias [F] -> [N, OT, F]</c>
    /// </summary>
    /// <remarks>Sizes as those of <see cref="Conv2DTranspose(Tensor, Tensor?, Size2D, Padding, Size2D, Size2D, int)"/>.</remarks>
    /// <param name="kernel">The kernel; results come before operands in its shape.</param>
    /// <param name="bias">A number for each channel of the result, or null.</param>
    /// <param name="strides">Steps of the result from one step of x to the next.</param>
    /// <param name="padding">What is cut off the ends of the painted sequence; not causal.</param>
    /// <param name="outputPadding">Steps that the result has more at its end, or null for those that Keras' sizes have.</param>
    /// <param name="dilationRate">Steps from one place of the kernel to the next.</param>
    /// <param name="groups">The groups of the convolution: the kernel is then [K, F / groups, C].</param>
    /// <exception cref="ShapeMismatchException">The shapes do not fit.</exception>
    /// <exception cref="InvalidInputException">Strides or dilation are below 1, the padding is causal, or the output padding is not below the
    /// strides.</exception>
    public Tensor Conv1DTranspose(Tensor kernel, Tensor? bias = null, int strides = 1, Padding padding = default, int? outputPadding = null,
        int dilationRate = 1, int groups = 1) =>
        ConvAlongTranspose("conv1d_transpose", kernel, bias, [strides], padding, outputPadding is { } p ? [p] : null, [dilationRate], groups);

    /// <summary>
    /// Transposed convolution over volumes, the adjoint of <see cref="Conv3D(Tensor, Tensor?, Size3D, Padding, Size3D, int)"/>.
    /// <c>x [N, D, H, W, C], kernel [KD, KH, KW, F, C], bias [F] -> [N, OD, OH, OW, F]</c>
    /// </summary>
    /// <remarks>Sizes as those of <see cref="Conv2DTranspose(Tensor, Tensor?, Size2D, Padding, Size2D, Size2D, int)"/>.</remarks>
    /// <param name="kernel">The kernel; results come before operands in its shape.</param>
    /// <param name="bias">A number for each channel of the result, or null.</param>
    /// <param name="strides">Voxels of the result from one voxel of x to the next; 1 when not given.</param>
    /// <param name="padding">What is cut off the borders of the painted volume.</param>
    /// <param name="outputPadding">Planes, rows and columns that the result has more at its end.</param>
    /// <param name="dilationRate">Voxels from one place of the kernel to the next; 1 when not given.</param>
    /// <param name="groups">The groups of the convolution: the kernel is then [KD, KH, KW, F / groups, C].</param>
    /// <exception cref="ShapeMismatchException">The shapes do not fit.</exception>
    /// <exception cref="InvalidInputException">Strides or dilation are below 1, or the output padding is not below the strides.</exception>
    public Tensor Conv3DTranspose(Tensor kernel, Tensor? bias = null, Size3D strides = default, Padding padding = default, Size3D outputPadding = default,
        Size3D dilationRate = default, int groups = 1) =>
        ConvAlongTranspose("conv3d_transpose", kernel, bias, strides.Or(1).Sizes, padding, outputPadding.IsGiven ? outputPadding.Sizes : null,
            dilationRate.Or(1).Sizes, groups);

    private Tensor ConvAlongTranspose(string op, Tensor kernel, Tensor? bias, int[] strides, Padding padding, int[]? outputPadding, int[] dilation, int groups)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        var y = new ConvAlongTransposeOp(ConvAxes.Checked(op, strides, padding, dilation, groups), outputPadding).Run(this, kernel);
        return Biased(op, y, bias, kernel);
    }
}

/// <summary>
/// The adjoint of <see cref="ConvAlongOp"/> in its data: of volumes the images that are painted hold the planes of the kernel as channels, which are added up
/// where they meet.
/// </summary>
internal sealed partial class ConvAlongTransposeOp(ConvAxes settings, int[]? outputPadding) : ComposedOp, IOp
{
    public override string Name => settings.Count == 1 ? "conv1d_transpose" : "conv3d_transpose";

    protected override bool Widens => settings.Count > 1;

    protected override void Infer(Operands x, Results y)
    {
        RequireSameDType(x);
        RequireFloating(x[0]);
        var image = Painted(x[0].Shape, x[1].Shape);
        var result = settings.Result(Name, image, x[1].Shape);
        if (!result.IsCompatible(x[0].Shape))
            throw Error.Shape(Name, "the kernel does not fit the images", $"x {x[0].Shape} and kernel {x[1].Shape}", $"x {result}");
        y.Set(0, image, x[0].DType);
    }

    private Shape Painted(Shape x, Shape kernel)
    {
        int axes = settings.Count;
        if (x.Rank != axes + 2 || kernel.Rank != axes + 2) return x;   // refused by what looks at both
        int[] image = [.. x];
        for (int i = 0; i < axes; i++)
            image[1 + i] = WindowAxis.Painted(axes - 1 - i, Name, settings.Padding, x.Dimension(1 + i), kernel.Dimension(i), settings.Strides[i],
                settings.Dilation[i], outputPadding?[i]);
        image[^1] = Shape.Product(Name, kernel.Dimension(^2), Math.Max(1, settings.Groups));
        return image;
    }

    protected override Tensors Compose(Tensor[] x)
    {
        Shape kernel = x[1].Shape, image = Painted(x[0].Shape, kernel);
        var planes = settings.InPlanes(Name, image, kernel);
        var flat = VolumeKernel.Flat(x[1]);
        if (settings.Count == 1) return new Conv2DInputGradOp(planes, 1, image[1]).Run(x[0].ExpandDims(1), flat).Reshape(image);
        var (n, depth, h, w, c) = image;
        int results = x[0].Shape[1], g = settings.Groups;
        var way = settings.Axis(0, Name, image, kernel);
        var painted = new Conv2DInputGradOp(planes, h, w).Run(x[0].Reshape([n * results, .. x[0].Shape.Dimensions[2..]]), flat);
        var windows = painted.Reshape(n, results, h, w, g, kernel[0], c / g).Permute(0, 1, 5, 2, 3, 4, 6).Reshape([n, results, kernel[0], h, w, c]);
        return new OverlapAddOp(1, depth + way.Before + way.After, way.Stride, way.Dilation).Run(windows).Narrow(1, way.Before, depth);
    }

    public static OpSpec Spec => new("conv3d_transpose", "[N, OD, OH, OW, F], [KD, KH, KW, C/G, F] -> [N, D, H, W, C]", d => Case(d, 3))
    { ReductionLength = ConvAxesDraw.Length, Flops = c => 2.0 * c.Inputs[0].ElementCount * c.Inputs[1].ElementCount / c.Inputs[1].Shape[^1] };

    internal static OpCase Case(Draw d, int axes)
    {
        var (x, kernel, settings) = ConvAxesDraw.Case(d, axes);
        var dy = d.Tensor(settings.Result("conv", x.Shape, kernel.Shape));
        int[]? more = d.Flag() && !settings.Padding.IsSame ? [.. settings.Strides.Select(s => d.Int(0, s - 1))] : null;
        return new OpCase([dy, kernel], t => [new ConvAlongTransposeOp(settings, more).Run(t)], $"{settings}, output padding {more?.Length ?? 0}");
    }
}

/// <summary>For the table and the checks: the same over sequences.</summary>
internal readonly struct Conv1DTransposeSpec : IOp
{
    public static OpSpec Spec => new("conv1d_transpose", "[N, OT, F], [K, C/G, F] -> [N, T, C]", d => ConvAlongTransposeOp.Case(d, 1))
    { ReductionLength = ConvAxesDraw.Length, Flops = c => 2.0 * c.Inputs[0].ElementCount * c.Inputs[1].ElementCount / c.Inputs[1].Shape[^1] };
}
