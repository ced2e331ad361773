using NativeDL.Cuda;

namespace NativeDL;

/// <summary>What a pool is told besides its operand.</summary>
internal readonly record struct PoolSettings
{
    public PoolSettings(string op, Size2D window, Size2D strides, Padding padding)
    {
        if (!window.IsGiven) throw Error.Input(op, "the window has no size", "default", "a number for both, or height and width: 3 or (3, 5)");
        (Window, Strides, Padding) = (window, strides.Or(window), padding);
        PoolAxes.Check(op, [window.Height, window.Width], [Strides.Height, Strides.Width], padding);
    }

    /// <summary>As a file or another operation has them.</summary>
    public PoolSettings(Size2D window, Size2D strides, Padding padding) : this("pool", window, strides, padding) { }

    public Size2D Window { get; }

    public Size2D Strides { get; }

    public Padding Padding { get; }

    /// <summary>The result's shape [N, OH, OW, C]; refuses operands that do not fit. What is not known of them stays so.</summary>
    public Shape Result(string op, Shape x) => PoolAxes.Result(op, x, [Window.Height, Window.Width], [Strides.Height, Strides.Width], Padding);

    /// <summary>The window's way down and across the images.</summary>
    public (WindowAxis Rows, WindowAxis Columns) Axes(string op, Shape x) =>
        (WindowAxis.Down(op, Padding, x.Dimension(1), Window.Height, Strides.Height),
        WindowAxis.Across(op, Padding, x.Dimension(2), Window.Width, Strides.Width));

    /// <inheritdoc/>
    public override string ToString() => $"window {Window}, strides {Strides}, padding {Padding}";
}

/// <summary>
/// All sizes of a pool over x [N, H, W, C] -> y [N, OH, OW, C]; padding is no part of a window's contents.
/// <see cref="PoolSettings.Result"/> has checked them, so that kernels check nothing.
/// </summary>
internal sealed class PoolShape
{
    public readonly int N, H, W, C, KH, KW, StrideHeight, StrideWidth, Top, Left, OH, OW;

    public PoolShape(Shape x, in PoolSettings settings)
    {
        (N, H, W, C) = (x[0], x[1], x[2], x[3]);
        (KH, KW) = settings.Window;
        var (rows, columns) = settings.Axes("pool", x);
        (StrideHeight, StrideWidth) = (rows.Stride, columns.Stride);
        (Top, Left) = (rows.Before, columns.Before);
        (OH, OW) = (rows.Results, columns.Results);
    }

    /// <summary>Whether the windows lie side by side and inside of the image.</summary>
    public bool IsTiling => StrideHeight == KH && StrideWidth == KW && Top == 0 && Left == 0 && OH * KH <= H && OW * KW <= W;

    /// <summary>Calls <paramref name="body"/>(n, row, row number over all images) for the rows of results, on all threads.</summary>
    public void ForResultRows(Action<int, int, long> body) => ForRows(OH, (long)OW * C * KH * KW, body);

    /// <summary>The same for the rows of the images.</summary>
    public void ForImageRows(Action<int, int, long> body) => ForRows(H, (long)W * C, body);

    /// <summary>The places of the window at a result's row that lie inside of the image, and the image row of the first.</summary>
    public (int First, int End, int Row) Rows(int oh) => Inside(oh * StrideHeight - Top, KH, H);

    /// <summary>The places of the window at a result's column that lie inside of the image, and the image column of the first.</summary>
    public (int First, int End, int Column) Columns(int ow) => Inside(ow * StrideWidth - Left, KW, W);

    /// <summary>Launches the kernel of that name of <c>pooling.cu</c>, whose threads share the elements of <paramref name="result"/>.</summary>
    public unsafe void OnCuda(CudaDevice device, string name, Tensor result, params ReadOnlySpan<KernelArgument> tensors)
    {
        var sizes = new PoolGeometry(this);
        KernelArguments arguments = default;
        tensors.CopyTo(arguments);
        arguments[tensors.Length] = KernelArgument.Structure(&sizes);
        device.LaunchOver(name, result.DType, result.ElementCount, arguments[..(tensors.Length + 1)]);
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
    private readonly int n = s.N, h = s.H, w = s.W, c = s.C, kh = s.KH, kw = s.KW, strideHeight = s.StrideHeight, strideWidth = s.StrideWidth, top = s.Top,
        left = s.Left, oh = s.OH, ow = s.OW;
}
