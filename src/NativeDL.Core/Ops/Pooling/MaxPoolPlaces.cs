using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// Puts each element where the maximum came from, with zeros elsewhere: what max pooling lost stays 0. <c>[N, OH, OW, C] -> [N, H, W, C]</c> (Zeiler
    /// and Fergus 2014)
    /// </summary>
    /// <remarks>Where windows overlap, what goes to one place is added.</remarks>
    /// <param name="places">From <see cref="MaxPool2DWithPlaces(Size2D, Size2D, Padding)"/>.</param>
    /// <param name="poolSize">The pool's window.</param>
    /// <param name="strides">The pool's strides; the window's size when not given.</param>
    /// <param name="padding">The pool's padding.</param>
    /// <param name="outputSize">H and W; when not given as a transposed convolution with that window paints them.</param>
    /// <exception cref="ShapeMismatchException">Elements and places are not results of such a pool over images of that size.</exception>
    public Tensor MaxUnpool2D(Tensor places, Size2D poolSize, Size2D strides = default, Padding padding = default, Size2D outputSize = default)
    {
        const string name = "max_unpool2d";
        ArgumentNullException.ThrowIfNull(places);
        var s = new PoolSettings(name, poolSize, strides, padding);
        if (Rank != 4) throw Error.Shape(name, "images must have four dimensions", $"x {Shape}", "x [N, OH, OW, C]");
        if (!places.DType.IsIndex()) throw Error.DType(name, "places are whole numbers", $"{places.DType} {places.Shape}", "Int32 or Int64");
        int height = outputSize.IsGiven ? outputSize.Height : Painted(1, Shape.Dimension(1), s.Window.Height, s.Strides.Height),
            width = outputSize.IsGiven ? outputSize.Width : Painted(0, Shape.Dimension(2), s.Window.Width, s.Strides.Width);
        if (height < 1 || width < 1) throw Error.Shape(name, "the size of the result must be known and 1 or more", $"{outputSize} for x {Shape}");
        return new MaxPoolScatterOp(s, height, width).Run(this, places);

        int Painted(int axis, int size, int window, int stride) => WindowAxis.Painted(axis, name, padding, size, window, stride, 1, null);
    }

    /// <summary>
    /// The largest element of each window of a sequence, and which place of its window it came from. <c>[N, T, C] -> [N, OT, C] twice</c>
    /// </summary>
    /// <inheritdoc cref="MaxPool1D(int, int?, Padding)"/>
    /// <returns>The maxima, and the places: whole numbers from 0 to the window's size − 1.</returns>
    public (Tensor Y, Tensor Places) MaxPool1DWithPlaces(int poolSize, int? strides = null, Padding padding = default)
    {
        RequireSequence("max_pool1d");
        var (y, places) = ExpandDims(1).MaxPool2DWithPlaces((1, poolSize), (1, strides ?? poolSize), padding.OfARow);
        return (y.Squeeze(1), places.Squeeze(1));
    }

    /// <summary>Puts each element of a sequence where the maximum came from, with zeros elsewhere. <c>[N, OT, C] -> [N, T, C]</c></summary>
    /// <param name="places">From <see cref="MaxPool1DWithPlaces(int, int?, Padding)"/>.</param>
    /// <param name="poolSize">The pool's window.</param>
    /// <param name="strides">The pool's strides; the window's size when not given.</param>
    /// <param name="padding">The pool's padding.</param>
    /// <param name="outputSize">T; when not given as a transposed convolution with that window paints it.</param>
    /// <exception cref="ShapeMismatchException">Elements and places are not results of such a pool over sequences of that length.</exception>
    public Tensor MaxUnpool1D(Tensor places, int poolSize, int? strides = null, Padding padding = default, int? outputSize = null)
    {
        ArgumentNullException.ThrowIfNull(places);
        RequireSequence("max_unpool1d");
        if (places.Rank != 3) throw Error.Shape("max_unpool1d", "the places are not those of sequences", $"{places.Shape}", $"{Shape}");
        return ExpandDims(1).MaxUnpool2D(places.ExpandDims(1), (1, poolSize), (1, strides ?? poolSize), padding.OfARow,
            outputSize is { } size ? (1, size) : default).Squeeze(1);
    }

    private void RequireSequence(string op)
    {
        if (Rank != 3) throw Error.Shape(op, "sequences must have three dimensions", $"x {Shape}", "x [N, T, C]");
    }
}

