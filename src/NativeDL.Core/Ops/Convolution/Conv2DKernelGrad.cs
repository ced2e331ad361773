using NativeDL.Cuda;

namespace NativeDL;

/// <summary>
/// dk from x and dy: the adjoint of a convolution in its kernel. [N, H, W, C], [N, OH, OW, F] -> [KH, KW, C/G, F].
/// Linear in both operands; its derivatives are the others of the family. Summed in fixed parts joined in their order.
/// </summary>
internal sealed unsafe partial class Conv2DKernelGradOp(ConvSettings settings, int kernelHeight, int kernelWidth) : Op, IOp
{
    public override string Name => "conv2d_kernel_grad";

    protected override void Infer(Operands x, Results y)
    {
        Shape images = x[0].Shape, dy = x[1].Shape;
        RequireSameDType(x);
        RequireFloating(x[0]);
        if (images.Rank != 4 || dy.Rank != 4)
            throw Error.Shape(Name, "images and gradient must have four dimensions", $"x {images} and dy {dy}", "x [N, H, W, C] and dy [N, OH, OW, F]");
        int channels = images.Dimension(3);
        Shape kernel = [kernelHeight, kernelWidth, channels == Shape.None ? channels : channels / Math.Max(1, settings.Groups), dy.Dimension(3)];
        var result = settings.Result(Name, images, kernel);
        if (!result.IsCompatible(dy))
            throw Error.Shape(Name, "the gradient is not that of the convolution's result", $"dy {dy}", $"{result} for images {images} and kernel {kernel}");
        y.Set(0, kernel, x[0].DType);
    }

    protected override void Compute<T>(Operands x, Results y)
    {
        if (y[0].ElementCount == 0) return;
        var s = new ConvShape(x[0].Shape, y[0].Shape, settings);
        T* px = (T*)x.Pointer(0), py = (T*)x.Pointer(1), pk = (T*)y.Pointer(0);
        if (s.Pixels == 0) y[0].Fill(0);
        else if (s.IsDepthwise) ConvDepthwise.KernelGradient(s, px, py, pk);
        else if (s.IsFirstLayer) ConvDirect.KernelGradient(s, px, py, pk);
        else ConvPanels.KernelGradient(s, px, py, pk);
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        if (y[0].ElementCount == 0) return;
        var s = new ConvShape(x[0].Shape, y[0].Shape, settings);
        if (s.Pixels == 0) y[0].Fill(0);
        else CudaConvolution.KernelGradient(stream.Device, s, x[0], x[1], y[0]);
    }

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor x = call.Input(0), dy = call.Input(1), g = call.Gradient();
        return
        [
            call.Needs(0) ? new Conv2DInputGradOp(settings, x.Shape[1], x.Shape[2]).Run(dy, g) : null,
            call.Needs(1) ? Conv2DOp.Run(x, g, null, settings, null) : null,
        ];
    }

    public static OpSpec Spec => new("conv2d_kernel_grad", "[N, H, W, C], [N, OH, OW, F] -> [KH, KW, C/G, F]", d =>
    {
        var (x, kernel, settings) = Conv2DDraw.Case(d);
        var dy = d.Tensor(settings.Result("conv2d", x.Shape, kernel.Shape));
        return new OpCase([x, dy], t => [new Conv2DKernelGradOp(settings, kernel.Shape[0], kernel.Shape[1]).Run(t[0], t[1])],
            $"kernel {kernel.Shape}, {settings}");
    })
    {
        ReductionLength = Conv2DDraw.Length,
        Flops = c => 2.0 * c.Inputs[0].ElementCount * c.Inputs[1].Shape[3] * 9,
    };
}
