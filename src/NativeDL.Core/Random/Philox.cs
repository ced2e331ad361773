using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NativeDL;

/// <summary>
/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"): a bijection of
/// 128-bit counters under a 64-bit key, ten rounds. Here the counter's low 64 bits count blocks of four words and the
/// high 64 bits are 0; key and counter words are taken low half first.
/// </summary>
internal static unsafe class Philox
{
    public const int WordsPerBlock = 4;

    private const uint M0 = 0xD2511F53, M1 = 0xCD9E8D57;
    private const uint W0 = 0x9E3779B9, W1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>The block of a full 128-bit counter.</summary>
    public static (uint A, uint B, uint C, uint D) Block(ulong counterLow, ulong counterHigh, ulong key)
    {
        uint c0 = (uint)counterLow, c1 = (uint)(counterLow >> 32);
        uint c2 = (uint)counterHigh, c3 = (uint)(counterHigh >> 32);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong p0 = (ulong)M0 * c0;
            ulong p1 = (ulong)M1 * c2;
            c0 = (uint)(p1 >> 32) ^ c1 ^ k0;
            c2 = (uint)(p0 >> 32) ^ c3 ^ k1;
            c1 = (uint)p1;
            c3 = (uint)p0;
            k0 += W0;
            k1 += W1;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>Words start … start + count of the stream.</summary>
    public static void Words(uint* destination, long start, long count, PhiloxStream stream)
    {
        Debug.Assert(start >= 0 && count >= 0);
        uint* partial = stackalloc uint[WordsPerBlock];
        while (count > 0)
        {
            int skip = (int)(start & 3);
            if (skip == 0 && count >= WordsPerBlock)
            {
                long blocks = count >> 2;
                Blocks(destination, start >> 2, blocks, stream);
                destination += blocks << 2;
                start += blocks << 2;
                count -= blocks << 2;
                continue;
            }

            Blocks(partial, start >> 2, 1, stream);
            int take = (int)Math.Min(WordsPerBlock - skip, count);
            new ReadOnlySpan<uint>(partial + skip, take).CopyTo(new Span<uint>(destination, take));
            destination += take;
            start += take;
            count -= take;
        }
    }

    /// <summary>Whole blocks of four words.</summary>
    public static void Blocks(uint* destination, long firstBlock, long blocks, PhiloxStream stream)
    {
        ulong counter = stream.Offset + (ulong)firstBlock;
        long done = Avx2.IsSupported ? BlocksAvx2(destination, counter, blocks, stream.Key) : 0;
        for (; done < blocks; done++)
        {
            (destination[4 * done], destination[(4 * done) + 1], destination[(4 * done) + 2], destination[(4 * done) + 3])
                = Block(counter + (ulong)done, 0, stream.Key);
        }
    }

    // Eight blocks at a time in two independent chains, a counter word in each 64-bit lane: the widening product reads
    // the low half of a lane only, so the high halves may hold anything until the end. (No portable vector operation
    // multiplies 32 × 32 → 64 bits; elsewhere the scalar form, which gives the same words, is about as fast.)
    private static long BlocksAvx2(uint* destination, ulong counter, long blocks, ulong key)
    {
        Vector256<uint> m0 = Vector256.Create(M0), m1 = Vector256.Create(M1);
        var low = Vector256.Create(0xFFFFFFFFUL);

        // Lanes hold counters 0, 2, 1, 3, so that unpacking within 128-bit halves restores the order.
        var lanes = Vector256.Create(0UL, 2, 1, 3);
        long done = 0;
        for (; done + 8 <= blocks; done += 8)
        {
            Vector256<ulong> a0 = lanes + Vector256.Create(counter + (ulong)done), b0 = a0 + Vector256.Create(4UL);
            Vector256<ulong> a1 = a0 >>> 32, b1 = b0 >>> 32;
            Vector256<ulong> a2 = default, a3 = default, b2 = default, b3 = default;
            Vector256<ulong> k0 = Vector256.Create((ulong)(uint)key), k1 = Vector256.Create(key >> 32);
            for (int round = 0; round < Rounds; round++)
            {
                (a0, a1, a2, a3) = Round(a0, a1, a2, a3, k0, k1, m0, m1);
                (b0, b1, b2, b3) = Round(b0, b1, b2, b3, k0, k1, m0, m1);
                k0 += Vector256.Create((ulong)W0);
                k1 += Vector256.Create((ulong)W1);
            }

            uint* target = destination + (4 * done);
            Store(target, (a0 & low) | (a1 << 32), (a2 & low) | (a3 << 32));
            Store(target + 16, (b0 & low) | (b1 << 32), (b2 & low) | (b3 << 32));
        }

        return done;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<ulong> C0, Vector256<ulong> C1, Vector256<ulong> C2, Vector256<ulong> C3) Round(
        Vector256<ulong> c0, Vector256<ulong> c1, Vector256<ulong> c2, Vector256<ulong> c3,
        Vector256<ulong> k0, Vector256<ulong> k1, Vector256<uint> m0, Vector256<uint> m1)
    {
        var p0 = Avx2.Multiply(c0.AsUInt32(), m0);
        var p1 = Avx2.Multiply(c2.AsUInt32(), m1);
        return ((p1 >>> 32) ^ c1 ^ k0, p1, (p0 >>> 32) ^ c3 ^ k1, p0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(uint* target, Vector256<ulong> first, Vector256<ulong> second)
    {
        Avx2.UnpackLow(first, second).AsUInt32().Store(target);
        Avx2.UnpackHigh(first, second).AsUInt32().Store(target + 8);
    }
}
