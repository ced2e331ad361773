using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NativeDL;

/// <summary>
/// First layers: images of one to four channels, whose windows are too short for a matrix product to pay. The pixels are
/// read where they stand; vectors run over the filters. Every result is one chain of fused multiply-adds in the order
/// of the window, whatever the width of a register.
/// </summary>
internal static unsafe class ConvDirect
{
    /// <summary>Results of a row that are computed together; rows must have at least as many.</summary>
    public const int PixelsAtOnce = 6;

    // Results of a task: enough for a thread to be worth waking.
    private const int TaskPixels = 1024;

    /// <summary>Rows of results of a task.</summary>
    public static int BandRows(ConvShape s) => Math.Clamp(TaskPixels / s.OW, 1, s.OH);

    /// <summary>Numbers that a task copies and puts between zeros: none of images without padding.</summary>
    public static double PaddedNumbers(ConvShape s) => s.Steps is { Top: 0, Bottom: 0, Left: 0, Right: 0 } ? 0
        : ((BandRows(s) - 1.0) * s.Steps.StrideHeight + s.KH) * ((double)s.W + s.Steps.Left + s.Steps.Right) * s.C;

    /// <summary>y = x ∗ kernel, then the epilogue; overwrites y.</summary>
    public static void Forward<T>(ConvShape s, T* x, T* kernel, T* bias, Epilogue? activation, T* y, T* z) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
        {
            if (Avx512F.IsSupported)
                ConvDirect<float, Vector512<float>, Avx512Single>.Forward(s, (float*)x, (float*)kernel, (float*)bias, activation, (float*)y, (float*)z);
            else if (Fma.IsSupported)
                ConvDirect<float, Vector256<float>, Fma256<float>>.Forward(s, (float*)x, (float*)kernel, (float*)bias, activation, (float*)y, (float*)z);
            else ConvDirect<float, Vector128<float>, Lanes128<float>>.Forward(s, (float*)x, (float*)kernel, (float*)bias, activation, (float*)y, (float*)z);
        }
        else if (Avx512F.IsSupported)
            ConvDirect<double, Vector512<double>, Avx512Double>.Forward(s, (double*)x, (double*)kernel, (double*)bias, activation, (double*)y, (double*)z);
        else if (Fma.IsSupported)
            ConvDirect<double, Vector256<double>, Fma256<double>>.Forward(s, (double*)x, (double*)kernel, (double*)bias, activation, (double*)y, (double*)z);
        else ConvDirect<double, Vector128<double>, Lanes128<double>>.Forward(s, (double*)x, (double*)kernel, (double*)bias, activation, (double*)y, (double*)z);
    }

    /// <summary>dk = the sum over all results of window ⊗ dy; overwrites dk.</summary>
    public static void KernelGradient<T>(ConvShape s, T* x, T* dy, T* dk) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
        {
            if (Avx512F.IsSupported) ConvDirect<float, Vector512<float>, Avx512Single>.KernelGradient(s, (float*)x, (float*)dy, (float*)dk);
            else if (Fma.IsSupported) ConvDirect<float, Vector256<float>, Fma256<float>>.KernelGradient(s, (float*)x, (float*)dy, (float*)dk);
            else ConvDirect<float, Vector128<float>, Lanes128<float>>.KernelGradient(s, (float*)x, (float*)dy, (float*)dk);
        }
        else if (Avx512F.IsSupported) ConvDirect<double, Vector512<double>, Avx512Double>.KernelGradient(s, (double*)x, (double*)dy, (double*)dk);
        else if (Fma.IsSupported) ConvDirect<double, Vector256<double>, Fma256<double>>.KernelGradient(s, (double*)x, (double*)dy, (double*)dk);
        else ConvDirect<double, Vector128<double>, Lanes128<double>>.KernelGradient(s, (double*)x, (double*)dy, (double*)dk);
    }
}

