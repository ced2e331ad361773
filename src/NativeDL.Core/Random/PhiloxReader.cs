namespace NativeDL;

/// <summary>Reads a stream word by word, for sequential uses (shuffling) that cannot say how many they will need.</summary>
internal unsafe struct PhiloxReader(PhiloxStream stream)
{
    private const int BufferBlocks = 16;
    private fixed uint buffer[BufferBlocks * Philox.WordsPerBlock];
    private int next = BufferBlocks * Philox.WordsPerBlock;
    private long block;

    /// <summary>The next word.</summary>
    public uint NextWord()
    {
        if (next == BufferBlocks * Philox.WordsPerBlock)
        {
            fixed (uint* words = buffer)
            {
                Philox.Blocks(words, block, BufferBlocks, stream);
            }

            block += BufferBlocks;
            next = 0;
        }

        return buffer[next++];
    }

    /// <summary>A whole number from 0 to bound − 1, all equally likely (Lemire 2019: multiply, reject the uneven rest).</summary>
    public uint NextBelow(uint bound)
    {
        ulong product = (ulong)NextWord() * bound;
        if ((uint)product < bound)
        {
            uint uneven = unchecked(0u - bound) % bound;
            while ((uint)product < uneven)
            {
                product = (ulong)NextWord() * bound;
            }
        }

        return (uint)(product >> 32);
    }
}
