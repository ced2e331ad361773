using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>The register tiles one vector wide, for the last columns of C. Contract as in <see cref="GemmTile{T,V,L}"/>.</summary>
internal static unsafe class GemmNarrowTile<T, V, L>
    where T : unmanaged
    where V : unmanaged
    where L : struct, ILanes<T, V>
{
    /// <summary>12 rows of C, 1 register wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows12x1(nint k, T* a0, nint row, nint aStep, T* b, nint bStep, T* c, nint ldc)
    {
        nint row2 = 2 * row;
        T* a3 = a0 + row2 + row, a6 = a3 + row2 + row, a9 = a6 + row2 + row;
        V c0 = L.Zero, c1 = L.Zero, c2 = L.Zero, c3 = L.Zero;
        V c4 = L.Zero, c5 = L.Zero, c6 = L.Zero, c7 = L.Zero;
        V c8 = L.Zero, c9 = L.Zero, c10 = L.Zero, c11 = L.Zero;
        for (; k > 0; k--)
        {
            var b0 = L.Load(b);
            c0 = L.MultiplyAdd(L.Broadcast(a0[0]), b0, c0);
            c1 = L.MultiplyAdd(L.Broadcast(a0[row]), b0, c1);
            c2 = L.MultiplyAdd(L.Broadcast(a0[row2]), b0, c2);
            c3 = L.MultiplyAdd(L.Broadcast(a3[0]), b0, c3);
            c4 = L.MultiplyAdd(L.Broadcast(a3[row]), b0, c4);
            c5 = L.MultiplyAdd(L.Broadcast(a3[row2]), b0, c5);
            c6 = L.MultiplyAdd(L.Broadcast(a6[0]), b0, c6);
            c7 = L.MultiplyAdd(L.Broadcast(a6[row]), b0, c7);
            c8 = L.MultiplyAdd(L.Broadcast(a6[row2]), b0, c8);
            c9 = L.MultiplyAdd(L.Broadcast(a9[0]), b0, c9);
            c10 = L.MultiplyAdd(L.Broadcast(a9[row]), b0, c10);
            c11 = L.MultiplyAdd(L.Broadcast(a9[row2]), b0, c11);
            a0 += aStep;
            a3 += aStep;
            a6 += aStep;
            a9 += aStep;
            b += bStep;
        }

        L.Store(c0, c);
        L.Store(c1, c + ldc);
        L.Store(c2, c + (2 * ldc));
        L.Store(c3, c + (3 * ldc));
        L.Store(c4, c + (4 * ldc));
        L.Store(c5, c + (5 * ldc));
        L.Store(c6, c + (6 * ldc));
        L.Store(c7, c + (7 * ldc));
        L.Store(c8, c + (8 * ldc));
        L.Store(c9, c + (9 * ldc));
        L.Store(c10, c + (10 * ldc));
        L.Store(c11, c + (11 * ldc));
    }

    /// <summary>8 rows of C, 1 register wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows8x1(nint k, T* a0, nint row, nint aStep, T* b, nint bStep, T* c, nint ldc)
    {
        nint row2 = 2 * row;
        T* a3 = a0 + row2 + row, a6 = a3 + row2 + row;
        V c0 = L.Zero, c1 = L.Zero, c2 = L.Zero, c3 = L.Zero;
        V c4 = L.Zero, c5 = L.Zero, c6 = L.Zero, c7 = L.Zero;
        for (; k > 0; k--)
        {
            var b0 = L.Load(b);
            c0 = L.MultiplyAdd(L.Broadcast(a0[0]), b0, c0);
            c1 = L.MultiplyAdd(L.Broadcast(a0[row]), b0, c1);
            c2 = L.MultiplyAdd(L.Broadcast(a0[row2]), b0, c2);
            c3 = L.MultiplyAdd(L.Broadcast(a3[0]), b0, c3);
            c4 = L.MultiplyAdd(L.Broadcast(a3[row]), b0, c4);
            c5 = L.MultiplyAdd(L.Broadcast(a3[row2]), b0, c5);
            c6 = L.MultiplyAdd(L.Broadcast(a6[0]), b0, c6);
            c7 = L.MultiplyAdd(L.Broadcast(a6[row]), b0, c7);
            a0 += aStep;
            a3 += aStep;
            a6 += aStep;
            b += bStep;
        }

        L.Store(c0, c);
        L.Store(c1, c + ldc);
        L.Store(c2, c + (2 * ldc));
        L.Store(c3, c + (3 * ldc));
        L.Store(c4, c + (4 * ldc));
        L.Store(c5, c + (5 * ldc));
        L.Store(c6, c + (6 * ldc));
        L.Store(c7, c + (7 * ldc));
    }

    /// <summary>6 rows of C, 1 register wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows6x1(nint k, T* a0, nint row, nint aStep, T* b, nint bStep, T* c, nint ldc)
    {
        nint row2 = 2 * row;
        var a3 = a0 + row2 + row;
        V c0 = L.Zero, c1 = L.Zero, c2 = L.Zero, c3 = L.Zero;
        V c4 = L.Zero, c5 = L.Zero;
        for (; k > 0; k--)
        {
            var b0 = L.Load(b);
            c0 = L.MultiplyAdd(L.Broadcast(a0[0]), b0, c0);
            c1 = L.MultiplyAdd(L.Broadcast(a0[row]), b0, c1);
            c2 = L.MultiplyAdd(L.Broadcast(a0[row2]), b0, c2);
            c3 = L.MultiplyAdd(L.Broadcast(a3[0]), b0, c3);
            c4 = L.MultiplyAdd(L.Broadcast(a3[row]), b0, c4);
            c5 = L.MultiplyAdd(L.Broadcast(a3[row2]), b0, c5);
            a0 += aStep;
            a3 += aStep;
            b += bStep;
        }

        L.Store(c0, c);
        L.Store(c1, c + ldc);
        L.Store(c2, c + (2 * ldc));
        L.Store(c3, c + (3 * ldc));
        L.Store(c4, c + (4 * ldc));
        L.Store(c5, c + (5 * ldc));
    }

    /// <summary>4 rows of C, 1 register wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows4x1(nint k, T* a0, nint row, nint aStep, T* b, nint bStep, T* c, nint ldc)
    {
        nint row2 = 2 * row;
        var a3 = a0 + row2 + row;
        V c0 = L.Zero, c1 = L.Zero, c2 = L.Zero, c3 = L.Zero;
        for (; k > 0; k--)
        {
            var b0 = L.Load(b);
            c0 = L.MultiplyAdd(L.Broadcast(a0[0]), b0, c0);
            c1 = L.MultiplyAdd(L.Broadcast(a0[row]), b0, c1);
            c2 = L.MultiplyAdd(L.Broadcast(a0[row2]), b0, c2);
            c3 = L.MultiplyAdd(L.Broadcast(a3[0]), b0, c3);
            a0 += aStep;
            a3 += aStep;
            b += bStep;
        }

        L.Store(c0, c);
        L.Store(c1, c + ldc);
        L.Store(c2, c + (2 * ldc));
        L.Store(c3, c + (3 * ldc));
    }
}
