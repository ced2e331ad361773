using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>Depthwise convolutions: a filter for each channel. Vectors run over the channels; bound by memory.</summary>
internal static unsafe class ConvDepthwise
{
    private const int MostParts = 16, PartPixels = 512;

    private static long Grain(ConvShape s, int width) => Math.Max(1, Workers.Grain / Math.Max(1, (long)width * s.C * s.KH * s.KW / 2));

    /// <summary>y = x ∗ kernel, then the epilogue; overwrites y.</summary>
    public static void Forward<T>(ConvShape s, T* x, T* kernel, T* bias, Epilogue? activation, T* y, T* z) where T : unmanaged, INumber<T>
    {
        var a = s.Steps;
        Workers.For((long)s.N * s.OH, Grain(s, s.OW), (start, end) =>
        {
            for (long r = start; r < end; r++)
            {
                (long n, long oh) = Math.DivRem(r, s.OH);
                long top = oh * a.StrideHeight - a.Top;
                var (kh0, kh1) = Inside(top, a.DilationHeight, s.KH, s.H);
                for (int ow = 0; ow < s.OW; ow++)
                {
                    long left = (long)ow * a.StrideWidth - a.Left;
                    var (kw0, kw1) = Inside(left, a.DilationWidth, s.KW, s.W);
                    var from = x + ((n * s.H + top + (long)kh0 * a.DilationHeight) * s.W + left + (long)kw0 * a.DilationWidth) * s.C;
                    Window(from, (long)a.DilationHeight * s.W * s.C, (long)a.DilationWidth * s.C,
                        kernel + ((long)kh0 * s.KW + kw0) * s.C, (long)s.KW * s.C, s.C, kh1 - kh0, kw1 - kw0, s.C, y + (r * s.OW + ow) * s.C);
                }
                var row = y + r * s.OW * s.C;
                Epilogue.Apply(activation, row, z is null ? null : z + (row - y), s.C, s.OW, s.C, bias);
            }
        });
    }

    /// <summary>dx = the adjoint of the convolution applied to dy; overwrites dx.</summary>
    public static void InputGradient<T>(ConvShape s, T* dy, T* kernel, T* dx) where T : unmanaged, INumber<T>
    {
        var a = s.Steps;
        var across = Meetings.All(s.W, a.Left, a.StrideWidth, a.DilationWidth, s.KW, s.OW);
        Workers.For((long)s.N * s.H, Grain(s, s.W), (start, end) =>
        {
            for (long r = start; r < end; r++)
            {
                (long n, long ih) = Math.DivRem(r, s.H);
                var rows = Meetings.Of((int)ih + a.Top, a.StrideHeight, a.DilationHeight, s.KH, s.OH);
                for (int iw = 0; iw < s.W; iw++)
                {
                    var columns = across[iw];
                    // From one place of the window to the next that meets this pixel, the result steps back.
                    var from = dy + ((n * s.OH + rows.Result) * s.OW + columns.Result) * s.C;
                    Window(from, -(long)rows.Back * s.OW * s.C, -(long)columns.Back * s.C,
                        kernel + ((long)rows.First * s.KW + columns.First) * s.C, (long)rows.Step * s.KW * s.C, (long)columns.Step * s.C,
                        rows.Count, columns.Count, s.C, dx + (r * s.W + iw) * s.C);
                }
            }
        });
    }

