using System.Numerics;

namespace NativeDL;

/// <summary>
/// dk from x and dy: the adjoint of a convolution in its kernel. [N, H, W, C], [N, OH, OW, F] -> [KH, KW, C/G, F].
/// Linear in both operands; its derivatives are the others of the family. Summed in fixed parts joined in their order.
/// </summary>
internal sealed unsafe class Conv2DKernelGradientOp(ConvSettings settings, int kernelHeight, int kernelWidth) : LegacyOp, IOp
{
    public override string Name => "conv2d_kernel_gradient";

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Tensor x = inputs[0], dy = inputs[1];
        RequireSameDType(inputs);
        RequireFloating(x);
        if (x.Rank != 4 || dy.Rank != 4) throw Error.Shape(Name, "images and gradient must have four dimensions", $"x {x.Shape} and dy {dy.Shape}", "x [N, H, W, C] and dy [N, OH, OW, F]");
        Shape kernel = [kernelHeight, kernelWidth, x.Shape[3] / Math.Max(1, settings.Groups), dy.Shape[3]];
        var s = new ConvShape(Name, x.Shape, kernel, settings);
        if (s.Result != dy.Shape) throw Error.Shape(Name, "the gradient is not that of the convolution's result", $"dy {dy.Shape}", $"{s.Result} for images {x.Shape} and kernel {kernel}");
        var dk = outputs[0] = Tensor.Empty(kernel, x.DType, x.Device);
        if (dk.ElementCount == 0) return;
        (x, dy) = (x.Packed(), dy.Packed());
        if (s.Pixels == 0) dk.Fill(0);
        else if (!x.Device.IsCpu) CudaConvolution.KernelGradient(s, x, dy, dk);
        else if (x.DType == DType.Float32) Run<float>(s, x, dy, dk);
        else Run<double>(s, x, dy, dk);
    }

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor x = call.Input(0), dy = call.Input(1), g = call.Gradient();
        return
        [
            call.Needs(0) ? new Conv2DInputGradientOp(settings, x.Shape[1], x.Shape[2]).Run(dy, g) : null,
            call.Needs(1) ? Conv2DOp.Run(x, g, null, settings, null) : null,
        ];
    }

    private static void Run<T>(ConvShape s, Tensor x, Tensor dy, Tensor dk) where T : unmanaged, INumber<T>
    {
        using var openX = x.Open<T>();
        using var openY = dy.Open<T>();
        using var openK = dk.Open<T>();
        T* px = openX.Pointer, py = openY.Pointer, pk = openK.Pointer;
        if (s.IsDepthwise) ConvDepthwise.KernelGradient(s, px, py, pk);
        else if (s.IsFirstLayer) ConvDirect.KernelGradient(s, px, py, pk);
        else ConvPanels.KernelGradient(s, px, py, pk);
    }

    public static OpSpec Spec => new("conv2d_kernel_gradient", "[N, H, W, C], [N, OH, OW, F] -> [KH, KW, C/G, F]", d =>
    {
        var (x, kernel, settings) = Conv2DDraw.Case(d);
        var dy = d.Tensor(new ConvShape("conv2d", x.Shape, kernel.Shape, settings).Result);
        return new OpCase([x, dy], t => [new Conv2DKernelGradientOp(settings, kernel.Shape[0], kernel.Shape[1]).Run(t[0], t[1])], $"kernel {kernel.Shape}, {settings}");
    })
    {
        PlainGradient = true,
        ReductionLength = Conv2DDraw.Length,
        Flops = c => 2.0 * c.Inputs[0].ElementCount * c.Inputs[1].Shape[3] * 9,
    };
}
