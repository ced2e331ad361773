using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// The register tiles of <see cref="ConvDirect"/>, two vectors of filters wide, written out by hand because only named
/// locals stay in registers. The tiles of 12 and 9 need 32 vector registers, those of 6 and 3 need 16.
/// </summary>
internal static unsafe class ConvDirectTile<T, V, L>
    where T : unmanaged
    where V : unmanaged
    where L : struct, ILanes<T, V>
{
    /// <summary>
    /// 12 results side by side: <c>y[p·ldy + j] = start[j] + Σ_r Σ_i x[r·rowStride + p·step + i] · w[(r·across + i)·ldw + j]</c>,
    /// r below <paramref name="rows"/>, i below <paramref name="across"/>; overwrites y.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Results12(int rows, int across, T* x, nint rowStride, nint step, T* w, nint ldw, T* start, T* y, nint ldy)
    {
        nint step2 = 2 * step, step3 = 3 * step;
        V s0 = L.Load(start), s1 = L.Load(start + L.Count);
        V c0x0 = s0, c0x1 = s1;
        V c1x0 = s0, c1x1 = s1;
        V c2x0 = s0, c2x1 = s1;
        V c3x0 = s0, c3x1 = s1;
        V c4x0 = s0, c4x1 = s1;
        V c5x0 = s0, c5x1 = s1;
        V c6x0 = s0, c6x1 = s1;
        V c7x0 = s0, c7x1 = s1;
        V c8x0 = s0, c8x1 = s1;
        V c9x0 = s0, c9x1 = s1;
        V c10x0 = s0, c10x1 = s1;
        V c11x0 = s0, c11x1 = s1;
        for (; rows > 0; rows--, x += rowStride)
        {
            var a0 = x;
            for (int i = across; i > 0; i--)
            {
                V w0 = L.Load(w), w1 = L.Load(w + L.Count);
                var v = L.Broadcast(a0[0]);
                c0x0 = L.MultiplyAdd(v, w0, c0x0);
                c0x1 = L.MultiplyAdd(v, w1, c0x1);
                v = L.Broadcast(a0[step]);
                c1x0 = L.MultiplyAdd(v, w0, c1x0);
                c1x1 = L.MultiplyAdd(v, w1, c1x1);
                v = L.Broadcast(a0[step2]);
                c2x0 = L.MultiplyAdd(v, w0, c2x0);
                c2x1 = L.MultiplyAdd(v, w1, c2x1);
                var a1 = a0 + step3;
                v = L.Broadcast(a1[0]);
                c3x0 = L.MultiplyAdd(v, w0, c3x0);
                c3x1 = L.MultiplyAdd(v, w1, c3x1);
                v = L.Broadcast(a1[step]);
                c4x0 = L.MultiplyAdd(v, w0, c4x0);
                c4x1 = L.MultiplyAdd(v, w1, c4x1);
                v = L.Broadcast(a1[step2]);
                c5x0 = L.MultiplyAdd(v, w0, c5x0);
                c5x1 = L.MultiplyAdd(v, w1, c5x1);
                var a2 = a1 + step3;
                v = L.Broadcast(a2[0]);
                c6x0 = L.MultiplyAdd(v, w0, c6x0);
                c6x1 = L.MultiplyAdd(v, w1, c6x1);
                v = L.Broadcast(a2[step]);
                c7x0 = L.MultiplyAdd(v, w0, c7x0);
                c7x1 = L.MultiplyAdd(v, w1, c7x1);
                v = L.Broadcast(a2[step2]);
                c8x0 = L.MultiplyAdd(v, w0, c8x0);
                c8x1 = L.MultiplyAdd(v, w1, c8x1);
                var a3 = a2 + step3;
                v = L.Broadcast(a3[0]);
                c9x0 = L.MultiplyAdd(v, w0, c9x0);
                c9x1 = L.MultiplyAdd(v, w1, c9x1);
                v = L.Broadcast(a3[step]);
                c10x0 = L.MultiplyAdd(v, w0, c10x0);
                c10x1 = L.MultiplyAdd(v, w1, c10x1);
                v = L.Broadcast(a3[step2]);
                c11x0 = L.MultiplyAdd(v, w0, c11x0);
                c11x1 = L.MultiplyAdd(v, w1, c11x1);
                a0++;
                w += ldw;
            }
        }

        L.Store(c0x0, y);
        L.Store(c0x1, y + L.Count);
        L.Store(c1x0, y + ldy);
        L.Store(c1x1, y + ldy + L.Count);
        L.Store(c2x0, y + (2 * ldy));
        L.Store(c2x1, y + (2 * ldy) + L.Count);
        L.Store(c3x0, y + (3 * ldy));
        L.Store(c3x1, y + (3 * ldy) + L.Count);
        L.Store(c4x0, y + (4 * ldy));
        L.Store(c4x1, y + (4 * ldy) + L.Count);
        L.Store(c5x0, y + (5 * ldy));
        L.Store(c5x1, y + (5 * ldy) + L.Count);
        L.Store(c6x0, y + (6 * ldy));
        L.Store(c6x1, y + (6 * ldy) + L.Count);
        L.Store(c7x0, y + (7 * ldy));
        L.Store(c7x1, y + (7 * ldy) + L.Count);
        L.Store(c8x0, y + (8 * ldy));
        L.Store(c8x1, y + (8 * ldy) + L.Count);
        L.Store(c9x0, y + (9 * ldy));
        L.Store(c9x1, y + (9 * ldy) + L.Count);
        L.Store(c10x0, y + (10 * ldy));
        L.Store(c10x1, y + (10 * ldy) + L.Count);
        L.Store(c11x0, y + (11 * ldy));
        L.Store(c11x1, y + (11 * ldy) + L.Count);
    }

    /// <summary>
    /// 6 results side by side: <c>y[p·ldy + j] = start[j] + Σ_r Σ_i x[r·rowStride + p·step + i] · w[(r·across + i)·ldw + j]</c>,
    /// r below <paramref name="rows"/>, i below <paramref name="across"/>; overwrites y.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Results6(int rows, int across, T* x, nint rowStride, nint step, T* w, nint ldw, T* start, T* y, nint ldy)
    {
        nint step2 = 2 * step, step3 = 3 * step;
        V s0 = L.Load(start), s1 = L.Load(start + L.Count);
        V c0x0 = s0, c0x1 = s1;
        V c1x0 = s0, c1x1 = s1;
        V c2x0 = s0, c2x1 = s1;
        V c3x0 = s0, c3x1 = s1;
        V c4x0 = s0, c4x1 = s1;
        V c5x0 = s0, c5x1 = s1;
        for (; rows > 0; rows--, x += rowStride)
        {
            var a0 = x;
            for (int i = across; i > 0; i--)
            {
                V w0 = L.Load(w), w1 = L.Load(w + L.Count);
                var v = L.Broadcast(a0[0]);
                c0x0 = L.MultiplyAdd(v, w0, c0x0);
                c0x1 = L.MultiplyAdd(v, w1, c0x1);
                v = L.Broadcast(a0[step]);
                c1x0 = L.MultiplyAdd(v, w0, c1x0);
                c1x1 = L.MultiplyAdd(v, w1, c1x1);
                v = L.Broadcast(a0[step2]);
                c2x0 = L.MultiplyAdd(v, w0, c2x0);
                c2x1 = L.MultiplyAdd(v, w1, c2x1);
                var a1 = a0 + step3;
                v = L.Broadcast(a1[0]);
                c3x0 = L.MultiplyAdd(v, w0, c3x0);
                c3x1 = L.MultiplyAdd(v, w1, c3x1);
                v = L.Broadcast(a1[step]);
                c4x0 = L.MultiplyAdd(v, w0, c4x0);
                c4x1 = L.MultiplyAdd(v, w1, c4x1);
                v = L.Broadcast(a1[step2]);
                c5x0 = L.MultiplyAdd(v, w0, c5x0);
                c5x1 = L.MultiplyAdd(v, w1, c5x1);
                a0++;
                w += ldw;
            }
        }

        L.Store(c0x0, y);
        L.Store(c0x1, y + L.Count);
        L.Store(c1x0, y + ldy);
        L.Store(c1x1, y + ldy + L.Count);
        L.Store(c2x0, y + (2 * ldy));
        L.Store(c2x1, y + (2 * ldy) + L.Count);
        L.Store(c3x0, y + (3 * ldy));
        L.Store(c3x1, y + (3 * ldy) + L.Count);
        L.Store(c4x0, y + (4 * ldy));
        L.Store(c4x1, y + (4 * ldy) + L.Count);
        L.Store(c5x0, y + (5 * ldy));
        L.Store(c5x1, y + (5 * ldy) + L.Count);
    }

    /// <summary>
    /// 9 places of the window, summed along a row of results:
    /// <c>sums[t·lds + j] += Σ_p x[offsets[t] + p·step] · dy[p·ldy + j]</c>, p below <paramref name="pixels"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Taps9(int pixels, T* x, nint* offsets, nint step, T* dy, nint ldy, T* sums, nint lds)
    {
        nint x0 = offsets[0];
        nint x1 = offsets[1];
        nint x2 = offsets[2];
        nint x3 = offsets[3];
        nint x4 = offsets[4];
        nint x5 = offsets[5];
        nint x6 = offsets[6];
        nint x7 = offsets[7];
        nint x8 = offsets[8];
        V c0x0 = L.Load(sums), c0x1 = L.Load(sums + L.Count);
        V c1x0 = L.Load(sums + lds), c1x1 = L.Load(sums + lds + L.Count);
        V c2x0 = L.Load(sums + (2 * lds)), c2x1 = L.Load(sums + (2 * lds) + L.Count);
        V c3x0 = L.Load(sums + (3 * lds)), c3x1 = L.Load(sums + (3 * lds) + L.Count);
        V c4x0 = L.Load(sums + (4 * lds)), c4x1 = L.Load(sums + (4 * lds) + L.Count);
        V c5x0 = L.Load(sums + (5 * lds)), c5x1 = L.Load(sums + (5 * lds) + L.Count);
        V c6x0 = L.Load(sums + (6 * lds)), c6x1 = L.Load(sums + (6 * lds) + L.Count);
        V c7x0 = L.Load(sums + (7 * lds)), c7x1 = L.Load(sums + (7 * lds) + L.Count);
        V c8x0 = L.Load(sums + (8 * lds)), c8x1 = L.Load(sums + (8 * lds) + L.Count);
        for (; pixels > 0; pixels--)
        {
            V d0 = L.Load(dy), d1 = L.Load(dy + L.Count);
            var v = L.Broadcast(x[x0]);
            c0x0 = L.MultiplyAdd(v, d0, c0x0);
            c0x1 = L.MultiplyAdd(v, d1, c0x1);
            v = L.Broadcast(x[x1]);
            c1x0 = L.MultiplyAdd(v, d0, c1x0);
            c1x1 = L.MultiplyAdd(v, d1, c1x1);
            v = L.Broadcast(x[x2]);
            c2x0 = L.MultiplyAdd(v, d0, c2x0);
            c2x1 = L.MultiplyAdd(v, d1, c2x1);
            v = L.Broadcast(x[x3]);
            c3x0 = L.MultiplyAdd(v, d0, c3x0);
            c3x1 = L.MultiplyAdd(v, d1, c3x1);
            v = L.Broadcast(x[x4]);
            c4x0 = L.MultiplyAdd(v, d0, c4x0);
            c4x1 = L.MultiplyAdd(v, d1, c4x1);
            v = L.Broadcast(x[x5]);
            c5x0 = L.MultiplyAdd(v, d0, c5x0);
            c5x1 = L.MultiplyAdd(v, d1, c5x1);
            v = L.Broadcast(x[x6]);
            c6x0 = L.MultiplyAdd(v, d0, c6x0);
            c6x1 = L.MultiplyAdd(v, d1, c6x1);
            v = L.Broadcast(x[x7]);
            c7x0 = L.MultiplyAdd(v, d0, c7x0);
            c7x1 = L.MultiplyAdd(v, d1, c7x1);
            v = L.Broadcast(x[x8]);
            c8x0 = L.MultiplyAdd(v, d0, c8x0);
            c8x1 = L.MultiplyAdd(v, d1, c8x1);
            x += step;
            dy += ldy;
        }

        L.Store(c0x0, sums);
        L.Store(c0x1, sums + L.Count);
        L.Store(c1x0, sums + lds);
        L.Store(c1x1, sums + lds + L.Count);
        L.Store(c2x0, sums + (2 * lds));
        L.Store(c2x1, sums + (2 * lds) + L.Count);
        L.Store(c3x0, sums + (3 * lds));
        L.Store(c3x1, sums + (3 * lds) + L.Count);
        L.Store(c4x0, sums + (4 * lds));
        L.Store(c4x1, sums + (4 * lds) + L.Count);
        L.Store(c5x0, sums + (5 * lds));
        L.Store(c5x1, sums + (5 * lds) + L.Count);
        L.Store(c6x0, sums + (6 * lds));
        L.Store(c6x1, sums + (6 * lds) + L.Count);
        L.Store(c7x0, sums + (7 * lds));
        L.Store(c7x1, sums + (7 * lds) + L.Count);
        L.Store(c8x0, sums + (8 * lds));
        L.Store(c8x1, sums + (8 * lds) + L.Count);
    }

    /// <summary>
    /// 6 places of the window, summed along a row of results:
    /// <c>sums[t·lds + j] += Σ_p x[offsets[t] + p·step] · dy[p·ldy + j]</c>, p below <paramref name="pixels"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Taps6(int pixels, T* x, nint* offsets, nint step, T* dy, nint ldy, T* sums, nint lds)
    {
        nint x0 = offsets[0];
        nint x1 = offsets[1];
        nint x2 = offsets[2];
        nint x3 = offsets[3];
        nint x4 = offsets[4];
        nint x5 = offsets[5];
        V c0x0 = L.Load(sums), c0x1 = L.Load(sums + L.Count);
        V c1x0 = L.Load(sums + lds), c1x1 = L.Load(sums + lds + L.Count);
        V c2x0 = L.Load(sums + (2 * lds)), c2x1 = L.Load(sums + (2 * lds) + L.Count);
        V c3x0 = L.Load(sums + (3 * lds)), c3x1 = L.Load(sums + (3 * lds) + L.Count);
        V c4x0 = L.Load(sums + (4 * lds)), c4x1 = L.Load(sums + (4 * lds) + L.Count);
        V c5x0 = L.Load(sums + (5 * lds)), c5x1 = L.Load(sums + (5 * lds) + L.Count);
        for (; pixels > 0; pixels--)
        {
            V d0 = L.Load(dy), d1 = L.Load(dy + L.Count);
            var v = L.Broadcast(x[x0]);
            c0x0 = L.MultiplyAdd(v, d0, c0x0);
            c0x1 = L.MultiplyAdd(v, d1, c0x1);
            v = L.Broadcast(x[x1]);
            c1x0 = L.MultiplyAdd(v, d0, c1x0);
            c1x1 = L.MultiplyAdd(v, d1, c1x1);
            v = L.Broadcast(x[x2]);
            c2x0 = L.MultiplyAdd(v, d0, c2x0);
            c2x1 = L.MultiplyAdd(v, d1, c2x1);
            v = L.Broadcast(x[x3]);
            c3x0 = L.MultiplyAdd(v, d0, c3x0);
            c3x1 = L.MultiplyAdd(v, d1, c3x1);
            v = L.Broadcast(x[x4]);
            c4x0 = L.MultiplyAdd(v, d0, c4x0);
            c4x1 = L.MultiplyAdd(v, d1, c4x1);
            v = L.Broadcast(x[x5]);
            c5x0 = L.MultiplyAdd(v, d0, c5x0);
            c5x1 = L.MultiplyAdd(v, d1, c5x1);
            x += step;
            dy += ldy;
        }

        L.Store(c0x0, sums);
        L.Store(c0x1, sums + L.Count);
        L.Store(c1x0, sums + lds);
        L.Store(c1x1, sums + lds + L.Count);
        L.Store(c2x0, sums + (2 * lds));
        L.Store(c2x1, sums + (2 * lds) + L.Count);
        L.Store(c3x0, sums + (3 * lds));
        L.Store(c3x1, sums + (3 * lds) + L.Count);
        L.Store(c4x0, sums + (4 * lds));
        L.Store(c4x1, sums + (4 * lds) + L.Count);
        L.Store(c5x0, sums + (5 * lds));
        L.Store(c5x1, sums + (5 * lds) + L.Count);
    }

    /// <summary>
    /// 3 places of the window, summed along a row of results:
    /// <c>sums[t·lds + j] += Σ_p x[offsets[t] + p·step] · dy[p·ldy + j]</c>, p below <paramref name="pixels"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Taps3(int pixels, T* x, nint* offsets, nint step, T* dy, nint ldy, T* sums, nint lds)
    {
        nint x0 = offsets[0];
        nint x1 = offsets[1];
        nint x2 = offsets[2];
        V c0x0 = L.Load(sums), c0x1 = L.Load(sums + L.Count);
        V c1x0 = L.Load(sums + lds), c1x1 = L.Load(sums + lds + L.Count);
        V c2x0 = L.Load(sums + (2 * lds)), c2x1 = L.Load(sums + (2 * lds) + L.Count);
        for (; pixels > 0; pixels--)
        {
            V d0 = L.Load(dy), d1 = L.Load(dy + L.Count);
            var v = L.Broadcast(x[x0]);
            c0x0 = L.MultiplyAdd(v, d0, c0x0);
            c0x1 = L.MultiplyAdd(v, d1, c0x1);
            v = L.Broadcast(x[x1]);
            c1x0 = L.MultiplyAdd(v, d0, c1x0);
            c1x1 = L.MultiplyAdd(v, d1, c1x1);
            v = L.Broadcast(x[x2]);
            c2x0 = L.MultiplyAdd(v, d0, c2x0);
            c2x1 = L.MultiplyAdd(v, d1, c2x1);
            x += step;
            dy += ldy;
        }

        L.Store(c0x0, sums);
        L.Store(c0x1, sums + L.Count);
        L.Store(c1x0, sums + lds);
        L.Store(c1x1, sums + lds + L.Count);
        L.Store(c2x0, sums + (2 * lds));
        L.Store(c2x1, sums + (2 * lds) + L.Count);
    }
}
