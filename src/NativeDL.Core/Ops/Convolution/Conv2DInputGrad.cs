using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Transposed convolution, the adjoint of <see cref="Conv2D(Tensor, Tensor?, Size2D, Padding, Size2D, int)"/>: each pixel paints
    /// the kernel, weighted, into a larger image. <c>x [N, H, W, C], kernel [KH, KW, F, C], bias [F] -> [N, OH, OW, F]</c>
    /// </summary>
    /// <remarks>
    /// As in Keras: OH = H · stride for 'same', H · stride + max(span − stride, 0) for 'valid', (H − 1) · stride + span − top − bottom for numbers, where
    /// span = (KH − 1) · dilation + 1. With an output padding it is (H − 1) · stride + span − padding + output padding, the padding of 'same' being
    /// 2 ⌊span / 2⌋.
    /// </remarks>
    /// <param name="kernel">The kernel; results come before operands in its shape.</param>
    /// <param name="bias">A number for each channel of the result, or null.</param>
    /// <param name="strides">Pixels of the result from one pixel of x to the next; 1 when not given.</param>
    /// <param name="padding">What is cut off the borders of the painted image.</param>
    /// <param name="outputPadding">Rows and columns that the result has more at its end: it chooses among the sizes of which the convolution makes x's.</param>
    /// <param name="dilationRate">Pixels from one place of the kernel to the next; 1 when not given.</param>
    /// <param name="groups">The groups of the convolution: the kernel is then [KH, KW, F / groups, C].</param>
    /// <exception cref="ShapeMismatchException">The shapes do not fit.</exception>
    /// <exception cref="InvalidInputException">Strides or dilation are below 1, or the output padding is not below the strides.</exception>
    public Tensor Conv2DTranspose(Tensor kernel, Tensor? bias = null, Size2D strides = default, Padding padding = default, Size2D outputPadding = default,
        Size2D dilationRate = default, int groups = 1)
    {
        const string name = "conv2d_transpose";
        ArgumentNullException.ThrowIfNull(kernel);
        Size2D s = strides.Or(1), d = dilationRate.Or(1);
        if (s.Height < 1 || s.Width < 1 || d.Height < 1 || d.Width < 1)
            throw Error.Input(name, "strides and dilation rate must be 1 or more", $"strides {s}, dilation rate {d}");
        var y = new Conv2DInputGradOp(new ConvSettings(s, padding, d, groups), outputPadding: outputPadding).Run(this, kernel);
        return Biased(name, y, bias, kernel);
    }

    private static Tensor Biased(string op, Tensor y, Tensor? bias, Tensor kernel)
    {
        if (bias is null) return y;
        ConvAxes.RequireBias(op, bias, kernel.Shape, y.Shape);
        return y + bias;
    }
}

/// <summary>
/// dx from dy and the kernel: the adjoint of a convolution in its images, also known as transposed convolution.
/// [N, OH, OW, F], [KH, KW, C/G, F] -> [N, H, W, C]. Linear in both operands; its derivatives are the others of the family.
/// </summary>
/// <param name="settings">The convolution's.</param>
/// <param name="height">The images' height; where there are no images yet, as large as a transposed convolution paints them.</param>
/// <param name="width">The images' width, likewise.</param>
/// <param name="outputPadding">Rows and columns more than are painted by themselves.</param>
internal sealed unsafe partial class Conv2DInputGradOp(ConvSettings settings, int height = Shape.None, int width = Shape.None, Size2D outputPadding = default)
    : Op, IOp
{
    public override string Name => height == Shape.None ? "conv2d_transpose" : "conv2d_input_grad";

    protected override void Infer(Operands x, Results y)
    {
        Shape dy = x[0].Shape, kernel = x[1].Shape;
        RequireSameDType(x);
        RequireFloating(x[0]);
        if (dy.Rank != 4 || kernel.Rank != 4 || !Shape.IsSame(dy.Dimension(3), kernel.Dimension(3)))
            throw Error.Shape(Name, "the kernel does not fit the images", $"x {dy} and kernel {kernel}", "x [N, H, W, C] and kernel [KH, KW, F, C]");
        Size2D strides = settings.Strides, dilation = settings.Dilation;
        int? down = outputPadding.IsGiven ? outputPadding.Height : null, across = outputPadding.IsGiven ? outputPadding.Width : null;
        Shape image =
        [
            dy.Dimension(0),
            height == Shape.None ? Painted(1, dy.Dimension(1), kernel.Dimension(0), strides.Height, dilation.Height, down) : height,
            width == Shape.None ? Painted(0, dy.Dimension(2), kernel.Dimension(1), strides.Width, dilation.Width, across) : width,
            Shape.Product(Name, kernel.Dimension(2), settings.Groups),
        ];
        var result = settings.Result(Name, image, kernel);
        if (!result.IsCompatible(dy))
            throw Error.Shape(Name, "the gradient is not that of the convolution's result", $"dy {dy}", $"{result} for images {image} and kernel {kernel}");
        y.Set(0, image, x[0].DType);
    }

    private int Painted(int axis, int size, int window, int stride, int dilation, int? more) =>
        WindowAxis.Painted(axis, Name, settings.Padding, size, window, stride, dilation, more);

    protected override void Compute<T>(Operands x, Results y)
    {
        if (y[0].ElementCount == 0) return;
        var s = new ConvShape(y[0].Shape, x[1].Shape, settings);
        T* py = (T*)x.Pointer(0), pk = (T*)x.Pointer(1), px = (T*)y.Pointer(0);
        if (s.F == 0) y[0].Fill(0);
        else if (s.IsDepthwise) ConvDepthwise.InputGradient(s, py, pk, px);
        else if (s.IsProduct && s.Pixels <= int.MaxValue) Gemm.Run(false, true, (int)s.Pixels, s.C, s.F, T.One, py, s.F, pk, s.F, T.Zero, px, s.C);
        else ConvPanels.InputGradient(s, py, pk, px);
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        if (y[0].ElementCount == 0) return;
        var s = new ConvShape(y[0].Shape, x[1].Shape, settings);
        if (s.F == 0) y[0].Fill(0);
        else CudaConvolution.InputGradient(stream.Device, s, x[0], x[1], y[0]);
    }

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor dy = call.Input(0), kernel = call.Input(1), g = call.Gradient();
        return
        [
            call.Needs(0) ? Conv2DOp.Run(g, kernel, null, settings, null) : null,
            call.Needs(1) ? new Conv2DKernelGradOp(settings, kernel.Shape[0], kernel.Shape[1]).Run(g, dy) : null,
        ];
    }

    public static OpSpec Spec => new("conv2d_input_grad", "[N, OH, OW, F], [KH, KW, C/G, F] -> [N, H, W, C]", d =>
    {
        var (x, kernel, settings) = Conv2DDraw.Case(d);
        var dy = d.Tensor(settings.Result("conv2d", x.Shape, kernel.Shape));
        return new OpCase([dy, kernel], t => [new Conv2DInputGradOp(settings, x.Shape[1], x.Shape[2]).Run(t[0], t[1])], $"images {x.Shape}, {settings}");
    })
    {
        ReductionLength = Conv2DDraw.Length,
        Flops = c => 2.0 * c.Inputs[0].ElementCount * c.Inputs[1].Shape[0] * c.Inputs[1].Shape[1] * c.Inputs[1].Shape[2],
    };
}
