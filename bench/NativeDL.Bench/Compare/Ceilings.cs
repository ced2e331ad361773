using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NativeDL.Bench.Compare;

/// <summary>What the machine can do at most at this moment: the best of several runs of two bare loops.</summary>
internal static unsafe class Ceilings
{
    private const int Chains = 12; // independent sums: enough to fill two units of latency 4, few enough for 16 registers
    private const int FmaSteps = 2_000_000;
    private const long CopyBytes = 128L << 20;

    /// <summary>Float32 GFLOP/s of fused multiply-adds on that many threads.</summary>
    public static double FmaRate(int threads)
    {
        int width = Avx512F.IsSupported ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;
        double flops = 2.0 * width * Chains * FmaSteps * threads;
        return flops / BestSeconds(threads, _ => Sink(width == 16 ? Fma512() : width == 8 ? Fma256() : Fma128())) / 1e9;
    }

    /// <summary>GB/s of a copy past the caches, the bytes read and the bytes written counted.</summary>
    public static double CopyRate(int threads)
    {
        byte* from = (byte*)NativeMemory.AlignedAlloc((nuint)CopyBytes, 4096), to = (byte*)NativeMemory.AlignedAlloc((nuint)CopyBytes, 4096);
        try
        {
            new Span<byte>(from, (int)CopyBytes).Fill(1);
            new Span<byte>(to, (int)CopyBytes).Fill(2);
            long part = CopyBytes / threads & ~4095L;
            return 2.0 * part * threads / BestSeconds(threads, i => Copy(from + i * part, to + i * part, part)) / 1e9;
        }
        finally
        {
            NativeMemory.AlignedFree(from);
            NativeMemory.AlignedFree(to);
        }
    }

    private static double BestSeconds(int threads, Action<int> body)
    {
        double best = double.MaxValue;
        for (int run = 0; run < 12; run++)
        {
            long start = Stopwatch.GetTimestamp();
            if (threads == 1) body(0);
            else Workers.Run(threads, body);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }

    private static void Copy(byte* from, byte* to, long bytes)
    {
        for (long i = 0; i < bytes; i += 128)
        {
            var a = Vector256.LoadAligned(from + i);
            var b = Vector256.LoadAligned(from + i + 32);
            var c = Vector256.LoadAligned(from + i + 64);
            var d = Vector256.LoadAligned(from + i + 96);
            a.StoreAlignedNonTemporal(to + i);
            b.StoreAlignedNonTemporal(to + i + 32);
            c.StoreAlignedNonTemporal(to + i + 64);
            d.StoreAlignedNonTemporal(to + i + 96);
        }
    }

    private static float sink;

    private static void Sink(float value) => Volatile.Write(ref sink, value);

    private static float Fma512()
    {
        Vector512<float> x = Vector512.Create(0.999f), y = Vector512.Create(1e-3f);
        Vector512<float> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (int n = 0; n < FmaSteps; n++)
        {
            a = Avx512F.FusedMultiplyAdd(a, x, y); b = Avx512F.FusedMultiplyAdd(b, x, y); c = Avx512F.FusedMultiplyAdd(c, x, y);
            d = Avx512F.FusedMultiplyAdd(d, x, y); e = Avx512F.FusedMultiplyAdd(e, x, y); f = Avx512F.FusedMultiplyAdd(f, x, y);
            g = Avx512F.FusedMultiplyAdd(g, x, y); h = Avx512F.FusedMultiplyAdd(h, x, y); i = Avx512F.FusedMultiplyAdd(i, x, y);
            j = Avx512F.FusedMultiplyAdd(j, x, y); k = Avx512F.FusedMultiplyAdd(k, x, y); l = Avx512F.FusedMultiplyAdd(l, x, y);
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    private static float Fma256()
    {
        Vector256<float> x = Vector256.Create(0.999f), y = Vector256.Create(1e-3f);
        Vector256<float> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (int n = 0; n < FmaSteps; n++)
        {
            a = Vector256.FusedMultiplyAdd(a, x, y); b = Vector256.FusedMultiplyAdd(b, x, y); c = Vector256.FusedMultiplyAdd(c, x, y);
            d = Vector256.FusedMultiplyAdd(d, x, y); e = Vector256.FusedMultiplyAdd(e, x, y); f = Vector256.FusedMultiplyAdd(f, x, y);
            g = Vector256.FusedMultiplyAdd(g, x, y); h = Vector256.FusedMultiplyAdd(h, x, y); i = Vector256.FusedMultiplyAdd(i, x, y);
            j = Vector256.FusedMultiplyAdd(j, x, y); k = Vector256.FusedMultiplyAdd(k, x, y); l = Vector256.FusedMultiplyAdd(l, x, y);
        }
        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    private static float Fma128()
    {
        Vector128<float> x = Vector128.Create(0.999f), y = Vector128.Create(1e-3f);
        Vector128<float> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (int n = 0; n < FmaSteps; n++)
        {
            a = Vector128.FusedMultiplyAdd(a, x, y); b = Vector128.FusedMultiplyAdd(b, x, y); c = Vector128.FusedMultiplyAdd(c, x, y);
            d = Vector128.FusedMultiplyAdd(d, x, y); e = Vector128.FusedMultiplyAdd(e, x, y); f = Vector128.FusedMultiplyAdd(f, x, y);
            g = Vector128.FusedMultiplyAdd(g, x, y); h = Vector128.FusedMultiplyAdd(h, x, y); i = Vector128.FusedMultiplyAdd(i, x, y);
            j = Vector128.FusedMultiplyAdd(j, x, y); k = Vector128.FusedMultiplyAdd(k, x, y); l = Vector128.FusedMultiplyAdd(l, x, y);
        }
        return Vector128.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
