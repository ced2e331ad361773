using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The mean of each window and channel. <c>[N, H, W, C] -> [N, OH, OW, C]</c></summary>
    /// <param name="poolSize">The window.</param>
    /// <param name="strides">From one window to the next; the window's size when not given.</param>
    /// <param name="padding"><see cref="Padding.Valid"/>, <see cref="Padding.Same"/> or numbers smaller than the window.</param>
    /// <param name="countIncludePad">Whether padding counts, as zeros; by default it is left out, as in Keras.</param>
    /// <exception cref="ShapeMismatchException">The tensor has no four dimensions, or the window is larger than the padded image.</exception>
    public Tensor AvgPool2D(Size2D poolSize, Size2D strides = default, Padding padding = default, bool countIncludePad = false)
    {
        var s = new PoolSettings("avg_pool2d", poolSize, strides, padding);
        return !countIncludePad ? new AvgPool2DOp(s, true).Run(this)
            : Pool("avg_pool2d", PoolKind.AvgWithPadding, [s.Window.Height, s.Window.Width], [s.Strides.Height, s.Strides.Width], padding);
    }

    /// <summary>The sum of each window and channel. <c>[N, H, W, C] -> [N, OH, OW, C]</c></summary>
    /// <inheritdoc cref="MaxPool2D(Size2D, Size2D, Padding)" path="/param"/>
    /// <exception cref="ShapeMismatchException">The tensor has no four dimensions, or the window is larger than the padded image.</exception>
    public Tensor SumPool2D(Size2D poolSize, Size2D strides = default, Padding padding = default) =>
        new AvgPool2DOp(new PoolSettings("sum_pool2d", poolSize, strides, padding), false).Run(this);
}

/// <summary>y = the mean, or the sum, over windows.</summary>
internal sealed unsafe partial class AvgPool2DOp(PoolSettings settings, bool average) : Op, IOp
{
    public override string Name => average ? "avg_pool2d" : "sum_pool2d";

    protected override Saved Saves => Saved.Nothing;

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        y.Set(0, settings.Result(Name, x[0].Shape), x[0].DType);
    }

    protected override void Compute<T>(Operands x, Results y)
    {
        T* px = (T*)x.Pointer(0), py = (T*)y.Pointer(0);
        var s = new PoolShape(x[0].Shape, settings);
        bool mean = average;
        s.ForResultRows((n, oh, row) =>
        {
            var rows = s.Rows(oh);
            for (int ow = 0; ow < s.OW; ow++)
            {
                var columns = s.Columns(ow);
                int high = rows.End - rows.First, wide = columns.End - columns.First;
                var count = Lanes.Constant<T>(mean ? high * wide : 1);
                var from = px + (((long)n * s.H + rows.Row) * s.W + columns.Column) * s.C;
                var to = py + (row * s.OW + ow) * s.C;
                for (int c = 0; c < s.C; c += Vector<T>.Count)
                    Window(from + c, (long)s.W * s.C, s.C, high, wide, count, Math.Min(Vector<T>.Count, s.C - c), to + c);
            }
        });
    }

    protected override void Launch(Operands x, Results y, CudaStream stream) =>
        new PoolShape(x[0].Shape, settings).OnCuda(stream.Device, Name, y[0], x[0], y[0]);

    protected override Tensors Backward(BackwardCall call) => [new AvgPool2DGradOp(settings, call.InputShape(0), average).Run(call.Gradient())];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Window<T>(T* x, long down, long across, int high, int wide, Vector<T> divisor, int count, T* y) where T : unmanaged
    {
        bool whole = count == Vector<T>.Count;
        var sum = Vector<T>.Zero;
        for (int i = 0; i < high; i++)
            for (int j = 0; j < wide; j++)
                sum += whole ? Vector.Load(x + i * down + j * across) : Lanes.LoadPart(x + i * down + j * across, count);
        sum /= divisor;
        if (whole) sum.Store(y);
        else Lanes.StorePart(sum, y, count);
    }

    public static OpSpec Spec => new("avg_pool2d", "[N, H, W, C] -> [N, OH, OW, C]", d =>
    {
        var (x, s) = PoolDraw.Case(d, Domain.Real);
        bool average = d.Int(0, 3) < 3;
        return new OpCase([x], t => [new AvgPool2DOp(s, average).Run(t[0])], $"{s}, {(average ? "mean" : "sum")}");
    })
    { ReductionLength = _ => 9 };
}

