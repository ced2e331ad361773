using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDL.Cuda;

namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>The largest element of each window and channel. <c>[N, H, W, C] -> [N, OH, OW, C]</c></summary>
    /// <remarks>The gradient goes to the first of equal elements, row by row; NaN is larger than any number; padding never wins.</remarks>
    /// <param name="poolSize">The window.</param>
    /// <param name="strides">From one window to the next; the window's size when not given.</param>
    /// <param name="padding"><see cref="Padding.Valid"/>, <see cref="Padding.Same"/> or numbers smaller than the window.</param>
    /// <exception cref="ShapeMismatchException">The tensor has no four dimensions, or the window is larger than the padded image.</exception>
    public Tensor MaxPool2D(Size2D poolSize, Size2D strides = default, Padding padding = default) =>
        new MaxPool2DOp(new PoolSettings("max_pool2d", poolSize, strides, padding)).Run(this);

    /// <summary>
    /// The largest element of each window and channel, and which place of its window, counted row by row, it came from: what
    /// <see cref="MaxUnpool2D(Tensor, Size2D, Size2D, Padding, Size2D)"/> puts it back by. <c>[N, H, W, C] -> [N, OH, OW, C] twice</c>
    /// </summary>
    /// <inheritdoc cref="MaxPool2D(Size2D, Size2D, Padding)"/>
    /// <returns>The maxima, and the places: whole numbers from 0 to height · width of the window − 1.</returns>
    public (Tensor Y, Tensor Places) MaxPool2DWithPlaces(Size2D poolSize, Size2D strides = default, Padding padding = default)
    {
        var results = new MaxPool2DWithPlacesOp(new PoolSettings("max_pool2d", poolSize, strides, padding)).RunMany(this);
        return (results[0], results[1]);
    }
}

/// <summary>y = max over windows; a second result, where a tape records, holds the place of the maximum in its window.</summary>
internal unsafe partial class MaxPool2DOp(PoolSettings settings) : Op, IOp
{
    /// <summary>Window, strides and padding.</summary>
    public PoolSettings Settings => settings;

    public override string Name => "max_pool2d";

    protected override Saved Saves => Saved.Output;

