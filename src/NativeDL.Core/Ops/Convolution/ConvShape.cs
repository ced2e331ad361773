namespace NativeDL;

/// <summary>The steps of a convolution in numbers, as its kernels take them.</summary>
internal readonly record struct ConvSteps(int StrideHeight, int StrideWidth, int Top, int Bottom, int Left, int Right, int DilationHeight, int DilationWidth);

/// <summary>
/// All sizes of a convolution: x [N, H, W, C], kernel [KH, KW, C / G, F], y [N, OH, OW, F].
/// <see cref="ConvSettings.Result"/> has checked them, so that kernels check nothing.
/// </summary>
internal sealed class ConvShape
{
    public readonly int N, H, W, C, KH, KW, F, OH, OW, G;
    public readonly ConvSteps Steps;

    public ConvShape(Shape x, Shape kernel, in ConvSettings settings)
    {
        (N, H, W, C) = (x[0], x[1], x[2], x[3]);
        (KH, KW, F) = (kernel[0], kernel[1], kernel[3]);
        G = settings.Groups;
        var (rows, columns) = settings.Axes("convolution", x, kernel);
        (OH, OW) = (rows.Results, columns.Results);
        Steps = new(rows.Stride, columns.Stride, rows.Before, rows.After, columns.Before, columns.After, rows.Dilation, columns.Dilation);
    }

    /// <summary>Channels of a group.</summary>
    public int GroupChannels => C / G;

    /// <summary>Filters of a group.</summary>
    public int GroupFilters => F / G;

    /// <summary>Products in the sum of one result.</summary>
    public int K => KH * KW * (C / G);

    /// <summary>Results of one image and filter.</summary>
    public long ImagePixels => (long)OH * OW;

    /// <summary>Results of one filter.</summary>
    public long Pixels => N * ImagePixels;

    /// <summary>A plain matrix product: 1×1, every pixel, one group.</summary>
    public bool IsProduct => KH == 1 && KW == 1 && G == 1 && Steps is { StrideHeight: 1, StrideWidth: 1, Top: 0, Bottom: 0, Left: 0, Right: 0 };

    /// <summary>Each channel has one filter of its own.</summary>
    public bool IsDepthwise => G == C && F == C && G > 1;

    /// <summary>Too few channels for a matrix product to pay: the direct kernels take the pixels as they stand, or between a few zeros.</summary>
    public bool IsFirstLayer =>
        G == 1 && C <= 4 && OW >= ConvDirect.PixelsAtOnce && Steps is { DilationHeight: 1, DilationWidth: 1 } && ConvDirect.PaddedNumbers(this) <= MostPadded;

    /// <summary>Pixels whose unfolded operands (of <paramref name="size"/> bytes each) stay in the L2 cache.</summary>
    public int TilePixels(int size) => (int)Math.Clamp(PanelBytes / (Math.Max(1L, K) * size), 32, 512) / 16 * 16;

    private const long PanelBytes = 384 * 1024;

    private const double MostPadded = 1 << 28;
}
