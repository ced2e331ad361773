using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>Lays the windows of a tile of results side by side as rows of a matrix, and adds such a matrix back.</summary>
internal static unsafe class ConvUnfold
{
    /// <summary>
    /// Row p of <paramref name="panel"/> [count, kernel rows · KW · C/G] becomes the window of result first + p (counted over
    /// images, rows and columns), restricted to kernel rows <paramref name="fromRow"/> … and the channels of a group. 0 outside of the image.
    /// </summary>
    public static void Gather<T>(ConvShape s, T* x, long first, int count, int fromRow, int rows, int group, T* panel) where T : unmanaged
    {
        int channels = s.GroupChannels, span = s.KW * channels;
        var a = s.Steps;
        bool together = a.DilationWidth == 1 && s.G == 1;
        (long image, long rest) = Math.DivRem(first, s.ImagePixels);
        int oh = (int)(rest / s.OW), ow = (int)(rest % s.OW);
        for (int p = 0; p < count; p++)
        {
            int left = ow * a.StrideWidth - a.Left;
            for (int kh = fromRow; kh < fromRow + rows; kh++, panel += span)
            {
                int ih = oh * a.StrideHeight - a.Top + kh * a.DilationHeight;
                if ((uint)ih >= (uint)s.H)
                {
                    Clear(panel, span);
                    continue;
                }
                var row = x + (image * s.H + ih) * s.W * s.C;
                if (together)
                {
                    // The window's row stands in one piece.
                    int from = Math.Clamp(-left, 0, s.KW), to = Math.Clamp(s.W - left, from, s.KW);
                    if (from > 0) Clear(panel, from * channels);
                    Copy(row + (long)(left + from) * channels, panel + from * channels, (to - from) * channels);
                    if (to < s.KW) Clear(panel + to * channels, (s.KW - to) * channels);
                    continue;
                }
                for (int kw = 0; kw < s.KW; kw++)
                {
                    int iw = left + kw * a.DilationWidth;
                    if ((uint)iw >= (uint)s.W) Clear(panel + kw * channels, channels);
                    else Copy(row + (long)iw * s.C + group * channels, panel + kw * channels, channels);
                }
            }
            Next(s, ref image, ref oh, ref ow);
        }
    }

    /// <summary>
    /// The adjoint of <see cref="Gather{T}"/> for all kernel rows: adds each row of the panel to the window it came from, where that is inside of image rows
    /// <paramref name="fromImageRow"/> to <paramref name="toImageRow"/>.
    /// </summary>
    public static void AddBack<T>(ConvShape s, T* panel, long first, int count, int group, T* x, int fromImageRow, int toImageRow) where T : unmanaged,
        INumber<T>
    {
        int channels = s.GroupChannels, span = s.KW * channels;
        var a = s.Steps;
        bool together = a.DilationWidth == 1 && s.G == 1;
        (long image, long rest) = Math.DivRem(first, s.ImagePixels);
        int oh = (int)(rest / s.OW), ow = (int)(rest % s.OW);
        for (int p = 0; p < count; p++)
        {
            int left = ow * a.StrideWidth - a.Left;
            for (int kh = 0; kh < s.KH; kh++, panel += span)
            {
                int ih = oh * a.StrideHeight - a.Top + kh * a.DilationHeight;
                if (ih < fromImageRow || ih >= toImageRow) continue;
                var row = x + (image * s.H + ih) * s.W * s.C;
                if (together)
                {
                    int from = Math.Clamp(-left, 0, s.KW), to = Math.Clamp(s.W - left, from, s.KW);
                    Add(panel + from * channels, row + (long)(left + from) * channels, (to - from) * channels);
                    continue;
                }
                for (int kw = 0; kw < s.KW; kw++)
                {
                    int iw = left + kw * a.DilationWidth;
                    if ((uint)iw < (uint)s.W) Add(panel + kw * channels, row + (long)iw * s.C + group * channels, channels);
                }
            }
            Next(s, ref image, ref oh, ref ow);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Next(ConvShape s, ref long image, ref int oh, ref int ow)
    {
        if (++ow < s.OW) return;
        ow = 0;
        if (++oh < s.OH) return;
        oh = 0;
        image++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy<T>(T* from, T* to, int count) where T : unmanaged
    {
        int w = Vector<T>.Count;
        if (count < w)
        {
            for (int i = 0; i < count; i++) to[i] = from[i];
            return;
        }
        for (int i = 0; i < count - w; i += w) Vector.Load(from + i).Store(to + i);
        // The last vector may overlap the one before.
        Vector.Load(from + count - w).Store(to + count - w);
    }

    private static void Clear<T>(T* to, int count) where T : unmanaged => new Span<T>(to, count).Clear();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T>(T* from, T* to, int count) where T : unmanaged, INumber<T>
    {
        int i = 0;
        for (; i <= count - Vector<T>.Count; i += Vector<T>.Count) (Vector.Load(to + i) + Vector.Load(from + i)).Store(to + i);
        for (; i < count; i++) to[i] += from[i];
    }
}
