using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// dx from dy and the places of the maxima: each gradient goes where its maximum came from. [N, OH, OW, C] twice -> [N, H, W, C].
/// Every element of dx gathers from the windows it is part of, in a fixed order.
/// </summary>
internal sealed unsafe class MaxPoolScatterOp(PoolShape shape) : LegacyOp, IOp
{
    public override string Name => "max_pool2d_scatter";

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var dy = inputs[0];
        RequireFloating(dy);
        var dx = outputs[0] = Tensor.Empty(shape.Image, dy.DType, dy.Device);
        var places = inputs[1].Cast(MaxPool2DOp.PlaceType(dy.DType)).Packed();
        if (!dy.Device.IsCpu) shape.OnCuda(Name, dx, dy.Packed(), places, dx);
        else if (dy.DType == DType.Float32) Scatter<float, int>(dy.Packed(), places, dx);
        else Scatter<double, long>(dy.Packed(), places, dx);
    }

    protected override Tensors Backward(BackwardCall call) => [new MaxPoolGatherOp(shape).Run(call.Gradient(), call.Input(1)), null];

    private void Scatter<T, TPlace>(Tensor dy, Tensor places, Tensor dx) where T : unmanaged where TPlace : unmanaged, INumber<TPlace>
    {
        using var openY = dy.Open<T>();
        using var openP = places.Open<TPlace>();
        using var openX = dx.Open<T>();
        T* py = openY.Pointer, px = openX.Pointer;
        TPlace* pp = openP.Pointer;
        var s = shape;
        if (s.IsTiling)
        {
            s.ForResultRows((n, oh, row) => Tiles(s, py + row * s.OW * s.C, pp + row * s.OW * s.C, px + ((long)n * s.H + oh * s.KH) * s.W * s.C, oh == s.OH - 1));
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
                    T* to = dx + kh * line + (long)ow * s.KW * s.C + c;
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
    private static void Element<T, TPlace>(PoolShape s, T* dy, TPlace* places, in Meetings rows, in Meetings columns, int count, T* dx) where T : unmanaged where TPlace : unmanaged, INumber<TPlace>
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
        var places = MaxPool2DOp.Run(x, s, true)[1];
        return new OpCase([d.Tensor(s.Result), places], t => [new MaxPoolScatterOp(s).Run(t[0], t[1])], $"{s}");
    })
    { PlainGradient = true };
}

/// <summary>y from x and the places of maxima: the elements at those places. [N, H, W, C], [N, OH, OW, C] -> [N, OH, OW, C]. The adjoint of <see cref="MaxPoolScatterOp"/>.</summary>
internal sealed unsafe class MaxPoolGatherOp(PoolShape shape) : LegacyOp, IOp
{
    public override string Name => "max_pool2d_gather";

    protected override void Forward(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var x = inputs[0];
        RequireFloating(x);
        var y = outputs[0] = Tensor.Empty(shape.Result, x.DType, x.Device);
        var places = inputs[1].Cast(MaxPool2DOp.PlaceType(x.DType)).Packed();
        if (!x.Device.IsCpu) shape.OnCuda(Name, y, x.Packed(), places, y);
        else if (x.DType == DType.Float32) Gather<float, int>(x.Packed(), places, y);
        else Gather<double, long>(x.Packed(), places, y);
    }

    protected override Tensors Backward(BackwardCall call) => [new MaxPoolScatterOp(shape).Run(call.Gradient(), call.Input(1)), null];

    private void Gather<T, TPlace>(Tensor x, Tensor places, Tensor y) where T : unmanaged where TPlace : unmanaged, INumber<TPlace>
    {
        using var openX = x.Open<T>();
        using var openP = places.Open<TPlace>();
        using var openY = y.Open<T>();
        T* px = openX.Pointer, py = openY.Pointer;
        TPlace* pp = openP.Pointer;
        var s = shape;
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
        var places = MaxPool2DOp.Run(x, s, true)[1];
        return new OpCase([d.Tensor(s.Image), places], t => [new MaxPoolGatherOp(s).Run(t[0], t[1])], $"{s}");
    })
    { PlainGradient = true };
}
