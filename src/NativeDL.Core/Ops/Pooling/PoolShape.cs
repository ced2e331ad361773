using NativeDL.Cuda;

namespace NativeDL;

/// <summary>
/// All sizes of a pool over x [N, H, W, C] -> y [N, OH, OW, C]. Checked here, so that kernels check nothing; padding is no part of
/// a window's contents.
/// </summary>
internal sealed class PoolShape
{
    public readonly int N, H, W, C, KH, KW, StrideHeight, StrideWidth, Top, Left, OH, OW;

    public PoolShape(string op, Shape x, Size2D window, Size2D strides, Padding padding)
    {
        if (x.Rank != 4) throw Error.Shape(op, "images must have four dimensions", $"x {x}", "x [N, H, W, C]");
        var s = strides.Or(window);
        if (window.Height < 1 || window.Width < 1 || s.Height < 1 || s.Width < 1) throw Error.Input(op, "window and strides must be 1 or more", $"window {window}, strides {s}");
        (N, H, W, C) = (x[0], x[1], x[2], x[3]);
        (KH, KW) = window;
        (StrideHeight, StrideWidth) = s;
        var p = padding.For(H, W, KH, KW, s.Height, s.Width);
        if (p.Top >= KH || p.Bottom >= KH || p.Left >= KW || p.Right >= KW) throw Error.Input(op, "a window would lie in the padding alone", $"padding {padding}, window {window}", "padding smaller than the window");
        (Top, Left) = (p.Top, p.Left);
        long height = H + (long)p.Top + p.Bottom, width = W + (long)p.Left + p.Right;
        if (height < KH || width < KW) throw Error.Shape(op, "the window is larger than the padded image", $"x {x}, window {window}, padding {padding}", null, "use Padding.Same, or a smaller window");
        OH = checked((int)((height - KH) / s.Height) + 1);
        OW = checked((int)((width - KW) / s.Width) + 1);
    }

    /// <summary>Whether the windows lie side by side and inside of the image.</summary>
    public bool IsTiling => StrideHeight == KH && StrideWidth == KW && Top == 0 && Left == 0 && OH * KH <= H && OW * KW <= W;

    public Shape Image => [N, H, W, C];

    public Shape Result => [N, OH, OW, C];

    public override string ToString() => $"window ({KH}, {KW}), stride ({StrideHeight}, {StrideWidth}), padding from ({Top}, {Left})";

    /// <summary>Calls <paramref name="body"/>(n, row, row number over all images) for the rows of results, on all threads.</summary>
    public void ForResultRows(Action<int, int, long> body) => ForRows(OH, (long)OW * C * KH * KW, body);

    /// <summary>The same for the rows of the images.</summary>
    public void ForImageRows(Action<int, int, long> body) => ForRows(H, (long)W * C, body);

    /// <summary>The places of the window at a result's row that lie inside of the image, and the image row of the first.</summary>
    public (int First, int End, int Row) Rows(int oh) => Inside(oh * StrideHeight - Top, KH, H);

    /// <summary>The places of the window at a result's column that lie inside of the image, and the image column of the first.</summary>
    public (int First, int End, int Column) Columns(int ow) => Inside(ow * StrideWidth - Left, KW, W);

    /// <summary>Launches the kernel of that name of <c>pooling.cu</c>, whose threads share the elements of <paramref name="result"/>.</summary>
    public unsafe void OnCuda(string name, Tensor result, params ReadOnlySpan<KernelArgument> tensors)
    {
        var sizes = new PoolGeometry(this);
        KernelArguments arguments = default;
        tensors.CopyTo(arguments);
        arguments[tensors.Length] = KernelArgument.Structure(&sizes);
        CudaDevice.Of(result).LaunchOver(name, result.DType, result.ElementCount, arguments[..(tensors.Length + 1)]);
    }

    private void ForRows(int height, long rowWork, Action<int, int, long> body) =>
        Workers.For((long)N * height, Math.Max(1, Workers.Grain / Math.Max(1, rowWork)), (start, end) =>
        {
            for (long r = start; r < end; r++)
            {
                (long n, long row) = Math.DivRem(r, height);
                body((int)n, (int)row, r);
            }
        });

    private static (int, int, int) Inside(int start, int window, int size)
    {
        int first = Math.Max(0, -start);
        return (first, Math.Min(window, size - start), start + first);
    }
}

/// <summary>The sizes as kernels take them: <c>geometry</c> of <c>pooling.cu</c>.</summary>
internal readonly struct PoolGeometry(PoolShape s)
{
    private readonly int n = s.N, h = s.H, w = s.W, c = s.C, kh = s.KH, kw = s.KW, strideHeight = s.StrideHeight, strideWidth = s.StrideWidth, top = s.Top, left = s.Left, oh = s.OH, ow = s.OW;
}

/// <summary>The places of a window of which one image row (or column) is part, over all results.</summary>
/// <param name="First">The first such place; the others follow by <paramref name="Step"/>.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Step">From one place to the next.</param>
/// <param name="Result">The result whose window has the image row at its first place.</param>
/// <param name="Back">Each further place belongs to the result this many before.</param>
internal readonly record struct Meetings(int First, int Count, int Step, int Result, int Back)
{
    /// <summary>For every position from <paramref name="before"/> of the padded image: worked out once, because it divides.</summary>
    public static Meetings[] All(int size, int before, int stride, int dilation, int window, int results)
    {
        var all = new Meetings[size];
        for (int i = 0; i < size; i++) all[i] = Of(i + before, stride, dilation, window, results);
        return all;
    }

    /// <summary>For a position of the padded image.</summary>
    public static Meetings Of(int position, int stride, int dilation, int window, int results)
    {
        int first = 0, count = 0, last = 0, result = 0;
        for (int k = 0; k < window; k++)
        {
            int rest = position - k * dilation;
            if (rest < 0 || rest % stride != 0 || rest / stride >= results) continue;
            if (count++ == 0) (first, result) = (k, rest / stride);
            last = k;
        }
        int step = count > 1 ? (last - first) / (count - 1) : 1;
        return new(first, count, step, result, step * dilation / stride);
    }
}
