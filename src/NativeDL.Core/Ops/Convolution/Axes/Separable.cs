namespace NativeDL;

// Compositions: a depthwise convolution is one of as many groups as channels, a separable one has a convolution of 1 × 1 after it.
public sealed partial class Tensor
{
    /// <summary>
    /// Convolution over sequences, each channel with M filters of its own. <c>x [N, T, C], kernel [K, C, M], bias [C · M] -> [N, OT, C · M]</c>; the results
    /// of a channel stand together.
    /// </summary>
    /// <inheritdoc cref="Conv1D(Tensor, Tensor?, int, Padding, int, int)"/>
    public Tensor DepthwiseConv1D(Tensor kernel, Tensor? bias = null, int strides = 1, Padding padding = default, int dilationRate = 1)
    {
        var (flat, channels) = Depthwise("depthwise_conv1d", kernel, 1);
        return Conv1D(flat, bias, strides, padding, dilationRate, channels);
    }

    /// <summary>
    /// Convolution over images, each channel with M filters of its own. <c>x [N, H, W, C], kernel [KH, KW, C, M], bias [C · M] -> [N, OH, OW, C · M]</c>;
    /// the results of a channel stand together.
    /// </summary>
    /// <inheritdoc cref="Conv2D(Tensor, Tensor?, Size2D, Padding, Size2D, int)"/>
    public Tensor DepthwiseConv2D(Tensor kernel, Tensor? bias = null, Size2D strides = default, Padding padding = default, Size2D dilationRate = default)
    {
        var (flat, channels) = Depthwise("depthwise_conv2d", kernel, 2);
        return Conv2D(flat, bias, strides, padding, dilationRate, channels);
    }

    /// <summary>
    /// A depthwise convolution over sequences, and after it one of each step alone.
    /// <c>x [N, T, C], depthwiseKernel [K, C, M], pointwiseKernel [1, C · M, F], bias [F] -> [N, OT, F]</c> (Chollet 2017)
    /// </summary>
    /// <param name="depthwiseKernel">The filters of each channel.</param>
    /// <param name="pointwiseKernel">How their results are mixed.</param>
    /// <param name="bias">A number for each filter, or null.</param>
    /// <param name="strides">Steps from one result to the next.</param>
    /// <param name="padding"><see cref="Padding.Valid"/>, <see cref="Padding.Same"/>, <see cref="Padding.Causal"/> or numbers.</param>
    /// <param name="dilationRate">Steps from one place of the kernel to the next.</param>
    /// <exception cref="ShapeMismatchException">The shapes do not fit, or the kernel is larger than the padded sequence.</exception>
    public Tensor SeparableConv1D(Tensor depthwiseKernel, Tensor pointwiseKernel, Tensor? bias = null, int strides = 1, Padding padding = default,
        int dilationRate = 1) =>
        DepthwiseConv1D(depthwiseKernel, null, strides, padding, dilationRate).Conv1D(pointwiseKernel, bias);

    /// <summary>
    /// A depthwise convolution over images, and after it one of each pixel alone.
    /// <c>x [N, H, W, C], depthwiseKernel [KH, KW, C, M], pointwiseKernel [1, 1, C · M, F], bias [F] -> [N, OH, OW, F]</c> (Chollet 2017)
    /// </summary>
    /// <param name="depthwiseKernel">The filters of each channel.</param>
    /// <param name="pointwiseKernel">How their results are mixed.</param>
    /// <param name="bias">A number for each filter, or null.</param>
    /// <param name="strides">Pixels from one result to the next; 1 when not given.</param>
    /// <param name="padding"><see cref="Padding.Valid"/>, <see cref="Padding.Same"/> or numbers.</param>
    /// <param name="dilationRate">Pixels from one place of the kernel to the next; 1 when not given.</param>
    /// <exception cref="ShapeMismatchException">The shapes do not fit, or the kernel is larger than the padded image.</exception>
    public Tensor SeparableConv2D(Tensor depthwiseKernel, Tensor pointwiseKernel, Tensor? bias = null, Size2D strides = default, Padding padding = default,
        Size2D dilationRate = default) =>
        DepthwiseConv2D(depthwiseKernel, null, strides, padding, dilationRate).Conv2D(pointwiseKernel, bias);

