using System.Numerics;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Transposed convolution, the adjoint of <see cref="Conv2D(Tensor, Tensor?, Size2D, Padding, Size2D, int)"/>: each pixel paints
    /// the kernel, weighted, into a larger image. <c>x [N, H, W, C], kernel [KH, KW, F, C], bias [F] -> [N, OH, OW, F]</c>
    /// </summary>
    /// <remarks>As in Keras: OH = H · stride for 'same', H · stride + max(KH − stride, 0) for 'valid', (H − 1) · stride + KH − top − bottom for numbers.</remarks>
    /// <param name="kernel">The kernel; results come before operands in its shape.</param>
    /// <param name="bias">A number for each channel of the result, or null.</param>
    /// <param name="strides">Pixels of the result from one pixel of x to the next; 1 when not given.</param>
    /// <param name="padding">What is cut off the borders of the painted image.</param>
    /// <exception cref="ShapeMismatchException">The shapes do not fit.</exception>
    public Tensor Conv2DTranspose(Tensor kernel, Tensor? bias = null, Size2D strides = default, Padding padding = default)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        var s = strides.Or(1);
        if (s.Height < 1 || s.Width < 1) throw Error.Input("conv2d_transpose", "the strides must be 1 or more", $"strides {s}");
        if (Rank != 4 || kernel.Rank != 4 || kernel.Shape[3] != Shape[3])
            throw Error.Shape("conv2d_transpose", "the kernel does not fit the images", $"x {Shape} and kernel {kernel.Shape}", "x [N, H, W, C] and kernel [KH, KW, F, C]");
        int height = Painted(Shape[1], kernel.Shape[0], s.Height, padding.Top + padding.Bottom), width = Painted(Shape[2], kernel.Shape[1], s.Width, padding.Left + padding.Right);
        if (height < 1 || width < 1) throw Error.Shape("conv2d_transpose", "nothing is left of the image", $"x {Shape}, kernel {kernel.Shape}, padding {padding}");
        var p = padding.For(height, width, kernel.Shape[0], kernel.Shape[1], s.Height, s.Width);
        var y = new Conv2DInputGradientOp(new ConvSettings(s.Height, s.Width, p.Top, p.Bottom, p.Left, p.Right, 1, 1, 1), height, width).Run(this, kernel);
        return bias is null ? y : y + bias;

        int Painted(int size, int window, int step, int cut) => checked(
            padding.IsSame ? size * step
            : padding == Padding.Valid ? size * step + Math.Max(window - step, 0)
            : (size - 1) * step + window - cut);
    }
}

/// <summary>
/// dx from dy and the kernel: the adjoint of a convolution in its images, also known as transposed convolution.
/// [N, OH, OW, F], [KH, KW, C/G, F] -> [N, H, W, C]. Linear in both operands; its derivatives are the others of the family.
/// </summary>
internal sealed unsafe class Conv2DInputGradientOp(ConvSettings settings, int height, int width) : LegacyOp, IOp
{
    public override string Name => "conv2d_input_gradient";

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Tensor dy = inputs[0], kernel = inputs[1];
        RequireSameDType(inputs);
        RequireFloating(dy);
        if (dy.Rank != 4 || kernel.Rank != 4) throw Error.Shape(Name, "gradient and kernel must have four dimensions", $"dy {dy.Shape} and kernel {kernel.Shape}", "dy [N, OH, OW, F] and kernel [KH, KW, C / groups, F]");
        Shape image = [dy.Shape[0], height, width, kernel.Shape[2] * settings.Groups];
        var s = new ConvShape(Name, image, kernel.Shape, settings);
        if (s.Result != dy.Shape) throw Error.Shape(Name, "the gradient is not that of the convolution's result", $"dy {dy.Shape}", $"{s.Result} for images {image} and kernel {kernel.Shape}");
        var dx = outputs[0] = Tensor.Empty(image, dy.DType, dy.Device);
        if (dx.ElementCount == 0) return;
        (dy, kernel) = (dy.Packed(), kernel.Packed());
        if (s.F == 0) dx.Fill(0);
        else if (!dy.Device.IsCpu) CudaConvolution.InputGradient(s, dy, kernel, dx);
        else if (dy.DType == DType.Float32) Run<float>(s, dy, kernel, dx);
        else Run<double>(s, dy, kernel, dx);
    }

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor dy = call.Input(0), kernel = call.Input(1), g = call.Gradient();
        return
        [
            call.Needs(0) ? Conv2DOp.Run(g, kernel, null, settings, null) : null,
            call.Needs(1) ? new Conv2DKernelGradientOp(settings, kernel.Shape[0], kernel.Shape[1]).Run(g, dy) : null,
        ];
    }

    private static void Run<T>(ConvShape s, Tensor dy, Tensor kernel, Tensor dx) where T : unmanaged, INumber<T>
    {
        using var openY = dy.Open<T>();
        using var openK = kernel.Open<T>();
        using var openX = dx.Open<T>();
        T* py = openY.Pointer, pk = openK.Pointer, px = openX.Pointer;
        if (s.IsDepthwise) ConvDepthwise.InputGradient(s, py, pk, px);
        else if (s.IsProduct && s.Pixels <= int.MaxValue) Gemm.Run(false, true, (int)s.Pixels, s.C, s.F, T.One, py, s.F, pk, s.F, T.Zero, px, s.C);
        else ConvPanels.InputGradient(s, py, pk, px);
    }

    public static OpSpec Spec => new("conv2d_input_gradient", "[N, OH, OW, F], [KH, KW, C/G, F] -> [N, H, W, C]", d =>
    {
        var (x, kernel, settings) = Conv2DDraw.Case(d);
        var dy = d.Tensor(new ConvShape("conv2d", x.Shape, kernel.Shape, settings).Result);
        return new OpCase([dy, kernel], t => [new Conv2DInputGradientOp(settings, x.Shape[1], x.Shape[2]).Run(t[0], t[1])], $"images {x.Shape}, {settings}");
    })
    {
        PlainGradient = true,
        ReductionLength = Conv2DDraw.Length,
        Flops = c => 2.0 * c.Inputs[0].ElementCount * c.Inputs[1].Shape[0] * c.Inputs[1].Shape[1] * c.Inputs[1].Shape[2],
    };
}