    /// <summary>dk = the sum over all results of window · dy; overwrites dk.</summary>
    public static void KernelGradient<T>(ConvShape s, T* x, T* dy, T* dk) where T : unmanaged, INumber<T>
    {
        var a = s.Steps;
        long rows = (long)s.N * s.OH;
        int parts = (int)Math.Clamp(Math.Min(s.Pixels / PartPixels, rows), 1, MostParts);
        long partRows = (rows + parts - 1) / parts;
        ConvParts.Sum(parts, 1, (long)s.KH * s.KW * s.C, dk, (part, _, sum) =>
        {
            var own = (T*)sum;
            new Span<T>(own, s.KH * s.KW * s.C).Clear();
            for (long r = part * partRows; r < Math.Min(rows, (part + 1) * partRows); r++)
            {
                (long n, long oh) = Math.DivRem(r, s.OH);
                long top = oh * a.StrideHeight - a.Top;
                var (kh0, kh1) = Inside(top, a.DilationHeight, s.KH, s.H);
                for (int kh = kh0; kh < kh1; kh++)
                {
                    var row = x + (n * s.H + top + (long)kh * a.DilationHeight) * s.W * s.C;
                    var by = dy + r * s.OW * s.C;
                    var to = own + (long)kh * s.KW * s.C;
                    for (int kw = 0; kw < s.KW; kw += 3)
                    {
                        int taps = Math.Min(3, s.KW - kw);
                        // The results for which all three places are inside of the image, then those before and after.
                        var (lo, hi) = Results(s, kw);
                        for (int t = 1; t < taps; t++)
                        {
                            var (from, end) = Results(s, kw + t);
                            (lo, hi) = (Math.Max(lo, from), Math.Min(hi, end));
                        }
                        if (taps < 3 || hi <= lo) lo = hi = 0;
                        long step = (long)a.StrideWidth * s.C, apart = (long)a.DilationWidth * s.C;
                        var first = row + ((long)kw * a.DilationWidth - a.Left) * s.C;
                        if (hi > lo) AlongRow3(first + lo * step, step, apart, by + (long)lo * s.C, hi - lo, s.C, to + (long)kw * s.C);
                        for (int t = 0; t < taps; t++)
                        {
                            var (from, end) = Results(s, kw + t);
                            var at = first + t * apart;
                            var sumAt = to + (long)(kw + t) * s.C;
                            int before = hi > lo ? lo : end, after = hi > lo ? hi : end;
                            AlongRow(at + from * step, step, by + (long)from * s.C, before - from, s.C, sumAt);
                            AlongRow(at + after * step, step, by + (long)after * s.C, end - after, s.C, sumAt);
                        }
                    }
                }
            }
        });
    }

