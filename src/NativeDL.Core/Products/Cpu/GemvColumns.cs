using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// Sums of the rows of a matrix, weighted by a vector: eight rows are added at a time to a stretch of sums that
/// stays in the L1 cache.
/// </summary>
internal static unsafe class GemvColumns<T, V, L>
    where T : unmanaged, INumberBase<T>
    where V : unmanaged
    where L : struct, ILanes<T, V>
{
    private const int BytesOfStretch = 8192;

    public static void Multiply(int m, int n, T alpha, T* a, nint lda, T* x, T beta, T* y)
    {
        var workspace = GemmWorkspace.Current;
        var sums = (T*)workspace.B;
        int stretch = BytesOfStretch / sizeof(T);
        for (int j = 0; j < n; j += stretch)
        {
            int columns = Math.Min(stretch, n - j), whole = columns - (columns % L.Count);
            for (int i = 0; i < m; i += GemmBlocking.Depth)
            {
                int rows = Math.Min(GemmBlocking.Depth, m - i);
                var block = a + (i * lda) + j;
                new Span<T>(sums, whole + L.Count).Clear();
                AddRows(rows, whole, block, lda, x + i, sums);
                if (whole < columns)
                {
                    // The last columns, padded to a vector.
                    var last = (T*)workspace.A;
                    GemmPacking.Across<T, V, L>(block + whole, lda, columns - whole, rows, last, L.Count);
                    AddRows(rows, L.Count, last, L.Count, x + i, sums + whole);
                }

                new GemmMerge<T, V, L>(alpha, i == 0 ? beta : T.One, 0, sums).Store(columns + L.Count, y + j, 1, columns);
            }
        }

        GC.KeepAlive(workspace);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRows(int rows, int columns, T* a, nint lda, T* x, T* sums)
    {
        nint lda2 = 2 * lda;
        for (; rows >= 8; rows -= 8, a += 8 * lda, x += 8)
        {
            V x0 = L.Broadcast(x[0]), x1 = L.Broadcast(x[1]), x2 = L.Broadcast(x[2]), x3 = L.Broadcast(x[3]);
            V x4 = L.Broadcast(x[4]), x5 = L.Broadcast(x[5]), x6 = L.Broadcast(x[6]), x7 = L.Broadcast(x[7]);
            T* a0 = a, a3 = a0 + lda2 + lda, a6 = a3 + lda2 + lda, to = sums;
            for (int j = 0; j < columns; j += L.Count, a0 += L.Count, a3 += L.Count, a6 += L.Count, to += L.Count)
            {
                var sum = L.MultiplyAdd(x0, L.Load(a0), L.Load(to));
                sum = L.MultiplyAdd(x1, L.Load(a0 + lda), sum);
                sum = L.MultiplyAdd(x2, L.Load(a0 + lda2), sum);
                sum = L.MultiplyAdd(x3, L.Load(a3), sum);
                sum = L.MultiplyAdd(x4, L.Load(a3 + lda), sum);
                sum = L.MultiplyAdd(x5, L.Load(a3 + lda2), sum);
                sum = L.MultiplyAdd(x6, L.Load(a6), sum);
                L.Store(L.MultiplyAdd(x7, L.Load(a6 + lda), sum), to);
            }
        }

        for (; rows > 0; rows--, a += lda, x++)
        {
            var x0 = L.Broadcast(x[0]);
            for (int j = 0; j < columns; j += L.Count)
            {
                L.Store(L.MultiplyAdd(x0, L.Load(a + j), L.Load(sums + j)), sums + j);
            }
        }
    }
}