/// <summary>
/// dx from dy and the places of the maxima: each gradient goes where its maximum came from. [N, OH, OW, C] twice -> [N, H, W, C].
/// Every element of dx gathers from the windows it is part of, in a fixed order.
/// </summary>
/// <param name="settings">The pool's.</param>
/// <param name="height">The images' height.</param>
/// <param name="width">The images' width.</param>
internal sealed unsafe partial class MaxPoolScatterOp(PoolSettings settings, int height, int width) : Op, IOp
{
    public override string Name => "max_pool2d_scatter";

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        if (x[0].Rank != 4) throw Error.Shape(Name, "images must have four dimensions", $"x {x[0].Shape}", "x [N, OH, OW, C]");
        var image = Image(x[0].Shape);
        MaxPool2DOp.RequireResults(Name, settings, image, x[0].Shape, x[1].Shape);
        y.Set(0, image, x[0].DType);
    }

    private Shape Image(Shape dy) => [dy.Dimension(0), height, width, dy.Dimension(3)];

    protected override void Compute<T>(Operands x, Results y)
    {
        var places = x[1].Cast(MaxPool2DOp.PlaceType(y[0].DType));
        if (sizeof(T) == sizeof(int)) Scatter<T, int>((T*)x.Pointer(0), places, y[0]);
        else Scatter<T, long>((T*)x.Pointer(0), places, y[0]);
    }

    protected override void Launch(Operands x, Results y, CudaStream stream) =>
        new PoolShape(y[0].Shape, settings).OnCuda(stream.Device, Name, y[0], x[0], x[1].Cast(MaxPool2DOp.PlaceType(y[0].DType)), y[0]);

    protected override Tensors Backward(BackwardCall call) => [new MaxPoolGatherOp(settings).Run(call.Gradient(), call.Input(1)), null];

    private void Scatter<T, TPlace>(T* py, Tensor places, Tensor x) where T : unmanaged where TPlace : unmanaged, INumber<TPlace>
    {
        using var openP = places.Open<TPlace>();
        var pp = openP.Pointer;
        var px = (T*)x.Address;
        var s = new PoolShape(x.Shape, settings);
        if (s.IsTiling)
        {
            s.ForResultRows((n, oh, row) =>
                Tiles(s, py + row * s.OW * s.C, pp + row * s.OW * s.C, px + ((long)n * s.H + oh * s.KH) * s.W * s.C, oh == s.OH - 1));
            return;
        }
        var across = Meetings.All(s.W, s.Left, s.StrideWidth, 1, s.KW, s.OW);
        s.ForImageRows((n, ih, row) =>
        {
            var rows = Meetings.Of(ih + s.Top, s.StrideHeight, 1, s.KH, s.OH);
            for (int iw = 0; iw < s.W; iw++)
            {
                var columns = across[iw];
                long at = (row * s.W + iw) * s.C, from = (((long)n * s.OH + rows.Result) * s.OW + columns.Result) * s.C;
                for (int c = 0; c < s.C; c += Vector<T>.Count)
                    Element(s, py + from + c, pp + from + c, rows, columns, Math.Min(Vector<T>.Count, s.C - c), px + at + c);
            }
        });
    }

    // Windows that meet nowhere: one row of them writes its rows of the image, the strip that no window covers included.
    private static void Tiles<T, TPlace>(PoolShape s, T* dy, TPlace* places, T* dx, bool last) where T : unmanaged where TPlace : unmanaged, INumber<TPlace>
    {
        long line = (long)s.W * s.C;
        for (int ow = 0; ow < s.OW; ow++)
            for (int c = 0; c < s.C; c += Vector<T>.Count)
            {
                int count = Math.Min(Vector<T>.Count, s.C - c);
                bool whole = count == Vector<T>.Count;
                long at = (long)ow * s.C + c;
                var from = whole ? Vector.Load(places + at) : Lanes.LoadPart(places + at, count);
                var gradient = whole ? Vector.Load(dy + at) : Lanes.LoadPart(dy + at, count);
                int place = 0;
                for (int kh = 0; kh < s.KH; kh++)
                {
                    var to = dx + kh * line + (long)ow * s.KW * s.C + c;
                    for (int kw = 0; kw < s.KW; kw++, place++, to += s.C)
                    {
                        var here = Vector.As<TPlace, T>(Vector.Equals(from, new Vector<TPlace>(TPlace.CreateTruncating(place))));
                        if (whole) Vector.ConditionalSelect(here, gradient, Vector<T>.Zero).Store(to);
                        else Lanes.StorePart(Vector.ConditionalSelect(here, gradient, Vector<T>.Zero), to, count);
                    }
                }
            }
        int covered = s.OW * s.KW;
        for (int kh = 0; kh < s.KH && covered < s.W; kh++) new Span<T>(dx + kh * line + (long)covered * s.C, (s.W - covered) * s.C).Clear();
        int rest = s.H - s.OH * s.KH;
        for (int h = 0; h < rest && last; h++) new Span<T>(dx + (s.KH + h) * line, checked((int)line)).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Element<T, TPlace>(PoolShape s, T* dy, TPlace* places, in Meetings rows, in Meetings columns, int count, T* dx) where T : unmanaged
        where TPlace : unmanaged, INumber<TPlace>
    {
        bool whole = count == Vector<T>.Count;
        var sum = Vector<T>.Zero;
        for (int i = 0; i < rows.Count; i++)
        {
            for (int j = 0; j < columns.Count; j++)
            {
                long back = ((long)i * rows.Back * s.OW + j * columns.Back) * s.C;
                int place = (rows.First + i * rows.Step) * s.KW + columns.First + j * columns.Step;
                var from = whole ? Vector.Load(places - back) : Lanes.LoadPart(places - back, count);
                var here = Vector.As<TPlace, T>(Vector.Equals(from, new Vector<TPlace>(TPlace.CreateTruncating(place))));
                sum += Vector.ConditionalSelect(here, whole ? Vector.Load(dy - back) : Lanes.LoadPart(dy - back, count), Vector<T>.Zero);
            }
        }
        if (whole) sum.Store(dx);
        else Lanes.StorePart(sum, dx, count);
    }

    public static OpSpec Spec => new("max_pool2d_scatter", "[N, OH, OW, C], [N, OH, OW, C] -> [N, H, W, C]", d =>
    {
        var (x, s) = PoolDraw.Case(d, Domain.Distinct);
        var places = new MaxPool2DWithPlacesOp(s).RunMany(x)[1];
        return new OpCase([d.Tensor(places.Shape), places], t => [new MaxPoolScatterOp(s, x.Shape[1], x.Shape[2]).Run(t[0], t[1])], $"{s}");
    });
}

