using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>Covers one block of C with register tiles.</summary>
internal static unsafe class GemmBlock<T, V, L>
    where T : unmanaged, INumberBase<T>
    where V : unmanaged
    where L : struct, ILanes<T, V>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        in GemmOperand<T> a, in GemmOperand<T> b, in GemmMerge<T, V, L> merge, T* c, int rows, int columns, int depth)
    {
        int width = 2 * L.Count;
        var panelA = a.Panels;
        for (int i = 0; i < rows; i += L.TileRows, panelA += a.Panel, c += L.TileRows * merge.Ldc)
        {
            int height = Math.Min(L.TileRows, rows - i);
            bool wholeRows = height == L.TileRows, storesInPlace = merge.Overwrites && (wholeRows || height % 4 == 0);
            var rowsOfA = wholeRows ? panelA : a.Tail;
            nint row = wholeRows ? a.Row : a.TailRow, aStep = wholeRows ? a.Step : a.TailStep;
            var panelB = b.Panels;
            int j = 0;
            for (; j + width <= columns; j += width, panelB += b.Panel)
            {
                if (storesInPlace)
                {
                    Wide(height, depth, rowsOfA, row, aStep, panelB, b.Step, c + j, merge.Ldc);
                    continue;
                }

                Wide(height, depth, rowsOfA, row, aStep, panelB, b.Step, merge.Tile, width);
                merge.Store(width, c + j, height, width);
            }

            int last = columns - j;
            if (last > L.Count)
            {
                Wide(height, depth, rowsOfA, row, aStep, b.Tail, b.TailStep, merge.Tile, width);
                merge.Store(width, c + j, height, last);
            }
            else if (last == L.Count && storesInPlace)
            {
                Narrow(height, depth, rowsOfA, row, aStep, b.Tail, b.TailStep, c + j, merge.Ldc);
            }
            else if (last > 0)
            {
                Narrow(height, depth, rowsOfA, row, aStep, b.Tail, b.TailStep, merge.Tile, width);
                merge.Store(width, c + j, height, last);
            }
        }
    }

    /// <summary>The smallest tile that holds the rows; a packed panel may be read past them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Wide(int height, nint k, T* a, nint row, nint aStep, T* b, nint bStep, T* c, nint ldc)
    {
        if (height <= 4)
        {
            GemmTile<T, V, L>.Rows4x2(k, a, row, aStep, b, bStep, c, ldc);
        }
        else if (L.TileRows == 6)
        {
            GemmTile<T, V, L>.Rows6x2(k, a, row, aStep, b, bStep, c, ldc);
        }
        else if (height <= 8)
        {
            GemmTile<T, V, L>.Rows8x2(k, a, row, aStep, b, bStep, c, ldc);
        }
        else
        {
            GemmTile<T, V, L>.Rows12x2(k, a, row, aStep, b, bStep, c, ldc);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Narrow(int height, nint k, T* a, nint row, nint aStep, T* b, nint bStep, T* c, nint ldc)
    {
        if (height <= 4)
        {
            GemmNarrowTile<T, V, L>.Rows4x1(k, a, row, aStep, b, bStep, c, ldc);
        }
        else if (L.TileRows == 6)
        {
            GemmNarrowTile<T, V, L>.Rows6x1(k, a, row, aStep, b, bStep, c, ldc);
        }
        else if (height <= 8)
        {
            GemmNarrowTile<T, V, L>.Rows8x1(k, a, row, aStep, b, bStep, c, ldc);
        }
        else
        {
            GemmNarrowTile<T, V, L>.Rows12x1(k, a, row, aStep, b, bStep, c, ldc);
        }
    }
}
