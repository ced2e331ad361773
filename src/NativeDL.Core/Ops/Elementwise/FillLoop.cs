namespace NativeDL;

/// <summary>Writes one number everywhere in a contiguous tensor.</summary>
internal static unsafe class FillLoop
{
    private const int Most = 1 << 20;

    public static void Run(Tensor target, double value)
    {
        // Bits, whatever the element type.
        ulong bits = target.DType.BitsOf(value);
        switch (target.DType.Size())
        {
            case 8: Typed(target, bits); break;
            case 4: Typed(target, (uint)bits); break;
            case 2: Typed(target, (ushort)bits); break;
            default: Typed(target, (byte)bits); break;
        }
    }

    private static void Typed<T>(Tensor target, T value) where T : unmanaged
    {
        using var memory = target.Open<T>();
        var p = memory.Pointer;
        for (long i = 0; i < target.ElementCount; i += Most) new Span<T>(p + i, (int)Math.Min(Most, target.ElementCount - i)).Fill(value);
    }
}