    protected override int ResultCount => GradientTape.IsRecording ? 2 : 1;

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        var shape = settings.Result(Name, x[0].Shape);
        y.Set(0, shape, x[0].DType);
        if (y.Count > 1) y.Set(1, shape, PlaceType(x[0].DType));
    }

    protected override void Compute<T>(Operands x, Results y)
    {
        if (sizeof(T) == sizeof(int)) Pool<T, int>(x, y);
        else Pool<T, long>(x, y);
    }

    protected override void Launch(Operands x, Results y, CudaStream stream) =>
        new PoolShape(x[0].Shape, settings).OnCuda(stream.Device, "max_pool2d", y[0], x[0], y[0], y.Count > 1 ? y[1] : null);

    protected override Tensors Backward(BackwardCall call) =>
        [new MaxPoolScatterOp(settings, call.InputShape(0)[1], call.InputShape(0)[2]).Run(call.Gradient(), call.Output(1))];

    /// <summary>Places are whole numbers of the elements' size, so that a mask over elements is one over places.</summary>
    public static DType PlaceType(DType dtype) => dtype == DType.Float64 ? DType.Int64 : DType.Int32;

    /// <summary>Refuses results, or places, that are not those of a pool over the images.</summary>
    public static void RequireResults(string op, PoolSettings settings, Shape image, Shape results, Shape places)
    {
        var expected = settings.Result(op, image);
        if (!results.IsCompatible(expected) || !places.IsCompatible(expected))
            throw Error.Shape(op, "these are not the results of the pool", $"{results} with places {places}", $"{expected} for images {image}");
    }

    private void Pool<T, TPlace>(Operands x, Results y) where T : unmanaged where TPlace : unmanaged, INumber<TPlace>
    {
        T* px = (T*)x.Pointer(0), py = (T*)y.Pointer(0);
        var pp = y.Count > 1 ? (TPlace*)y.Pointer(1) : null;
        var s = new PoolShape(x[0].Shape, settings);
        s.ForResultRows((n, oh, row) =>
        {
            var rows = s.Rows(oh);
            for (int ow = 0; ow < s.OW; ow++)
            {
                var columns = s.Columns(ow);
                long at = (row * s.OW + ow) * s.C;
                var from = px + (((long)n * s.H + rows.Row) * s.W + columns.Column) * s.C;
                int c = 0;
                if (s.KH == 2 && s.KW == 2 && rows.End - rows.First == 2 && columns.End - columns.First == 2)
                    for (; c <= s.C - Vector<T>.Count; c += Vector<T>.Count) Four(from + c, s.C, (long)s.W * s.C, py + at + c, pp is null ? null : pp + at + c);
                for (; c < s.C; c += Vector<T>.Count)
                    Window(s, from + c, rows.First, rows.End, columns.First, columns.End, Math.Min(Vector<T>.Count, s.C - c), py + at + c,
                        pp is null ? null : pp + at + c);
            }
        });
    }

    // The window that nearly every network has, unrolled.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four<T, TPlace>(T* x, long right, long down, T* y, TPlace* place) where T : unmanaged where TPlace : unmanaged, INumber<TPlace>
    {
        var best = Vector.Load(x);
        var where = Vector<TPlace>.Zero;
        Join(Vector.Load(x + right), TPlace.One, ref best, ref where);
        Join(Vector.Load(x + down), TPlace.CreateTruncating(2), ref best, ref where);
        Join(Vector.Load(x + down + right), TPlace.CreateTruncating(3), ref best, ref where);
        best.Store(y);
        if (place is not null) where.Store(place);
    }

    // Greater, or the first NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join<T, TPlace>(Vector<T> v, TPlace number, ref Vector<T> best, ref Vector<TPlace> where) where T : unmanaged where TPlace : unmanaged
    {
        var wins = Vector.GreaterThan(v, best) | Vector.AndNot(Vector.Equals(best, best), Vector.Equals(v, v));
        best = Vector.ConditionalSelect(wins, v, best);
        where = Vector.ConditionalSelect(Vector.As<T, TPlace>(wins), new Vector<TPlace>(number), where);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Window<T, TPlace>(PoolShape s, T* x, int kh0, int kh1, int kw0, int kw1, int count, T* y, TPlace* place) where T : unmanaged
        where TPlace : unmanaged, INumber<TPlace>
    {
        bool whole = count == Vector<T>.Count;
        var best = whole ? Vector.Load(x) : Lanes.LoadPart(x, count);
        var where = new Vector<TPlace>(TPlace.CreateTruncating(kh0 * s.KW + kw0));
        for (int kh = kh0; kh < kh1; kh++)
        {
            var at = x + (long)(kh - kh0) * s.W * s.C;
            for (int kw = kw0; kw < kw1; kw++, at += s.C)
            {
                Join(whole ? Vector.Load(at) : Lanes.LoadPart(at, count), TPlace.CreateTruncating(kh * s.KW + kw), ref best, ref where);
            }
        }
        if (whole) best.Store(y);
        else Lanes.StorePart(best, y, count);
        if (place is null) return;
        if (whole) where.Store(place);
        else Lanes.StorePart(where, place, count);
    }

    public static OpSpec Spec => new("max_pool2d", "[N, H, W, C] -> [N, OH, OW, C]", d =>
    {
        var (x, s) = PoolDraw.Case(d, Domain.Distinct);
        return new OpCase([x], t => [new MaxPool2DOp(s).Run(t[0])], $"{s}");
    });
}

/// <summary>The same for whoever asks for the places: they are always there.</summary>
internal sealed partial class MaxPool2DWithPlacesOp(PoolSettings settings) : MaxPool2DOp(settings), IOp
{
    public override string Name => "max_pool2d_with_places";

    protected override int ResultCount => 2;

    // The places have an element type of their own, and no gradient.
    public static new OpSpec Spec => new("max_pool2d_with_places", "[N, H, W, C] -> [N, OH, OW, C]", d =>
    {
        var (x, s) = PoolDraw.Case(d, Domain.Distinct);
        return new OpCase([x], t => [new MaxPool2DWithPlacesOp(s).RunMany(t)[0]], $"{s}");
    });
}

/// <summary>Draws pools for the specifications of the family.</summary>
internal static class PoolDraw
{
    public static (Tensor X, PoolSettings Settings) Case(Draw d, Domain domain)
    {
        var window = (Height: d.Int(1, 3), Width: d.Int(1, 3));
        var strides = d.Flag() ? default(Size2D) : (d.Int(1, 3), d.Int(1, 3));
        var padding = d.OneOf(Padding.Valid, Padding.Same, new Padding(window.Height - 1, 0, 0, window.Width - 1));
        Shape shape = [d.Int(1, 2), window.Height + d.Int(0, 4), window.Width + d.Int(0, 4), d.OneOf(1, 2, 3, 5, 9, 17)];
        return (d.Tensor(shape, domain), new PoolSettings("pool", window, strides, padding));
    }
}
