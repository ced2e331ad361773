using System.Numerics;

namespace NativeDL;

/// <summary>
/// Convolutions as matrix products over tiles: a thread unfolds the windows of a tile of results into its scratch
/// memory, in the L2 cache, and multiplies. Never more than a tile is unfolded. Tiles depend on the sizes alone.
/// </summary>
internal static unsafe class ConvPanels
{
    // Kernel gradients are summed in this many parts at most, whose memory is bounded too.
    private const int MostParts = 16, PartPixels = 1024;
    private const long PartElements = 2 * 1024 * 1024;

    // Results of a task of the input gradient, so that small images go several at a time.
    private const int TaskPixels = 512;

    /// <summary>y = x ∗ kernel, then the epilogue; overwrites y.</summary>
    public static void Forward<T>(ConvShape s, T* x, T* kernel, T* bias, Epilogue? activation, T* y, T* z) where T : unmanaged, INumber<T>
    {
        int tile = s.TilePixels(sizeof(T)), k = s.K, filters = s.GroupFilters;
        // Small work is still cut for a few threads.
        tile = (int)Math.Min(tile, Math.Max(32, (s.Pixels / 8 + 15) / 16 * 16));
        Workers.For(s.Pixels, tile, (start, end) =>
        {
            int count = (int)(end - start);
            var panel = ThreadScratch.Get<T>(ThreadScratch.Slot.Panel, (long)tile * k);
            for (int g = 0; g < s.G; g++)
            {
                ConvUnfold.Gather(s, x, start, count, 0, s.KH, g, panel);
                Gemm.Single(false, false, count, filters, k, T.One, panel, k, kernel + g * filters, s.F, T.Zero, y + start * s.F + g * filters, s.F);
            }
            Epilogue.Apply(activation, y + start * s.F, z is null ? null : z + start * s.F, s.F, count, s.F, bias);
        });
    }

    /// <summary>dx = the adjoint of the convolution applied to dy; overwrites dx.</summary>
    public static void InputGradient<T>(ConvShape s, T* dy, T* kernel, T* dx) where T : unmanaged, INumber<T>
    {
        int tile = s.TilePixels(sizeof(T)), k = s.K, filters = s.GroupFilters;
        long images = Math.Max(1, Math.Min(TaskPixels / s.ImagePixels, s.N / 8));
        // A few large images are cut into bands of rows; results that touch two bands are multiplied for both.
        int bands = s.N >= 8 ? 1 : (int)Math.Clamp(s.H / (4L * s.KH * s.Steps.DilationHeight), 1, 16 / Math.Max(1, s.N));
        int bandRows = (s.H + bands - 1) / bands;
        long groups = (s.N + images - 1) / images;
        Workers.Run(checked((int)(groups * bands)), task =>
        {
            (int block, int band) = Math.DivRem(task, bands);
            long n0 = block * images, n1 = Math.Min(s.N, n0 + images);
            int h0 = band * bandRows, h1 = Math.Min(s.H, h0 + bandRows);
            for (long n = n0; n < n1; n++)
                for (int h = h0; h < h1; h++) new Span<T>(dx + (n * s.H + h) * s.W * s.C, s.W * s.C).Clear();
            long from = n0 * s.ImagePixels, to = n1 * s.ImagePixels;
            if (bands > 1)
            {
                // Row oh touches image rows oh·stride − top … + reach.
                int stride = s.Steps.StrideHeight, reach = (s.KH - 1) * s.Steps.DilationHeight;
                int oh0 = Math.Clamp((h0 + s.Steps.Top - reach + stride - 1) / stride, 0, s.OH),
                    oh1 = Math.Clamp((h1 - 1 + s.Steps.Top) / stride + 1, oh0, s.OH);
                (from, to) = (from + (long)oh0 * s.OW, from + (long)oh1 * s.OW);
            }
            var panel = ThreadScratch.Get<T>(ThreadScratch.Slot.Panel, (long)tile * k);
            for (long start = from; start < to; start += tile)
            {
                int count = (int)Math.Min(tile, to - start);
                for (int g = 0; g < s.G; g++)
                {
                    Gemm.Single(false, true, count, k, filters, T.One, dy + start * s.F + g * filters, s.F, kernel + g * filters, s.F, T.Zero, panel, k);
                    ConvUnfold.AddBack(s, panel, start, count, g, dx, h0, h1);
                }
            }
        });
    }

    /// <summary>dk = the sum over all results of window ⊗ dy; overwrites dk.</summary>
    public static void KernelGradient<T>(ConvShape s, T* x, T* dy, T* dk) where T : unmanaged, INumber<T>
    {
        int k = s.K, filters = s.GroupFilters;
        long size = (long)k * s.F;
        int parts = (int)Math.Clamp(Math.Min(s.Pixels / PartPixels, PartElements / Math.Max(1, size)), 1, MostParts);
        // Too few parts for the threads: the rows of the kernel are tasks of their own.
        int split = parts < 8 ? s.KH : 1, rows = s.KH / split, width = rows * s.KW * s.GroupChannels;
        long partPixels = (s.Pixels + parts - 1) / parts;
        int tile = (int)Math.Min(s.TilePixels(sizeof(T)) * (long)split, 1024);
        ConvParts.Sum(parts, split, size, dk, (part, piece, sum) =>
        {
            var panel = ThreadScratch.Get<T>(ThreadScratch.Slot.Panel, (long)tile * width);
            long from = part * partPixels, to = Math.Min(s.Pixels, from + partPixels);
            var own = (T*)sum + (long)piece * width * s.F;
            for (long start = from; start < to; start += tile)
            {
                int count = (int)Math.Min(tile, to - start);
                for (int g = 0; g < s.G; g++)
                {
                    ConvUnfold.Gather(s, x, start, count, piece * rows, rows, g, panel);
                    Gemm.Single(true, false, width, filters, count, T.One, panel, width, dy + start * s.F + g * filters, s.F, start == from ? T.Zero : T.One,
                        own + g * filters, s.F);
                }
            }
            if (from >= to) new Span<T>(own, width * s.F).Clear();
        });
    }
}