/// <inheritdoc cref="ConvDirect"/>
internal static unsafe class ConvDirect<T, V, L>
    where T : unmanaged, INumber<T>
    where V : unmanaged
    where L : struct, ILanes<T, V>
{
    // Parts of the kernel's gradient, and results of one.
    private const int MostParts = 16, PartPixels = 1024;

    private static int Block => 2 * L.Count;

    public static void Forward(ConvShape s, T* x, T* kernel, T* bias, Epilogue? activation, T* y, T* z)
    {
        int wide = (s.F + Block - 1) / Block * Block, taps = s.K;
        using var padded = new Columns(kernel, taps, s.F, wide);
        var weights = padded.Pointer;
        // The sums start at the bias.
        using var starts = Tensor.Zeros([wide], DTypeExtensions.Of<T>(), Device.Cpu).Open<T>();
        var start = starts.Pointer;
        if (bias is not null) new ReadOnlySpan<T>(bias, s.F).CopyTo(new Span<T>(start, s.F));
        int bandRows = ConvDirect.BandRows(s), bands = (s.OH + bandRows - 1) / bandRows;
        Workers.Run(checked(s.N * bands), task =>
        {
            (int n, int band) = Math.DivRem(task, bands);
            int oh0 = band * bandRows, oh1 = Math.Min(s.OH, oh0 + bandRows), stride = s.Steps.StrideHeight;
            var rows = Rows(s, x, n, oh0 * stride - s.Steps.Top, (oh1 - oh0 - 1) * stride + s.KH, out long rowStride);
            for (int oh = oh0; oh < oh1; oh++)
            {
                var row = rows + (oh - oh0) * stride * rowStride;
                var to = y + ((long)n * s.OH + oh) * s.OW * s.F;
                for (int f = 0; f < s.F; f += Block) Row(s, row, (nint)rowStride, weights + f, wide, start + f, to + f, Math.Min(Block, s.F - f));
                Epilogue.Apply(activation, to, z is null ? null : z + (to - y), s.F, s.OW, s.F, null);
            }
        });
    }

    // One row of results for a block of filters.
    private static void Row(ConvShape s, T* x, nint rowStride, T* weights, int ldw, T* start, T* y, int filters)
    {
        const int most = 12;
        var block = stackalloc T[most * Block];
        nint step = (nint)s.Steps.StrideWidth * s.C;
        int across = s.KW * s.C;
        for (int ow = 0, count; ow < s.OW; ow += count)
        {
            count = L.TileRows == most && s.OW - ow >= most ? most : ConvDirect.PixelsAtOnce;
            // The last results may be computed twice, with the same bits.
            int at = Math.Min(ow, s.OW - count);
            var target = y + (long)at * s.F;
            var to = filters == Block ? target : block;
            nint ldy = filters == Block ? s.F : Block;
            if (count == most) ConvDirectTile<T, V, L>.Results12(s.KH, across, x + at * step, rowStride, step, weights, ldw, start, to, ldy);
            else ConvDirectTile<T, V, L>.Results6(s.KH, across, x + at * step, rowStride, step, weights, ldw, start, to, ldy);
            for (int p = 0; to == block && p < count; p++)
                new ReadOnlySpan<T>(block + p * Block, filters).CopyTo(new Span<T>(target + (long)p * s.F, filters));
        }
    }

    public static void KernelGradient(ConvShape s, T* x, T* dy, T* dk)
    {
        int wide = (s.F + Block - 1) / Block * Block, taps = s.K;
        int rounded = (taps + 2) / 3 * 3;
        long allRows = (long)s.N * s.OH;
        int parts = (int)Math.Clamp(s.Pixels / PartPixels, 1, MostParts);
        long partRows = (allRows + parts - 1) / parts;
        ConvParts.Sum(parts, 1, (long)taps * s.F, dk, (part, _, sum) =>
        {
            var sums = ThreadScratch.Get<T>(ThreadScratch.Slot.Panel, (long)rounded * wide + (long)s.OW * wide);
            var dyRow = sums + (long)rounded * wide;
            new Span<T>(sums, rounded * wide).Clear();
            nint* offsets = stackalloc nint[9];
            nint step = (nint)s.Steps.StrideWidth * s.C;
            int across = s.KW * s.C;
            for (long r = part * partRows; r < Math.Min(allRows, (part + 1) * partRows); r++)
            {
                (long n, long oh) = Math.DivRem(r, s.OH);
                var row = Rows(s, x, (int)n, (int)oh * s.Steps.StrideHeight - s.Steps.Top, s.KH, out long rowStride);
                var from = dy + r * s.OW * s.F;
                if (wide != s.F)
                {
                    Columns.Widen(from, s.OW, s.F, dyRow, wide);
                    from = dyRow;
                }
                for (int t = 0, count; t < rounded; t += count)
                {
                    count = rounded - t >= 9 && L.TileRows == 12 ? 9 : rounded - t >= 6 ? 6 : 3;
                    // Taps beyond the last are summed as the first and not looked at.
                    for (int i = 0; i < count; i++)
                    {
                        (int kh, int rest) = t + i < taps ? Math.DivRem(t + i, across) : (0, 0);
                        offsets[i] = (nint)(kh * rowStride) + rest;
                    }
                    for (int f = 0; f < wide; f += Block)
                    {
                        var to = sums + (long)t * wide + f;
                        if (count == 9) ConvDirectTile<T, V, L>.Taps9(s.OW, row, offsets, step, from + f, wide, to, wide);
                        else if (count == 6) ConvDirectTile<T, V, L>.Taps6(s.OW, row, offsets, step, from + f, wide, to, wide);
                        else ConvDirectTile<T, V, L>.Taps3(s.OW, row, offsets, step, from + f, wide, to, wide);
                    }
                }
            }
            for (int t = 0; t < taps; t++)
                new ReadOnlySpan<T>(sums + (long)t * wide, s.F).CopyTo(new Span<T>((T*)sum + (long)t * s.F, s.F));
        });
    }

    // Rows of the padded image: in place when there is no padding, else copied between zeros.
    private static T* Rows(ConvShape s, T* x, int n, int first, int count, out long stride)
    {
        var a = s.Steps;
        var image = x + (long)n * s.H * s.W * s.C;
        if (a is { Top: 0, Bottom: 0, Left: 0, Right: 0 })
        {
            stride = (long)s.W * s.C;
            return image + first * stride;
        }
        int width = (s.W + a.Left + a.Right) * s.C, own = s.W * s.C;
        stride = width;
        var copy = ThreadScratch.Get<T>(ThreadScratch.Slot.Tile, (long)count * width);
        var target = new Span<T>(copy, count * width);
        target.Clear();
        for (int r = 0; r < count; r++)
            if ((uint)(first + r) < (uint)s.H) new ReadOnlySpan<T>(image + (long)(first + r) * own, own).CopyTo(target[(r * width + a.Left * s.C)..]);
        return copy;
    }

    /// <summary>A matrix with its rows filled up with zeros to whole blocks; the matrix itself where they are whole.</summary>
    private readonly ref struct Columns
    {
        private readonly Tensor? copy;

        public Columns(T* matrix, int rows, int columns, int wide)
        {
            Pointer = matrix;
            if (wide == columns) return;
            copy = Tensor.Empty([rows, wide], DTypeExtensions.Of<T>(), Device.Cpu);
            using var open = copy.Open<T>();
            Pointer = open.Pointer;
            Widen(matrix, rows, columns, Pointer, wide);
        }

        public T* Pointer { get; }

        public static void Widen(T* from, int rows, int columns, T* to, int wide)
        {
            for (int r = 0; r < rows; r++, from += columns, to += wide)
            {
                new ReadOnlySpan<T>(from, columns).CopyTo(new Span<T>(to, columns));
                new Span<T>(to + columns, wide - columns).Clear();
            }
        }

        public void Dispose() => copy?.Free();
    }
}
