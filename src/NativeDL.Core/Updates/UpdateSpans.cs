using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// A stretch of a parameter and what belongs to it, as an optimizer's rule sees it on the processor: all spans have the same
/// length, and element i of one goes with element i of the others. Elements come as whole vectors; what lies beyond the end of
/// a parameter is made up and thrown away, so a rule has no rest to care for.
/// </summary>
/// <typeparam name="T">float, also where parameters are of half precision, or double.</typeparam>
public readonly unsafe ref struct UpdateSpans<T> where T : unmanaged
{
    private readonly T* values, gradients;
    private readonly ReadOnlySpan<nint> slots;
    private readonly ReadOnlySpan<double> numbers;
    private readonly int count;

    internal UpdateSpans(T* values, T* gradients, ReadOnlySpan<nint> slots, ReadOnlySpan<double> numbers, int count)
    {
        this.values = values;
        this.gradients = gradients;
        this.count = count;
        this.slots = slots;
        this.numbers = numbers;
    }

    /// <summary>The parameter's values, to be overwritten.</summary>
    public Span<Vector<T>> Values => new(values, count);

    /// <summary>Their gradients, clipped.</summary>
    public ReadOnlySpan<Vector<T>> Gradients => new(gradients, count);

    /// <summary>What is kept from step to step, to be overwritten.</summary>
    /// <param name="slot">Its place among the optimizer's slot names.</param>
    public Span<Vector<T>> Slot(int slot) => new((void*)slots[slot], count);

    /// <summary>One of the step's numbers, in every lane.</summary>
    /// <param name="i">Its place among them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<T> Number(int i) => Lanes.Constant<T>(numbers[i]);
}
