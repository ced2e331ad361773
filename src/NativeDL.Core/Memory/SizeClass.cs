using System.Numerics;

namespace NativeDL;

/// <summary>Sizes are rounded up to four steps per power of two, so that at most a quarter of a block is unused.</summary>
internal static class SizeClass
{
    public const int Count = 64 * 4;

    /// <summary>The class that holds <paramref name="bytes"/> (at least 64), and the bytes that its blocks have.</summary>
    public static int Of(long bytes, out long rounded)
    {
        bytes = Math.Max(bytes, 64);
        int log = 63 - BitOperations.LeadingZeroCount((ulong)(bytes - 1)); // 2^log < bytes <= 2^(log+1)
        long step = 1L << Math.Max(log - 2, 0);
        rounded = (bytes + step - 1) / step * step;
        return log * 4 + (int)((rounded - (1L << log)) / step) - 1;
    }
}