/// <summary>
/// y from x and the places of maxima: the elements at those places. [N, H, W, C], [N, OH, OW, C] -> [N, OH, OW, C]. The adjoint of
/// <see cref="MaxPoolScatterOp"/>.
/// </summary>
internal sealed unsafe partial class MaxPoolGatherOp(PoolSettings settings) : Op, IOp
{
    public override string Name => "max_pool2d_gather";

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        MaxPool2DOp.RequireResults(Name, settings, x[0].Shape, x[1].Shape, x[1].Shape);
        y.Set(0, x[1].Shape, x[0].DType);
    }

    protected override void Compute<T>(Operands x, Results y)
    {
        var places = x[1].Cast(MaxPool2DOp.PlaceType(y[0].DType));
        if (sizeof(T) == sizeof(int)) Gather<T, int>(x[0], places, (T*)y.Pointer(0));
        else Gather<T, long>(x[0], places, (T*)y.Pointer(0));
    }

    protected override void Launch(Operands x, Results y, CudaStream stream) =>
        new PoolShape(x[0].Shape, settings).OnCuda(stream.Device, Name, y[0], x[0], x[1].Cast(MaxPool2DOp.PlaceType(y[0].DType)), y[0]);

    protected override Tensors Backward(BackwardCall call) =>
        [new MaxPoolScatterOp(settings, call.InputShape(0)[1], call.InputShape(0)[2]).Run(call.Gradient(), call.Input(1)), null];

    private void Gather<T, TPlace>(Tensor x, Tensor places, T* py) where T : unmanaged where TPlace : unmanaged, INumber<TPlace>
    {
        using var openP = places.Open<TPlace>();
        var pp = openP.Pointer;
        var px = (T*)x.Address;
        var s = new PoolShape(x.Shape, settings);
        s.ForResultRows((n, oh, row) =>
        {
            for (int ow = 0; ow < s.OW; ow++)
            {
                long at = (row * s.OW + ow) * s.C;
                for (int c = 0; c < s.C; c++)
                {
                    (int kh, int kw) = Math.DivRem(int.CreateTruncating(pp[at + c]), s.KW);
                    int ih = oh * s.StrideHeight - s.Top + kh, iw = ow * s.StrideWidth - s.Left + kw;
                    py[at + c] = px[(((long)n * s.H + ih) * s.W + iw) * s.C + c];
                }
            }
        });
    }

    public static OpSpec Spec => new("max_pool2d_gather", "[N, H, W, C], [N, OH, OW, C] -> [N, OH, OW, C]", d =>
    {
        var (x, s) = PoolDraw.Case(d, Domain.Distinct);
        var places = new MaxPool2DWithPlacesOp(s).RunMany(x)[1];
        return new OpCase([d.Tensor(x.Shape), places], t => [new MaxPoolGatherOp(s).Run(t[0], t[1])], $"{s}");
    });
}
