using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// The register tiles of <see cref="ConvDirect"/>: twelve sums of one vector each, written out by hand because only
/// named locals stay in registers.
/// </summary>
internal static unsafe class ConvDirectTile<T, V, L>
    where T : unmanaged
    where V : unmanaged
    where L : struct, ILanes<T, V>
{
    /// <summary>Places of the window that <see cref="Taps"/> takes together.</summary>
    public const int TapsAtOnce = 6;

    /// <summary>
    /// Six results side by side, two vectors of filters: <c>y[p·ldy + j] = Σ_r Σ_i x[r·rowStride + p·step + i] · w[(r·across + i)·ldw + j]</c>,
    /// r below <paramref name="rows"/>, i below <paramref name="across"/>; overwrites y.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Results(int rows, int across, T* x, nint rowStride, nint step, T* w, nint ldw, T* y, nint ldy)
    {
        nint step2 = 2 * step;
        V c0x0 = L.Zero, c0x1 = L.Zero;
        V c1x0 = L.Zero, c1x1 = L.Zero;
        V c2x0 = L.Zero, c2x1 = L.Zero;
        V c3x0 = L.Zero, c3x1 = L.Zero;
        V c4x0 = L.Zero, c4x1 = L.Zero;
        V c5x0 = L.Zero, c5x1 = L.Zero;
        for (; rows > 0; rows--, x += rowStride)
        {
            T* a0 = x;
            T* a3 = x + step2 + step;
            for (int i = across; i > 0; i--)
            {
                V w0 = L.Load(w), w1 = L.Load(w + L.Count);
                V v = L.Broadcast(a0[0]);
                c0x0 = L.MultiplyAdd(v, w0, c0x0);
                c0x1 = L.MultiplyAdd(v, w1, c0x1);
                v = L.Broadcast(a0[step]);
                c1x0 = L.MultiplyAdd(v, w0, c1x0);
                c1x1 = L.MultiplyAdd(v, w1, c1x1);
                v = L.Broadcast(a0[step2]);
                c2x0 = L.MultiplyAdd(v, w0, c2x0);
                c2x1 = L.MultiplyAdd(v, w1, c2x1);
                v = L.Broadcast(a3[0]);
                c3x0 = L.MultiplyAdd(v, w0, c3x0);
                c3x1 = L.MultiplyAdd(v, w1, c3x1);
                v = L.Broadcast(a3[step]);
                c4x0 = L.MultiplyAdd(v, w0, c4x0);
                c4x1 = L.MultiplyAdd(v, w1, c4x1);
                v = L.Broadcast(a3[step2]);
                c5x0 = L.MultiplyAdd(v, w0, c5x0);
                c5x1 = L.MultiplyAdd(v, w1, c5x1);
                a0++;
                a3++;
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
    /// Six places of the window, two vectors of filters, summed along a row of results:
    /// <c>sums[t·lds + j] += Σ_p x[offsets[t] + p·step] · dy[p·ldy + j]</c>, p below <paramref name="pixels"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Taps(int pixels, T* x, nint* offsets, nint step, T* dy, nint ldy, T* sums, nint lds)
    {
        T* x0 = x + offsets[0];
        T* x1 = x + offsets[1];
        T* x2 = x + offsets[2];
        T* x3 = x + offsets[3];
        T* x4 = x + offsets[4];
        T* x5 = x + offsets[5];
        V c0x0 = L.Load(sums), c0x1 = L.Load(sums + L.Count);
        V c1x0 = L.Load(sums + lds), c1x1 = L.Load(sums + lds + L.Count);
        V c2x0 = L.Load(sums + (2 * lds)), c2x1 = L.Load(sums + (2 * lds) + L.Count);
        V c3x0 = L.Load(sums + (3 * lds)), c3x1 = L.Load(sums + (3 * lds) + L.Count);
        V c4x0 = L.Load(sums + (4 * lds)), c4x1 = L.Load(sums + (4 * lds) + L.Count);
        V c5x0 = L.Load(sums + (5 * lds)), c5x1 = L.Load(sums + (5 * lds) + L.Count);
        nint at = 0;
        for (; pixels > 0; pixels--)
        {
            V d0 = L.Load(dy), d1 = L.Load(dy + L.Count);
            V v = L.Broadcast(x0[at]);
            c0x0 = L.MultiplyAdd(v, d0, c0x0);
            c0x1 = L.MultiplyAdd(v, d1, c0x1);
            v = L.Broadcast(x1[at]);
            c1x0 = L.MultiplyAdd(v, d0, c1x0);
            c1x1 = L.MultiplyAdd(v, d1, c1x1);
            v = L.Broadcast(x2[at]);
            c2x0 = L.MultiplyAdd(v, d0, c2x0);
            c2x1 = L.MultiplyAdd(v, d1, c2x1);
            v = L.Broadcast(x3[at]);
            c3x0 = L.MultiplyAdd(v, d0, c3x0);
            c3x1 = L.MultiplyAdd(v, d1, c3x1);
            v = L.Broadcast(x4[at]);
            c4x0 = L.MultiplyAdd(v, d0, c4x0);
            c4x1 = L.MultiplyAdd(v, d1, c4x1);
            v = L.Broadcast(x5[at]);
            c5x0 = L.MultiplyAdd(v, d0, c5x0);
            c5x1 = L.MultiplyAdd(v, d1, c5x1);
            at += step;
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
}
