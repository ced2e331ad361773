namespace NativeDL.Cuda;

/// <summary>Free blocks of one stream by size.</summary>
internal sealed class CudaBins
{
    internal const long SmallestBytes = 512;
    internal const long LargeFrom = 1 << 20;
    internal const long LargeStep = 2 << 20;

    private readonly Stack<CudaBlock>[] small = [.. Enumerable.Range(0, 12).Select(_ => new Stack<CudaBlock>())];
    private readonly SortedList<long, Stack<CudaBlock>> large = [];

    /// <summary>The size given for a request: powers of two below 1 MiB, multiples of 2 MiB above.</summary>
    internal static long Round(long bytes) => bytes <= SmallestBytes ? SmallestBytes
        : bytes <= LargeFrom ? (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)bytes)
        : checked(bytes + LargeStep - 1) / LargeStep * LargeStep;

    internal void Push(CudaBlock block)
    {
        if (block.Bytes <= LargeFrom)
        {
            small[IndexOf(block.Bytes)].Push(block);
            return;
        }

        if (!large.TryGetValue(block.Bytes, out var stack))
        {
            large[block.Bytes] = stack = new Stack<CudaBlock>();
        }

        stack.Push(block);
    }

    /// <summary>A block of the rounded size, or a large one that wastes at most a quarter.</summary>
    internal CudaBlock? Pop(long rounded)
    {
        if (rounded <= LargeFrom)
        {
            return small[IndexOf(rounded)].TryPop(out var block) ? block : null;
        }

        var sizes = large.Keys;
        int low = 0, high = sizes.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sizes[middle] < rounded ? (middle + 1, high) : (low, middle);
        }

        for (; low < sizes.Count && sizes[low] <= rounded + rounded / 4; low++)
        {
            if (large.Values[low].TryPop(out var block))
            {
                return block;
            }
        }

        return null;
    }

    /// <summary>Takes every block out.</summary>
    internal IEnumerable<CudaBlock> PopAll()
    {
        foreach (var stack in small.Concat(large.Values))
        {
            while (stack.TryPop(out var block))
            {
                yield return block;
            }
        }

        large.Clear();
    }

    private static int IndexOf(long bytes) => System.Numerics.BitOperations.Log2((ulong)(bytes / SmallestBytes));
}
