using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// The register tiles two vectors wide. Contract of each:
/// <c>c[i·ldc + j] = Σ_p a0[i·row + p·aStep] · b[p·bStep + j]</c>, overwriting, as one chain of fused
/// multiply-adds over p in order that starts at 0: the bits of an element depend neither on the tile it fell
/// into nor on the register's width. Written out by hand because only named locals stay in registers; every
/// third row has a pointer of its own because x64 has too few registers for eleven row offsets.
/// </summary>
internal static unsafe class GemmTile<T, V, L>
    where T : unmanaged
    where V : unmanaged
    where L : struct, ILanes<T, V>
{
    /// <summary>12 rows of C, 2 registers wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows12x2(nint k, T* a0, nint row, nint aStep, T* b, nint bStep, T* c, nint ldc)
    {
        nint row2 = 2 * row;
        T* a3 = a0 + row2 + row, a6 = a3 + row2 + row, a9 = a6 + row2 + row;
        V c0x0 = L.Zero, c0x1 = L.Zero;
        V c1x0 = L.Zero, c1x1 = L.Zero;
        V c2x0 = L.Zero, c2x1 = L.Zero;
        V c3x0 = L.Zero, c3x1 = L.Zero;
        V c4x0 = L.Zero, c4x1 = L.Zero;
        V c5x0 = L.Zero, c5x1 = L.Zero;
        V c6x0 = L.Zero, c6x1 = L.Zero;
        V c7x0 = L.Zero, c7x1 = L.Zero;
        V c8x0 = L.Zero, c8x1 = L.Zero;
        V c9x0 = L.Zero, c9x1 = L.Zero;
        V c10x0 = L.Zero, c10x1 = L.Zero;
        V c11x0 = L.Zero, c11x1 = L.Zero;
        for (; k > 0; k--)
        {
            V b0 = L.Load(b), b1 = L.Load(b + L.Count);
            var x = L.Broadcast(a0[0]);
            c0x0 = L.MultiplyAdd(x, b0, c0x0);
            c0x1 = L.MultiplyAdd(x, b1, c0x1);
            x = L.Broadcast(a0[row]);
            c1x0 = L.MultiplyAdd(x, b0, c1x0);
            c1x1 = L.MultiplyAdd(x, b1, c1x1);
            x = L.Broadcast(a0[row2]);
            c2x0 = L.MultiplyAdd(x, b0, c2x0);
            c2x1 = L.MultiplyAdd(x, b1, c2x1);
            x = L.Broadcast(a3[0]);
            c3x0 = L.MultiplyAdd(x, b0, c3x0);
            c3x1 = L.MultiplyAdd(x, b1, c3x1);
            x = L.Broadcast(a3[row]);
            c4x0 = L.MultiplyAdd(x, b0, c4x0);
            c4x1 = L.MultiplyAdd(x, b1, c4x1);
            x = L.Broadcast(a3[row2]);
            c5x0 = L.MultiplyAdd(x, b0, c5x0);
            c5x1 = L.MultiplyAdd(x, b1, c5x1);
            x = L.Broadcast(a6[0]);
            c6x0 = L.MultiplyAdd(x, b0, c6x0);
            c6x1 = L.MultiplyAdd(x, b1, c6x1);
            x = L.Broadcast(a6[row]);
            c7x0 = L.MultiplyAdd(x, b0, c7x0);
            c7x1 = L.MultiplyAdd(x, b1, c7x1);
            x = L.Broadcast(a6[row2]);
            c8x0 = L.MultiplyAdd(x, b0, c8x0);
            c8x1 = L.MultiplyAdd(x, b1, c8x1);
            x = L.Broadcast(a9[0]);
            c9x0 = L.MultiplyAdd(x, b0, c9x0);
            c9x1 = L.MultiplyAdd(x, b1, c9x1);
            x = L.Broadcast(a9[row]);
            c10x0 = L.MultiplyAdd(x, b0, c10x0);
            c10x1 = L.MultiplyAdd(x, b1, c10x1);
            x = L.Broadcast(a9[row2]);
            c11x0 = L.MultiplyAdd(x, b0, c11x0);
            c11x1 = L.MultiplyAdd(x, b1, c11x1);
            a0 += aStep;
            a3 += aStep;
            a6 += aStep;
            a9 += aStep;
            b += bStep;
        }

        Store(c0x0, c0x1, c);
        Store(c1x0, c1x1, c + ldc);
        Store(c2x0, c2x1, c + (2 * ldc));
        Store(c3x0, c3x1, c + (3 * ldc));
        Store(c4x0, c4x1, c + (4 * ldc));
        Store(c5x0, c5x1, c + (5 * ldc));
        Store(c6x0, c6x1, c + (6 * ldc));
        Store(c7x0, c7x1, c + (7 * ldc));
        Store(c8x0, c8x1, c + (8 * ldc));
        Store(c9x0, c9x1, c + (9 * ldc));
        Store(c10x0, c10x1, c + (10 * ldc));
        Store(c11x0, c11x1, c + (11 * ldc));
    }

    /// <summary>8 rows of C, 2 registers wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows8x2(nint k, T* a0, nint row, nint aStep, T* b, nint bStep, T* c, nint ldc)
    {
        nint row2 = 2 * row;
        T* a3 = a0 + row2 + row, a6 = a3 + row2 + row;
        V c0x0 = L.Zero, c0x1 = L.Zero;
        V c1x0 = L.Zero, c1x1 = L.Zero;
        V c2x0 = L.Zero, c2x1 = L.Zero;
        V c3x0 = L.Zero, c3x1 = L.Zero;
        V c4x0 = L.Zero, c4x1 = L.Zero;
        V c5x0 = L.Zero, c5x1 = L.Zero;
        V c6x0 = L.Zero, c6x1 = L.Zero;
        V c7x0 = L.Zero, c7x1 = L.Zero;
        for (; k > 0; k--)
        {
            V b0 = L.Load(b), b1 = L.Load(b + L.Count);
            var x = L.Broadcast(a0[0]);
            c0x0 = L.MultiplyAdd(x, b0, c0x0);
            c0x1 = L.MultiplyAdd(x, b1, c0x1);
            x = L.Broadcast(a0[row]);
            c1x0 = L.MultiplyAdd(x, b0, c1x0);
            c1x1 = L.MultiplyAdd(x, b1, c1x1);
            x = L.Broadcast(a0[row2]);
            c2x0 = L.MultiplyAdd(x, b0, c2x0);
            c2x1 = L.MultiplyAdd(x, b1, c2x1);
            x = L.Broadcast(a3[0]);
            c3x0 = L.MultiplyAdd(x, b0, c3x0);
            c3x1 = L.MultiplyAdd(x, b1, c3x1);
            x = L.Broadcast(a3[row]);
            c4x0 = L.MultiplyAdd(x, b0, c4x0);
            c4x1 = L.MultiplyAdd(x, b1, c4x1);
            x = L.Broadcast(a3[row2]);
            c5x0 = L.MultiplyAdd(x, b0, c5x0);
            c5x1 = L.MultiplyAdd(x, b1, c5x1);
            x = L.Broadcast(a6[0]);
            c6x0 = L.MultiplyAdd(x, b0, c6x0);
            c6x1 = L.MultiplyAdd(x, b1, c6x1);
            x = L.Broadcast(a6[row]);
            c7x0 = L.MultiplyAdd(x, b0, c7x0);
            c7x1 = L.MultiplyAdd(x, b1, c7x1);
            a0 += aStep;
            a3 += aStep;
            a6 += aStep;
            b += bStep;
        }

        Store(c0x0, c0x1, c);
        Store(c1x0, c1x1, c + ldc);
        Store(c2x0, c2x1, c + (2 * ldc));
        Store(c3x0, c3x1, c + (3 * ldc));
        Store(c4x0, c4x1, c + (4 * ldc));
        Store(c5x0, c5x1, c + (5 * ldc));
        Store(c6x0, c6x1, c + (6 * ldc));
        Store(c7x0, c7x1, c + (7 * ldc));
    }

    /// <summary>6 rows of C, 2 registers wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows6x2(nint k, T* a0, nint row, nint aStep, T* b, nint bStep, T* c, nint ldc)
    {
        nint row2 = 2 * row;
        var a3 = a0 + row2 + row;
        V c0x0 = L.Zero, c0x1 = L.Zero;
        V c1x0 = L.Zero, c1x1 = L.Zero;
        V c2x0 = L.Zero, c2x1 = L.Zero;
        V c3x0 = L.Zero, c3x1 = L.Zero;
        V c4x0 = L.Zero, c4x1 = L.Zero;
        V c5x0 = L.Zero, c5x1 = L.Zero;
        for (; k > 0; k--)
        {
            V b0 = L.Load(b), b1 = L.Load(b + L.Count);
            var x = L.Broadcast(a0[0]);
            c0x0 = L.MultiplyAdd(x, b0, c0x0);
            c0x1 = L.MultiplyAdd(x, b1, c0x1);
            x = L.Broadcast(a0[row]);
            c1x0 = L.MultiplyAdd(x, b0, c1x0);
            c1x1 = L.MultiplyAdd(x, b1, c1x1);
            x = L.Broadcast(a0[row2]);
            c2x0 = L.MultiplyAdd(x, b0, c2x0);
            c2x1 = L.MultiplyAdd(x, b1, c2x1);
            x = L.Broadcast(a3[0]);
            c3x0 = L.MultiplyAdd(x, b0, c3x0);
            c3x1 = L.MultiplyAdd(x, b1, c3x1);
            x = L.Broadcast(a3[row]);
            c4x0 = L.MultiplyAdd(x, b0, c4x0);
            c4x1 = L.MultiplyAdd(x, b1, c4x1);
            x = L.Broadcast(a3[row2]);
            c5x0 = L.MultiplyAdd(x, b0, c5x0);
            c5x1 = L.MultiplyAdd(x, b1, c5x1);
            a0 += aStep;
            a3 += aStep;
            b += bStep;
        }

        Store(c0x0, c0x1, c);
        Store(c1x0, c1x1, c + ldc);
        Store(c2x0, c2x1, c + (2 * ldc));
        Store(c3x0, c3x1, c + (3 * ldc));
        Store(c4x0, c4x1, c + (4 * ldc));
        Store(c5x0, c5x1, c + (5 * ldc));
    }

    /// <summary>4 rows of C, 2 registers wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows4x2(nint k, T* a0, nint row, nint aStep, T* b, nint bStep, T* c, nint ldc)
    {
        nint row2 = 2 * row;
        var a3 = a0 + row2 + row;
        V c0x0 = L.Zero, c0x1 = L.Zero;
        V c1x0 = L.Zero, c1x1 = L.Zero;
        V c2x0 = L.Zero, c2x1 = L.Zero;
        V c3x0 = L.Zero, c3x1 = L.Zero;
        for (; k > 0; k--)
        {
            V b0 = L.Load(b), b1 = L.Load(b + L.Count);
            var x = L.Broadcast(a0[0]);
            c0x0 = L.MultiplyAdd(x, b0, c0x0);
            c0x1 = L.MultiplyAdd(x, b1, c0x1);
            x = L.Broadcast(a0[row]);
            c1x0 = L.MultiplyAdd(x, b0, c1x0);
            c1x1 = L.MultiplyAdd(x, b1, c1x1);
            x = L.Broadcast(a0[row2]);
            c2x0 = L.MultiplyAdd(x, b0, c2x0);
            c2x1 = L.MultiplyAdd(x, b1, c2x1);
            x = L.Broadcast(a3[0]);
            c3x0 = L.MultiplyAdd(x, b0, c3x0);
            c3x1 = L.MultiplyAdd(x, b1, c3x1);
            a0 += aStep;
            a3 += aStep;
            b += bStep;
        }

        Store(c0x0, c0x1, c);
        Store(c1x0, c1x1, c + ldc);
        Store(c2x0, c2x1, c + (2 * ldc));
        Store(c3x0, c3x1, c + (3 * ldc));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V left, V right, T* c)
    {
        L.Store(left, c);
        L.Store(right, c + L.Count);
    }
}
