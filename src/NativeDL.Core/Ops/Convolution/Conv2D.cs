using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// y[n, i, j, f] = b[f] + Σ x[n, i·s + u·d − p, j·s + v·d − p, c] · kernel[u, v, c, f]: 2-D convolution as the field means it
    /// (the kernel is not flipped), channels last. <c>x [N, H, W, C], kernel [KH, KW, C / G, F], bias [F] -> [N, OH, OW, F]</c>
    /// </summary>
    /// <param name="kernel">The filters; filter f sees the channels of its group.</param>
    /// <param name="bias">A number for each filter, or null.</param>
    /// <param name="strides">Pixels from one result to the next, down and across; 1 when not given.</param>
    /// <param name="padding"><see cref="Padding.Valid"/>, <see cref="Padding.Same"/> or numbers.</param>
    /// <param name="dilationRate">Pixels from one place of the kernel to the next; 1 when not given.</param>
    /// <param name="groups">G: channels and filters fall into this many groups; C of them make a depthwise convolution.</param>
    /// <exception cref="ShapeMismatchException">The shapes do not fit, or the kernel is larger than the padded image.</exception>
    public Tensor Conv2D(Tensor kernel, Tensor? bias = null, Size2D strides = default, Padding padding = default, Size2D dilationRate = default,
        int groups = 1) =>
        Conv2D(kernel, bias, strides, padding, dilationRate, groups, null);

    /// <summary>The convolution and an activation, applied while the result is in the cache.</summary>
    internal Tensor Conv2D(Tensor kernel, Tensor? bias, Size2D strides, Padding padding, Size2D dilationRate, int groups, Epilogue? activation)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        Size2D s = strides.Or(1), d = dilationRate.Or(1);
        if (s.Height < 1 || s.Width < 1 || d.Height < 1 || d.Width < 1)
            throw Error.Input("conv2d", "strides and dilation rate must be 1 or more", $"strides {s}, dilation rate {d}");
        return Conv2DOp.Run(this, kernel, bias, new ConvSettings(s, padding, d, groups), activation);
    }
}

/// <summary>y = activation(x ∗ kernel + bias); a second result z = x ∗ kernel + bias is kept for a derivative of the activation that looks at it.</summary>
internal sealed unsafe partial class Conv2DOp(ConvSettings settings, Epilogue? activation) : Op, IOp
{
    public override string Name => "conv2d";

    protected override Saved Saves => activation is null ? Saved.Inputs : Saved.Both;

    protected override int ResultCount => activation is { NeedsOperand: true } && GradientTape.IsRecording ? 2 : 1;

    public static Tensor Run(Tensor x, Tensor kernel, Tensor? bias, in ConvSettings settings, Epilogue? activation)
    {
        var op = new Conv2DOp(settings, activation);
        return bias is null ? op.Run(x, kernel) : op.Run(x, kernel, bias);
    }

    protected override void Infer(Operands x, Results y)
    {
        RequireSameDType(x);
        RequireFloating(x[0]);
        var shape = settings.Result(Name, x[0].Shape, x[1].Shape);
        if (x.Count > 2) ConvAxes.RequireBias(Name, x[2], x[1].Shape, shape);
        for (int i = 0; i < y.Count; i++) y.Set(i, shape, x[0].DType);
    }

    protected override void Compute<T>(Operands x, Results y)
    {
        if (y[0].ElementCount == 0) return;
        var s = new ConvShape(x[0].Shape, x[1].Shape, settings);
        T* px = (T*)x.Pointer(0), pk = (T*)x.Pointer(1), py = (T*)y.Pointer(0);
        var pb = x.Count > 2 ? (T*)x.Pointer(2) : null;
        var pz = y.Count > 1 ? (T*)y.Pointer(1) : null;
        if (s.IsDepthwise) ConvDepthwise.Forward(s, px, pk, pb, activation, py, pz);
        else if (s.IsFirstLayer) ConvDirect.Forward(s, px, pk, pb, activation, py, pz);
        else if (s.IsProduct && s.Pixels <= int.MaxValue) Product(s, px, pk, pb, py, pz);
        else ConvPanels.Forward(s, px, pk, pb, activation, py, pz);
    }