    // y = Σ_i Σ_j x[i·xDown + j·xAcross] · k[i·kDown + j·kAcross], i below rows, j below columns, for every channel.
    private static void Window<T>(T* x, long xDown, long xAcross, T* k, long kDown, long kAcross, int rows, int columns, int channels, T* y)
        where T : unmanaged, INumber<T>
    {
        int c = 0, w = Vector<T>.Count;
        for (; c <= channels - 2 * w; c += 2 * w)
        {
            Vector<T> sum0 = Vector<T>.Zero, sum1 = Vector<T>.Zero;
            for (int i = 0; i < rows; i++)
            {
                var at = x + i * xDown + c;
                var by = k + i * kDown + c;
                for (int j = 0; j < columns; j++, at += xAcross, by += kAcross)
                {
                    sum0 = MultiplyAdd(Vector.Load(at), Vector.Load(by), sum0);
                    sum1 = MultiplyAdd(Vector.Load(at + w), Vector.Load(by + w), sum1);
                }
            }
            sum0.Store(y + c);
            sum1.Store(y + c + w);
        }
        for (; c < channels; c += w)
        {
            int count = Math.Min(w, channels - c);
            var sum = Vector<T>.Zero;
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++)
                    sum = MultiplyAdd(Part(x + i * xDown + j * xAcross + c, count), Part(k + i * kDown + j * kAcross + c, count), sum);
            if (count == w) sum.Store(y + c);
            else Lanes.StorePart(sum, y + c, count);
        }
    }

    // Results whose window has its column kw inside of the image.
    private static (int From, int To) Results(ConvShape s, int kw)
    {
        int stride = s.Steps.StrideWidth;
        long shift = (long)kw * s.Steps.DilationWidth - s.Steps.Left, last = s.W - 1 - shift;
        int from = (int)Math.Clamp((-shift + stride - 1) / stride, 0, s.OW);
        return (from, last < 0 ? from : (int)Math.Clamp(last / stride + 1, from, s.OW));
    }

    // AlongRow for three places of the window at once, so that dy is read once.
    private static void AlongRow3<T>(T* x, long step, long apart, T* dy, int pixels, int channels, T* sum) where T : unmanaged, INumber<T>
    {
        int c = 0, w = Vector<T>.Count;
        for (; c <= channels - 2 * w; c += 2 * w)
        {
            var at = x + c;
            var by = dy + c;
            var to = sum + c;
            Vector<T> a0 = Vector.Load(to), a1 = Vector.Load(to + w), b0 = Vector.Load(to + channels), b1 = Vector.Load(to + channels + w),
                c0 = Vector.Load(to + 2 * channels), c1 = Vector.Load(to + 2 * channels + w);
            for (int p = 0; p < pixels; p++, at += step, by += channels)
            {
                Vector<T> d0 = Vector.Load(by), d1 = Vector.Load(by + w);
                a0 = MultiplyAdd(Vector.Load(at), d0, a0);
                a1 = MultiplyAdd(Vector.Load(at + w), d1, a1);
                b0 = MultiplyAdd(Vector.Load(at + apart), d0, b0);
                b1 = MultiplyAdd(Vector.Load(at + apart + w), d1, b1);
                c0 = MultiplyAdd(Vector.Load(at + 2 * apart), d0, c0);
                c1 = MultiplyAdd(Vector.Load(at + 2 * apart + w), d1, c1);
            }
            a0.Store(to);
            a1.Store(to + w);
            b0.Store(to + channels);
            b1.Store(to + channels + w);
            c0.Store(to + 2 * channels);
            c1.Store(to + 2 * channels + w);
        }
        for (; c < channels; c += w)
        {
            int count = Math.Min(w, channels - c);
            for (int t = 0; t < 3; t++) AlongRowPart(x + c + t * apart, step, dy + c, pixels, channels, count, sum + c + t * (long)channels);
        }
    }

    // sum[c] += Σ_p x[p·step + c] · dy[p·channels + c].
    private static void AlongRow<T>(T* x, long step, T* dy, int pixels, int channels, T* sum) where T : unmanaged, INumber<T>
    {
        int c = 0, w = Vector<T>.Count;
        for (; c <= channels - 2 * w; c += 2 * w)
        {
            Vector<T> sum0 = Vector.Load(sum + c), sum1 = Vector.Load(sum + c + w);
            for (int p = 0; p < pixels; p++)
            {
                var at = x + p * step + c;
                var by = dy + (long)p * channels + c;
                sum0 = MultiplyAdd(Vector.Load(at), Vector.Load(by), sum0);
                sum1 = MultiplyAdd(Vector.Load(at + w), Vector.Load(by + w), sum1);
            }
            sum0.Store(sum + c);
            sum1.Store(sum + c + w);
        }
        for (; c < channels; c += w)
        {
            int count = Math.Min(w, channels - c);
            AlongRowPart(x + c, step, dy + c, pixels, channels, count, sum + c);
        }
    }

    private static void AlongRowPart<T>(T* x, long step, T* dy, int pixels, int channels, int count, T* sum) where T : unmanaged, INumber<T>
    {
        var own = Part(sum, count);
        for (int p = 0; p < pixels; p++) own = MultiplyAdd(Part(x + p * step, count), Part(dy + (long)p * channels, count), own);
        if (count == Vector<T>.Count) own.Store(sum);
        else Lanes.StorePart(own, sum, count);
    }

    private static Vector<T> Part<T>(T* from, int count) where T : unmanaged => count == Vector<T>.Count ? Vector.Load(from) : Lanes.LoadPart(from, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> MultiplyAdd<T>(Vector<T> x, Vector<T> y, Vector<T> sum) where T : unmanaged =>
        typeof(T) == typeof(float) ? Vector.As<float, T>(Vector.MultiplyAddEstimate(Vector.As<T, float>(x), Vector.As<T, float>(y), Vector.As<T, float>(sum)))
        : Vector.As<double, T>(Vector.MultiplyAddEstimate(Vector.As<T, double>(x), Vector.As<T, double>(y), Vector.As<T, double>(sum)));

    // Places k of a window beginning at `start` that lie inside of an image of `size`.
    private static (int First, int End) Inside(long start, int dilation, int window, int size)
    {
        int first = start >= 0 ? 0 : (int)Math.Min(window, (-start + dilation - 1) / dilation);
        long end = start >= size ? 0 : (size - 1 - start) / dilation + 1;
        return (first, (int)Math.Clamp(end, first, window));
    }
}
