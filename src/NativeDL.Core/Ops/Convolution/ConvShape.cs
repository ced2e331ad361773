namespace NativeDL;

/// <summary>What a convolution is told besides its operands; the padding is in numbers.</summary>
internal readonly record struct ConvSettings(int StrideHeight, int StrideWidth, int Top, int Bottom, int Left, int Right, int DilationHeight, int DilationWidth, int Groups)
{
    public override string ToString() => $"stride ({StrideHeight}, {StrideWidth}), padding ({Top}, {Bottom}, {Left}, {Right}), dilation ({DilationHeight}, {DilationWidth}), groups {Groups}";
}

/// <summary>
/// All sizes of a convolution: x [N, H, W, C], kernel [KH, KW, C / G, F], y [N, OH, OW, F].
/// Checked here, so that kernels check nothing.
/// </summary>
internal sealed class ConvShape
{
    public readonly int N, H, W, C, KH, KW, F, OH, OW, G;
    public readonly ConvSettings Settings;

    public ConvShape(string op, Shape x, Shape kernel, in ConvSettings settings)
    {
        if (x.Rank != 4 || kernel.Rank != 4) throw Error.Shape(op, "images and kernel must have four dimensions", $"x {x} and kernel {kernel}", "x [N, H, W, C] and kernel [KH, KW, C / groups, F]");
        (N, H, W, C) = (x[0], x[1], x[2], x[3]);
        (KH, KW, F) = (kernel[0], kernel[1], kernel[3]);
        G = settings.Groups;
        Settings = settings;
        if (G < 1 || C % G != 0 || F % G != 0 || kernel[2] * G != C)
            throw Error.Shape(op, "the kernel does not fit the channels", $"x {x}, kernel {kernel}, groups {G}", "kernel [KH, KW, C / groups, F] with C and F divisible by groups");
        if (KH < 1 || KW < 1) throw Error.Shape(op, "the kernel is empty", $"kernel {kernel}");
        OH = Output(H + (long)settings.Top + settings.Bottom, KH, settings.DilationHeight, settings.StrideHeight);
        OW = Output(W + (long)settings.Left + settings.Right, KW, settings.DilationWidth, settings.StrideWidth);
        if (OH < 1 || OW < 1) throw Error.Shape(op, "the kernel is larger than the padded image", $"x {x}, kernel {kernel}, {settings}", null, "use Padding.Same, or a smaller kernel");
    }

    /// <summary>Channels of a group.</summary>
    public int GroupChannels => C / G;

    /// <summary>Filters of a group.</summary>
    public int GroupFilters => F / G;

    /// <summary>Products in the sum of one result.</summary>
    public int K => checked(KH * KW * (C / G));

    /// <summary>Results of one image and filter.</summary>
    public long ImagePixels => (long)OH * OW;

    /// <summary>Results of one filter.</summary>
    public long Pixels => N * ImagePixels;

    public Shape Result => [N, OH, OW, F];

    /// <summary>A plain matrix product: 1×1, every pixel, one group.</summary>
    public bool IsProduct => KH == 1 && KW == 1 && G == 1 && Settings is { StrideHeight: 1, StrideWidth: 1, Top: 0, Bottom: 0, Left: 0, Right: 0 };

    /// <summary>Each channel has one filter of its own.</summary>
    public bool IsDepthwise => G == C && F == C && G > 1;

    /// <summary>Too few channels for a matrix product to pay: the direct kernels take the pixels as they stand.</summary>
    public bool IsFirstLayer => G == 1 && C <= 4 && OW >= ConvDirect.PixelsAtOnce && Settings is { DilationHeight: 1, DilationWidth: 1 };

    /// <summary>Pixels whose unfolded operands (of <paramref name="size"/> bytes each) stay in the L2 cache.</summary>
    public int TilePixels(int size) => (int)Math.Clamp(PanelBytes / (Math.Max(1L, K) * size), 32, 512) / 16 * 16;

    public double Flops => 2.0 * Pixels * F * K;

    private const long PanelBytes = 384 * 1024;

    private static int Output(long padded, int window, int dilation, int stride)
    {
        long span = (window - 1L) * dilation + 1;
        return padded < span ? 0 : checked((int)((padded - span) / stride) + 1);
    }
}
