using System.Numerics;

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
    public Tensor Conv2D(Tensor kernel, Tensor? bias = null, Size2D strides = default, Padding padding = default, Size2D dilationRate = default, int groups = 1) =>
        Conv2D(kernel, bias, strides, padding, dilationRate, groups, null);

    /// <summary>The convolution and an activation, applied while the result is in the cache.</summary>
    internal Tensor Conv2D(Tensor kernel, Tensor? bias, Size2D strides, Padding padding, Size2D dilationRate, int groups, Epilogue? activation)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        Size2D s = strides.Or(1), d = dilationRate.Or(1);
        if (s.Height < 1 || s.Width < 1 || d.Height < 1 || d.Width < 1) throw Error.Input("conv2d", "strides and dilation rate must be 1 or more", $"strides {s}, dilation rate {d}");
        if (Rank != 4 || kernel.Rank != 4) throw Error.Shape("conv2d", "images and kernel must have four dimensions", $"x {Shape} and kernel {kernel.Shape}", "x [N, H, W, C] and kernel [KH, KW, C / groups, F]");
        var p = padding.For(Shape[1], Shape[2], (kernel.Shape[0] - 1) * d.Height + 1, (kernel.Shape[1] - 1) * d.Width + 1, s.Height, s.Width);
        return Conv2DOp.Run(this, kernel, bias, new ConvSettings(s.Height, s.Width, p.Top, p.Bottom, p.Left, p.Right, d.Height, d.Width, groups), activation);
    }
}

/// <summary>y = activation(x ∗ kernel + bias); a second result z = x ∗ kernel + bias exists when the derivative of the activation looks at it.</summary>
internal sealed unsafe class Conv2DOp : LegacyOp, IOp
{
    private readonly ConvSettings settings;
    private readonly Epilogue? activation;
    private readonly bool keepsOperand;

    private Conv2DOp(in ConvSettings settings, Epilogue? activation, bool keepsOperand) => (this.settings, this.activation, this.keepsOperand) = (settings, activation, keepsOperand);

    public override string Name => "conv2d";

    protected override Saved Saves => activation is null ? Saved.Inputs : Saved.Both;

    public static Tensor Run(Tensor x, Tensor kernel, Tensor? bias, in ConvSettings settings, Epilogue? activation)
    {
        bool keep = activation is { NeedsOperand: true } && GradientTape.IsRecording;
        var op = new Conv2DOp(settings, activation, keep);
        ReadOnlySpan<Tensor> inputs = bias is null ? [x, kernel] : [x, kernel, bias];
        return keep ? op.RunMany(2, inputs)[0] : op.Run(inputs);
    }

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        Tensor x = inputs[0], kernel = inputs[1];
        RequireSameDType(inputs);
        RequireFloating(x);
        var s = new ConvShape(Name, x.Shape, kernel.Shape, settings);
        var bias = inputs.Length > 2 ? inputs[2] : null;
        if (bias is not null && (bias.Rank != 1 || bias.Shape[0] != s.F)) throw Error.Shape(Name, "the bias does not fit the kernel", $"bias {bias.Shape} and kernel {kernel.Shape}", $"bias [{s.F}]");
        var y = outputs[0] = Tensor.Empty(s.Result, x.DType, x.Device);
        var z = keepsOperand ? outputs[1] = Tensor.Empty(s.Result, x.DType, x.Device) : null;
        if (y.ElementCount == 0) return;
        (x, kernel, bias) = (x.Packed(), kernel.Packed(), bias?.Packed());
        if (!x.Device.IsCpu) CudaConvolution.Forward(s, x, kernel, new ProductResult(y, z, bias, activation));
        else if (x.DType == DType.Float32) Convolve<float>(s, x, kernel, bias, y, z);
        else Convolve<double>(s, x, kernel, bias, y, z);
    }

    protected override Tensors Backward(BackwardCall call)
    {
        Tensor x = call.Input(0), kernel = call.Input(1);
        var dz = call.Gradient();
        if (activation is not null) dz = activation.Derivative(keepsOperand ? call.Output(1) : null, call.Output(), dz);
        if (keepsOperand && call.HasGradient(1)) dz += call.Gradient(1);
        var dx = call.Needs(0) ? new Conv2DInputGradientOp(settings, x.Shape[1], x.Shape[2]).Run(dz, kernel) : null;
        var dk = call.Needs(1) ? new Conv2DKernelGradientOp(settings, kernel.Shape[0], kernel.Shape[1]).Run(x, dz) : null;
        return call.Count == 2 ? [dx, dk] : [dx, dk, call.Needs(2) ? dz.Sum(0, 1, 2) : null];
    }

    private void Convolve<T>(ConvShape s, Tensor x, Tensor kernel, Tensor? bias, Tensor y, Tensor? z) where T : unmanaged, INumber<T>
    {
        using var openX = x.Open<T>();
        using var openK = kernel.Open<T>();
        using var openB = (bias ?? kernel).Open<T>();
        using var openY = y.Open<T>();
        using var openZ = (z ?? y).Open<T>();
        T* px = openX.Pointer, pk = openK.Pointer, py = openY.Pointer;
        T* pb = bias is null ? null : openB.Pointer;
        T* pz = z is null ? null : openZ.Pointer;
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

    public static OpSpec Spec => new("conv2d", "[N, H, W, C], [KH, KW, C/G, F], [F]? -> [N, OH, OW, F]", d =>
    {
        var (x, kernel, settings) = Conv2DDraw.Case(d);
        bool bias = d.Flag();
        // One whose derivative looks at the result, one whose derivative looks at the value before it.
        var activation = d.OneOf(null, Epilogue.Of<TanhOp>(), Epilogue.Of<SoftplusOp>());
        return new OpCase(bias ? [x, kernel, d.Tensor([kernel.Shape[3]])] : [x, kernel], t => [Run(t[0], t[1], bias ? t[2] : null, settings, activation)], $"{settings}, activation {activation?.Name ?? "none"}");
    })
    {
        PlainGradient = true,
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
        var s = new ConvSettings(d.OneOf(1, 1, 2), d.OneOf(1, 2, 3), d.Int(0, 2), d.Int(0, 1), d.Int(0, 1), d.Int(0, 2), dh, dw, g);
        int h = Math.Max(1, (kh - 1) * dh + 1 - s.Top - s.Bottom) + d.Int(0, 3), w = Math.Max(1, (kw - 1) * dw + 1 - s.Left - s.Right) + d.OneOf(0, 1, 2, 7, 13);
        return (d.Tensor([n, h, w, c]), d.Tensor([kh, kw, c / g, f]), s);
    }

    public static double Length(OpCase c) => Math.Max(c.Inputs[1].ElementCount, c.Inputs[0].ElementCount);
}