    // 1×1: nothing to unfold.
    private void Product<T>(ConvShape s, T* x, T* kernel, T* bias, T* y, T* z) where T : unmanaged, INumber<T>
    {
        var tiles = Gemm.GemmTiles.Of((int)s.Pixels, s.F, s.C);
        Workers.Run(tiles.Count, i =>
        {
            var t = tiles[i];
            Gemm.Tile(t, false, false, s.C, T.One, x, Math.Max(1, s.C), kernel, s.F, T.Zero, y, s.F);
            long at = (long)t.Row * s.F + t.Column;
            Epilogue.Apply(activation, y + at, z is null ? null : z + at, s.F, t.Rows, t.Columns, bias is null ? null : bias + t.Column);
        });
    }

    protected override void Launch(Operands x, Results y, CudaStream stream)
    {
        if (y[0].ElementCount == 0) return;
        var result = new ProductResult(y[0], y.Count > 1 ? y[1] : null, x.Count > 2 ? x[2] : null, activation);
        CudaConvolution.Forward(stream.Device, new(x[0].Shape, x[1].Shape, settings), x[0], x[1], result);
    }

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor x = call.Input(0), kernel = call.Input(1);
        var dz = call.Gradient();
        bool hasOperand = call.ResultCount > 1;
        if (activation is not null) dz = activation.Derivative(hasOperand ? call.Output(1) : null, call.Output(), dz);
        if (hasOperand && call.HasGradient(1)) dz += call.Gradient(1);
        var dx = call.Needs(0) ? new Conv2DInputGradOp(settings, x.Shape[1], x.Shape[2]).Run(dz, kernel) : null;
        var dk = call.Needs(1) ? new Conv2DKernelGradOp(settings, kernel.Shape[0], kernel.Shape[1]).Run(x, dz) : null;
        return call.Count == 2 ? [dx, dk] : [dx, dk, call.Needs(2) ? dz.Sum(0, 1, 2) : null];
    }

    public static OpSpec Spec => new("conv2d", "[N, H, W, C], [KH, KW, C/G, F], [F]? -> [N, OH, OW, F]", d =>
    {
        var (x, kernel, settings) = Conv2DDraw.Case(d);
        bool bias = d.Flag();
        // One whose derivative looks at the result, one whose derivative looks at the value before it.
        var activation = d.OneOf(null, Epilogue.Of<TanhOp>(), Epilogue.Of<SoftplusOp>());
        return new OpCase(bias ? [x, kernel, d.Tensor([kernel.Shape[3]])] : [x, kernel], t => [Run(t[0], t[1], bias ? t[2] : null, settings, activation)],
            $"{settings}, activation {activation?.Name ?? "none"}");
    })
    {
        ReductionLength = Conv2DDraw.Length,
        Flops = c => 2.0 * c.Inputs[0].ElementCount * c.Inputs[1].Shape[0] * c.Inputs[1].Shape[1] * c.Inputs[1].Shape[3],
    };
}

/// <summary>Draws convolutions for the specifications of the family.</summary>
internal static class Conv2DDraw
{
    public static (Tensor X, Tensor Kernel, ConvSettings Settings) Case(Draw d)
    {
        int n = d.Int(1, 2), kh = d.Int(1, 3), kw = d.Int(1, 3);
        int dh = d.OneOf(1, 1, 2), dw = d.OneOf(1, 1, 2);
        // Channels: first layers, wider ones, depthwise, groups.
        var (c, f, g) = d.OneOf((1, 2, 1), (3, 5, 1), (5, 3, 1), (6, 4, 2), (3, 3, 3), (9, 9, 9), (2, 4, 2), (1, 17, 1));
        Size2D strides = (d.OneOf(1, 1, 2), d.OneOf(1, 2, 3));
        var padding = new Padding(d.Int(0, 2), d.Int(0, 1), d.Int(0, 1), d.Int(0, 2));
        int h = Math.Max(1, (kh - 1) * dh + 1 - padding.Top - padding.Bottom) + d.Int(0, 3),
            w = Math.Max(1, (kw - 1) * dw + 1 - padding.Left - padding.Right) + d.OneOf(0, 1, 2, 7, 13);
        var s = new ConvSettings(strides, padding, (dh, dw), g);
        return (d.Tensor([n, h, w, c]), d.Tensor([kh, kw, c / g, f]), s);
    }

    public static double Length(OpCase c) => Math.Max(c.Inputs[1].ElementCount, c.Inputs[0].ElementCount);
}
