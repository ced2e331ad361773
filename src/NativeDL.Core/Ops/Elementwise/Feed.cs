using System.Numerics;

namespace NativeDL;

/// <summary>
/// Hands the elements of one broadcast, strided operand to a vector body piece by piece, in the result's order:
/// straight from memory where they stand side by side, else through a small block. One feed serves one chunk
/// of work on one thread.
/// </summary>
internal unsafe struct Feed<T> where T : unmanaged
{
    // Runs shorter than this are not worth a call of the vector body each; they are laid side by side first.
    private const long ShortRun = 64;

    private readonly T* memory;
    private readonly T* block;
    private readonly long stride;      // along a run
    private readonly long period;      // where the block holds one repeated run: its length
    private readonly bool linear;
    private StridedWalk.Cursor cursor;

    /// <param name="walk">The walk over all operands.</param>
    /// <param name="operand">Which of them this is.</param>
    /// <param name="memory">Its first element.</param>
    /// <param name="start">The first element of the chunk.</param>
    /// <param name="end">The element after its last.</param>
    /// <param name="block">Room for <see cref="Room"/> elements.</param>
    public Feed(StridedWalk walk, int operand, T* memory, long start, long end, T* block)
    {
        this.memory = memory;
        this.block = block;
        stride = walk.Inner(operand);
        linear = walk.IsLinear(operand);
        ByRuns = IsByRuns(walk);
        if (linear) return;
        cursor = walk.From(operand, start);
        if (ByRuns || !walk.RepeatsRuns(operand)) return;
        // A short row for every row of the result, such as a bias: the block holds it over and over, once for the chunk.
        period = walk.RunLength;
        Lanes.Gather(memory, stride, block, period);
        long needed = Math.Min(Lanes.Block, end - start) + period;
        for (long i = period; i < needed; i++) block[i] = block[i - period];
    }

    /// <summary>Elements that a feed's block must have room for.</summary>
    public const int Room = Lanes.Block + (int)ShortRun;

    /// <summary>Whether pieces end where runs end.</summary>
    public bool ByRuns { get; }

    /// <summary>Stride of what <see cref="Next"/> gives: 0 where one number stands for all, else 1.</summary>
    public readonly int Step => ByRuns && stride == 0 ? 0 : 1;

    /// <summary>Whether pieces of such a walk end where runs end.</summary>
    public static bool IsByRuns(StridedWalk walk) => walk.RunLength >= ShortRun || walk.Rank == 1;

    /// <summary>The longest piece that may be asked for at element <paramref name="at"/> of the result.</summary>
    public static long Most(StridedWalk walk, long at, bool gathers)
    {
        long most = gathers ? Lanes.Block : long.MaxValue;
        return IsByRuns(walk) ? Math.Min(most, walk.RunLength - at % walk.RunLength) : Lanes.Block;
    }

    /// <summary>Whether an operand with this stride along runs goes through the block.</summary>
    public readonly bool Gathers => !linear && stride is not (0 or 1);

    /// <summary>The next <paramref name="count"/> elements, which begin at element <paramref name="at"/> of the result.</summary>
    public T* Next(long at, long count)
    {
        if (linear) return memory + at;
        if (period > 0) return block + at % period;
        if (ByRuns)
        {
            var from = memory + cursor.Offset;
            cursor.Advance(count);
            if (stride is 0 or 1) return from;
            Lanes.Gather(from, stride, block, count);
            return block;
        }
        for (long filled = 0; filled < count;)
        {
            long run = Math.Min(cursor.Run, count - filled);
            if (stride == 0) Repeat(memory[cursor.Offset], block + filled, run);
            else Lanes.Gather(memory + cursor.Offset, stride, block + filled, run);
            cursor.Advance(run);
            filled += run;
        }
        return block;
    }

    // By whole vectors: what is written too far is overwritten by the next run, or stands in the block's spare room.
    private static void Repeat(T value, T* target, long count)
    {
        var same = new Vector<T>(value);
        for (long i = 0; i < count; i += Vector<T>.Count) same.Store(target + i);
    }
}
