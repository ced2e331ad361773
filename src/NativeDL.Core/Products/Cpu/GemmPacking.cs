using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace NativeDL;

/// <summary>
/// Copies of operand blocks in the order in which the micro-kernel reads them. A panel is <c>dst[p·step + j]</c>
/// with p along k and j across the panel; places with j ≥ width hold zeros or copies of real elements, whose
/// products are never stored.
/// </summary>
internal static unsafe class GemmPacking
{
    /// <summary>
    /// A panel whose source runs across it: <c>dst[p·step + j] = src[p·ld + j]</c>; step is at least width, rounded
    /// up to whole vectors.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Across<T, V, L>(T* src, nint ld, int width, int depth, T* dst, int step)
        where T : unmanaged
        where V : unmanaged
        where L : struct, ILanes<T, V>
    {
        int wide = width - (width % L.Count), narrow = width - (width % Vector128<T>.Count);
        for (; depth > 0; depth--, src += ld, dst += step)
        {
            int j = 0;
            for (; j < wide; j += L.Count)
            {
                L.Store(L.Load(src + j), dst + j);
            }

            if (j == width)
            {
                continue;
            }

            L.Store(L.Zero, dst + j);
            for (; j < narrow; j += Vector128<T>.Count)
            {
                Vector128.Load(src + j).Store(dst + j);
            }

            for (; j < width; j++)
            {
                dst[j] = src[j];
            }
        }
    }

    /// <summary>The same for panels of A, which are narrow.</summary>
    public static void AcrossA<T>(T* src, nint ld, int width, int depth, T* dst, int step)
        where T : unmanaged
        => Across<T, Vector128<T>, Lanes128<T>>(src, ld, width, depth, dst, step);

    /// <summary>A panel whose source runs along it: <c>dst[p·step + j] = src[j·ld + p]</c>; step is a multiple of 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Along<T>(T* src, nint ld, int width, int depth, T* dst, int step)
        where T : unmanaged
    {
        int whole = depth - (depth % Vector128<T>.Count);
        for (int j = 0; j < step; j += 4)
        {
            var r0 = src + (Math.Min(j, width - 1) * ld);
            var r1 = src + (Math.Min(j + 1, width - 1) * ld);
            var r2 = src + (Math.Min(j + 2, width - 1) * ld);
            var r3 = src + (Math.Min(j + 3, width - 1) * ld);
            var to = dst + j;
            int p = 0;
            for (; p < whole; p += Vector128<T>.Count, to += step * Vector128<T>.Count)
            {
                TransposeFourRows(Vector128.Load(r0 + p), Vector128.Load(r1 + p), Vector128.Load(r2 + p), Vector128.Load(r3 + p), to, step);
            }

            for (; p < depth; p++, to += step)
            {
                to[0] = r0[p];
                to[1] = r1[p];
                to[2] = r2[p];
                to[3] = r3[p];
            }
        }
    }

    /// <summary>Rows of a block copied side by side, <paramref name="step"/> apart, so that they fall into different cache sets.</summary>
    public static void Rows<T>(T* src, nint ld, int rows, int depth, T* dst, int step)
        where T : unmanaged
    {
        for (; rows > 0; rows--, src += ld, dst += step)
        {
            Unsafe.CopyBlockUnaligned(dst, src, (uint)(depth * sizeof(T)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeFourRows<T>(Vector128<T> r0, Vector128<T> r1, Vector128<T> r2, Vector128<T> r3, T* to, nint step)
        where T : unmanaged
    {
        if (sizeof(T) == sizeof(double))
        {
            ZipLow(r0, r1).Store(to);
            ZipLow(r2, r3).Store(to + 2);
            ZipHigh(r0, r1).Store(to + step);
            ZipHigh(r2, r3).Store(to + step + 2);
            return;
        }

        Vector128<T> evenLow = ZipLow(r0, r2), evenHigh = ZipHigh(r0, r2);
        Vector128<T> oddLow = ZipLow(r1, r3), oddHigh = ZipHigh(r1, r3);
        ZipLow(evenLow, oddLow).Store(to);
        ZipHigh(evenLow, oddLow).Store(to + step);
        ZipLow(evenHigh, oddHigh).Store(to + (2 * step));
        ZipHigh(evenHigh, oddHigh).Store(to + (3 * step));
    }

    /// <summary>x0 y0 x1 y1 …: the lower halves, interleaved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> ZipLow<T>(Vector128<T> x, Vector128<T> y)
        where T : unmanaged
    {
        if (sizeof(T) == sizeof(float))
        {
            return Sse.IsSupported ? Sse.UnpackLow(x.AsSingle(), y.AsSingle()).As<float, T>()
                : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x.AsSingle(), y.AsSingle()).As<float, T>()
                : Vector128.Create(x.AsSingle()[0], y.AsSingle()[0], x.AsSingle()[1], y.AsSingle()[1]).As<float, T>();
        }

        return Sse2.IsSupported ? Sse2.UnpackLow(x.AsDouble(), y.AsDouble()).As<double, T>()
            : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(x.AsDouble(), y.AsDouble()).As<double, T>()
            : Vector128.Create(x.AsDouble()[0], y.AsDouble()[0]).As<double, T>();
    }

    /// <summary>The upper halves, interleaved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> ZipHigh<T>(Vector128<T> x, Vector128<T> y)
        where T : unmanaged
    {
        if (sizeof(T) == sizeof(float))
        {
            return Sse.IsSupported ? Sse.UnpackHigh(x.AsSingle(), y.AsSingle()).As<float, T>()
                : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x.AsSingle(), y.AsSingle()).As<float, T>()
                : Vector128.Create(x.AsSingle()[2], y.AsSingle()[2], x.AsSingle()[3], y.AsSingle()[3]).As<float, T>();
        }

        return Sse2.IsSupported ? Sse2.UnpackHigh(x.AsDouble(), y.AsDouble()).As<double, T>()
            : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(x.AsDouble(), y.AsDouble()).As<double, T>()
            : Vector128.Create(x.AsDouble()[1], y.AsDouble()[1]).As<double, T>();
    }
}
