using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>Chooses between two operands by a third of truth values, over any broadcasting and strides.</summary>
internal static unsafe class WhereLoop
{
    public static void Run<T>(Tensor condition, Tensor a, Tensor b, Tensor y) where T : unmanaged
    {
        // The compiler keeps one of the four: masks are made of whole numbers.
        if (typeof(T) == typeof(long)) Typed<long>(condition, a, b, y);
        else if (typeof(T) == typeof(int)) Typed<int>(condition, a, b, y);
        else if (typeof(T) == typeof(ushort)) Typed<ushort>(condition, a, b, y);
        else Typed<byte>(condition, a, b, y);
    }

    private static void Typed<T>(Tensor condition, Tensor a, Tensor b, Tensor y) where T : unmanaged, IBinaryInteger<T>
    {
        using var openC = condition.Open<byte>();
        using var openA = a.Open<T>();
        using var openB = b.Open<T>();
        using var openY = y.Open<T>();
        byte* pc = openC.Pointer;
        T* pa = openA.Pointer, pb = openB.Pointer, py = openY.Pointer;
        var walk = new StridedWalk(y.Shape, condition, a, b);
        Workers.For(y.ElementCount, Workers.Grain, (start, end) =>
        {
            byte* blockC = stackalloc byte[Feed<byte>.Room];
            var blockA = stackalloc T[Feed<T>.Room];
            var blockB = stackalloc T[Feed<T>.Room];
            var choice = new Feed<byte>(walk, 0, pc, start, end, blockC);
            var yes = new Feed<T>(walk, 1, pa, start, end, blockA);
            var no = new Feed<T>(walk, 2, pb, start, end, blockB);
            bool gathers = choice.Gathers || yes.Gathers || no.Gathers;
            for (long at = start; at < end;)
            {
                long count = Math.Min(end - at, Feed<T>.Most(walk, at, gathers));
                Piece(choice.Next(at, count), choice.Step, yes.Next(at, count), yes.Step, no.Next(at, count), no.Step, py + at, count);
                at += count;
            }
        });
    }

    // Bits, without a branch that would guess wrong half of the time. A byte of a truth value is 0 or 1.
    private static void Piece<T>(byte* c, int sc, T* a, int sa, T* b, int sb, T* y, long n) where T : unmanaged, IBinaryInteger<T>
    {
        if (n == 0) return;
        long i = 0;
        if (sizeof(T) == 4 && sc == 1)
        {
            int w = Vector<T>.Count;
            Vector<T> yes = new(*a), no = new(*b);
            for (; i <= n - Vector<byte>.Count; i += Vector<byte>.Count)
            {
                Vector.Widen(Vector.Load(c + i), out var low, out var high);
                Vector.Widen(low, out var m0, out var m1);
                Vector.Widen(high, out var m2, out var m3);
                Choose(m0, a + i * sa, sa, yes, b + i * sb, sb, no, y + i, 0);
                Choose(m1, a + i * sa, sa, yes, b + i * sb, sb, no, y + i, w);
                Choose(m2, a + i * sa, sa, yes, b + i * sb, sb, no, y + i, 2 * w);
                Choose(m3, a + i * sa, sa, yes, b + i * sb, sb, no, y + i, 3 * w);
            }
        }
        for (; i < n; i++)
        {
            var mask = T.Zero - T.CreateTruncating(c[i * sc]);
            y[i] = (a[i * sa] & mask) | (b[i * sb] & ~mask);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Choose<T>(Vector<uint> truths, T* a, int sa, Vector<T> yes, T* b, int sb, Vector<T> no, T* y, int at) where T : unmanaged
    {
        var never = Vector.As<uint, T>(Vector.Equals(truths, Vector<uint>.Zero));
        Vector.ConditionalSelect(never, sb == 0 ? no : Vector.Load(b + at), sa == 0 ? yes : Vector.Load(a + at)).Store(y + at);
    }
}
