using System.Numerics;

namespace NativeDL;

/// <summary>Kernel gradients are sums over many pixels: fixed parts are summed on their own and joined in their order.</summary>
internal static unsafe class ConvParts
{
    /// <summary>Fills (part, piece) of the sum at the address of its part.</summary>
    public delegate void Filler(int part, int piece, nint sum);

    /// <summary>
    /// Calls <paramref name="fill"/> for every part and every piece of the result, which together overwrite the part's
    /// <paramref name="size"/> elements, and writes the sum over the parts to <paramref name="result"/>.
    /// </summary>
    public static void Sum<T>(int parts, int pieces, long size, T* result, Filler fill) where T : unmanaged, INumber<T>
    {
        if (parts == 1)
        {
            Workers.Run(pieces, piece => fill(0, piece, (nint)result));
            return;
        }
        var memory = Tensor.Empty([parts, checked((int)size)], DTypeExtensions.Of<T>(), Device.Cpu);
        using var open = memory.Open<T>();
        var sums = open.Pointer;
        Workers.Run(parts * pieces, i =>
        {
            (int part, int piece) = Math.DivRem(i, pieces);
            fill(part, piece, (nint)(sums + part * size));
        });
        Workers.For(size, 4096, (start, end) =>
        {
            long count = end - start;
            var to = result + start;
            Buffer.MemoryCopy(sums + start, to, count * sizeof(T), count * sizeof(T));
            for (int part = 1; part < parts; part++)
            {
                var from = sums + part * size + start;
                long i = 0;
                for (; i <= count - Vector<T>.Count; i += Vector<T>.Count) (Vector.Load(to + i) + Vector.Load(from + i)).Store(to + i);
                for (; i < count; i++) to[i] += from[i];
            }
        });
        memory.Free();
    }
}