    // The kernel as that of a convolution of as many groups as channels.
    private (Tensor Kernel, int Channels) Depthwise(string op, Tensor kernel, int axes)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        string layout = axes == 1 ? "[K, C, M]" : "[KH, KW, C, M]";
        if (kernel.Rank != axes + 2 || Rank != axes + 2 || !Shape.IsSame(kernel.Shape.Dimension(^2), Shape.Dimension(^1)))
            throw Error.Shape(op, "the kernel does not fit the channels", $"x {Shape} and kernel {kernel.Shape}", $"kernel {layout} for C channels");
        int channels = kernel.Shape.Dimension(^2), filters = Shape.Product(op, channels, kernel.Shape.Dimension(^1));
        if (channels == Shape.None) channels = Shape.Dimension(^1);
        if (channels < 1) throw Error.Shape(op, "the number of channels must be known and 1 or more", $"x {Shape} and kernel {kernel.Shape}");
        return (kernel.Reshape([.. kernel.Shape.Dimensions[..axes], 1, filters]), channels);
    }
}

/// <summary>For the table and the checks.</summary>
internal readonly struct DepthwiseConv1DSpec : IOp
{
    public static OpSpec Spec => new("depthwise_conv1d", "[N, T, C], [K, C, M] -> [N, OT, F]", d =>
    {
        int k = d.Int(1, 4), c = d.OneOf(1, 3, 9), m = d.Int(1, 3), stride = d.Int(1, 2);
        var padding = d.OneOf(Padding.Valid, Padding.Same, Padding.Causal, new Padding(1, 2));
        return new OpCase([d.Tensor([d.Int(1, 2), k + d.Int(0, 5), c]), d.Tensor([k, c, m])], t =>
            [t[0].DepthwiseConv1D(t[1], null, stride, padding)], $"stride {stride}, padding {padding}");
    })
    { ReductionLength = ConvAxesDraw.Length, Composed = true };
}

/// <summary>For the table and the checks.</summary>
internal readonly struct DepthwiseConv2DSpec : IOp
{
    public static OpSpec Spec => new("depthwise_conv2d", "[N, H, W, C], [KH, KW, C, M] -> [N, OH, OW, F]", d =>
    {
        int kh = d.Int(1, 3), kw = d.Int(1, 3), c = d.OneOf(1, 3, 9), m = d.Int(1, 2), stride = d.Int(1, 2);
        var padding = d.OneOf(Padding.Valid, Padding.Same);
        return new OpCase([d.Tensor([d.Int(1, 2), kh + d.Int(0, 2), kw + d.Int(0, 2), c]), d.Tensor([kh, kw, c, m])], t =>
            [t[0].DepthwiseConv2D(t[1], null, stride, padding)], $"stride {stride}, padding {padding}");
    })
    { ReductionLength = ConvAxesDraw.Length, Composed = true };
}

/// <summary>For the table and the checks.</summary>
internal readonly struct SeparableConv1DSpec : IOp
{
    public static OpSpec Spec => new("separable_conv1d", "[N, T, C], [K, C, M], [1, CM, F], [F]? -> [N, OT, F]", d =>
    {
        int k = d.Int(1, 4), c = d.Int(1, 3), m = d.Int(1, 2), f = d.Int(1, 4), stride = d.Int(1, 2);
        var padding = d.OneOf(Padding.Valid, Padding.Same, Padding.Causal);
        return new OpCase([d.Tensor([d.Int(1, 2), k + d.Int(0, 5), c]), d.Tensor([k, c, m]), d.Tensor([1, c * m, f]), d.Tensor([f])], t =>
            [t[0].SeparableConv1D(t[1], t[2], t[3], stride, padding)], $"stride {stride}, padding {padding}");
    })
    { ReductionLength = c => 4 * ConvAxesDraw.Length(c), Composed = true };
}

/// <summary>For the table and the checks.</summary>
internal readonly struct SeparableConv2DSpec : IOp
{
    public static OpSpec Spec => new("separable_conv2d", "[N, H, W, C], [KH, KW, C, M], [1, 1, CM, F], [F]? -> [N, OH, OW, F]", d =>
    {
        int kh = d.Int(1, 3), kw = d.Int(1, 3), c = d.Int(1, 3), m = d.Int(1, 2), f = d.Int(1, 4), stride = d.Int(1, 2);
        var padding = d.OneOf(Padding.Valid, Padding.Same);
        return new OpCase([d.Tensor([d.Int(1, 2), kh + d.Int(0, 2), kw + d.Int(0, 2), c]), d.Tensor([kh, kw, c, m]), d.Tensor([1, 1, c * m, f])], t =>
            [t[0].SeparableConv2D(t[1], t[2], null, stride, padding)], $"stride {stride}, padding {padding}");
    })
    { ReductionLength = c => 4 * ConvAxesDraw.Length(c), Composed = true };
}
