using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// Brings a register tile S of one block of k into C. In the first block <c>C = alpha·S + beta·C</c> (C is not
/// read if beta is 0), in the later ones <c>C = alpha·S + C</c>; the sum is fused, the product with beta rounded.
/// </summary>
internal readonly unsafe struct GemmMerge<T, V, L>
    where T : unmanaged, INumberBase<T>
    where V : unmanaged
    where L : struct, ILanes<T, V>
{
    public readonly T* Tile;
    public readonly nint Ldc;
    public readonly bool Overwrites;
    private readonly T alpha, beta;
    private readonly bool readsC;

    /// <param name="alpha">The factor of S.</param>
    /// <param name="beta">The factor of C: the product's in the first block along k, 1 in the later ones.</param>
    /// <param name="ldc">From one row of C to the next.</param>
    /// <param name="tile">Scratch memory for S and, behind its rows, a vector.</param>
    public GemmMerge(T alpha, T beta, nint ldc, T* tile)
    {
        Tile = tile;
        Ldc = ldc;
        this.alpha = alpha;
        this.beta = beta;
        readsC = !T.IsZero(this.beta);
        Overwrites = !readsC && this.alpha == T.One;
    }

    /// <summary>Merges the first rows and columns of the tile into <paramref name="c"/> and touches nothing else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Store(nint tileRow, T* c, int rows, int columns)
    {
        V alpha = L.Broadcast(this.alpha), beta = L.Broadcast(this.beta);
        var tile = Tile;
        var padded = Tile + (rows * tileRow);
        int remainder = columns % L.Count, whole = columns - remainder;
        for (; rows > 0; rows--, tile += tileRow, c += Ldc)
        {
            int j = 0;
            for (; j < whole; j += L.Count)
            {
                var sum = L.Load(tile + j);
                L.Store(readsC ? L.MultiplyAdd(alpha, sum, L.Multiply(beta, L.Load(c + j))) : L.Multiply(alpha, sum), c + j);
            }

            if (remainder == 0)
            {
                continue;
            }

            // The last columns take the same vector instructions, so that their bits do not depend on the place.
            var last = L.Load(tile + j);
            if (readsC)
            {
                Copy(c + j, padded, remainder);
                last = L.MultiplyAdd(alpha, last, L.Multiply(beta, L.Load(padded)));
            }
            else
            {
                last = L.Multiply(alpha, last);
            }

            L.Store(last, padded);
            Copy(padded, c + j, remainder);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(T* from, T* to, int count)
    {
        for (int j = 0; j < count; j++)
        {
            to[j] = from[j];
        }
    }
}

/// <summary>What is left of a product without a sum.</summary>
internal static unsafe class GemmMerge
{
    /// <summary><c>c = beta · c</c>; c is not read if beta is 0.</summary>
    public static void Scale<T>(T* c, int count, T beta)
        where T : unmanaged, INumberBase<T>
    {
        var row = new Span<T>(c, count);
        if (T.IsZero(beta))
        {
            row.Clear();
            return;
        }

        for (int j = 0; j < row.Length; j++)
        {
            row[j] *= beta;
        }
    }
}