/// <summary>dx from dy: each window's gradient, divided by its count of elements, to all of them. [N, OH, OW, C] -> [N, H, W, C]</summary>
internal sealed unsafe partial class AvgPool2DGradOp(PoolSettings settings, Shape image, bool average) : Op, IOp
{
    public override string Name => average ? "avg_pool2d_grad" : "sum_pool2d_grad";

    protected override Saved Saves => Saved.Nothing;

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        var expected = settings.Result(Name, image);
        if (x[0].Shape != expected) throw Error.Shape(Name, "the gradient is not that of the pool's result", $"{x[0].Shape}", $"{expected} for images {image}");
        y.Set(0, image, x[0].DType);
    }

    protected override void Compute<T>(Operands x, Results y)
    {
        T* py = (T*)x.Pointer(0), px = (T*)y.Pointer(0);
        var s = new PoolShape(image, settings);
        bool mean = average;
        var across = Meetings.All(s.W, s.Left, s.StrideWidth, 1, s.KW, s.OW);
        s.ForImageRows((n, ih, row) =>
        {
            var rows = Meetings.Of(ih + s.Top, s.StrideHeight, 1, s.KH, s.OH);
            for (int iw = 0; iw < s.W; iw++)
            {
                var columns = across[iw];
                var to = px + (row * s.W + iw) * s.C;
                for (int c = 0; c < s.C; c += Vector<T>.Count) Element(s, py, n, rows, columns, mean, c, to);
            }
        });
    }

    protected override void Launch(Operands x, Results y, CudaStream stream) => new PoolShape(image, settings).OnCuda(stream.Device, Name, y[0], x[0], y[0]);

    protected override Tensors Backward(BackwardCall call) => [new AvgPool2DOp(settings, average).Run(call.Gradient())];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Element<T>(PoolShape s, T* dy, int n, in Meetings rows, in Meetings columns, bool mean, int c, T* dx) where T : unmanaged
    {
        int count = Math.Min(Vector<T>.Count, s.C - c);
        var sum = Vector<T>.Zero;
        for (int i = 0; i < rows.Count; i++)
        {
            int oh = rows.Result - i * rows.Back;
            var high = s.Rows(oh);
            for (int j = 0; j < columns.Count; j++)
            {
                int ow = columns.Result - j * columns.Back;
                var wide = s.Columns(ow);
                var from = dy + (((long)n * s.OH + oh) * s.OW + ow) * s.C + c;
                var divisor = Lanes.Constant<T>(mean ? (high.End - high.First) * (wide.End - wide.First) : 1);
                sum += (count == Vector<T>.Count ? Vector.Load(from) : Lanes.LoadPart(from, count)) / divisor;
            }
        }
        if (count == Vector<T>.Count) sum.Store(dx + c);
        else Lanes.StorePart(sum, dx + c, count);
    }

    public static OpSpec Spec => new("avg_pool2d_grad", "[N, OH, OW, C] -> [N, H, W, C]", d =>
    {
        var (x, s) = PoolDraw.Case(d, Domain.Real);
        bool average = d.Int(0, 3) < 3;
        return new OpCase([d.Tensor(s.Result("pool", x.Shape))], t => [new AvgPool2DGradOp(s, x.Shape, average).Run(t[0])],
            $"{s}, {(average ? "mean" : "sum")}");
    })
    { ReductionLength = _ => 9 };
}
