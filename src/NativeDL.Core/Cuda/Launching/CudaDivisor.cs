using System.Numerics;

namespace NativeDL.Cuda;

/// <summary><c>ndl_divisor</c>: divides 0 ≤ i &lt; 2³¹ by a multiplication and a shift.</summary>
internal readonly struct CudaDivisor
{
    private readonly uint value, multiplier, shift;

    /// <param name="value">The divisor; 0, by which nobody divides, stands for 1.</param>
    public CudaDivisor(int value)
    {
        this.value = (uint)Math.Max(1, value);
        shift = (uint)BitOperations.Log2(BitOperations.RoundUpToPowerOf2(this.value));
        multiplier = (uint)((((1UL << (int)shift) - this.value) << 32) / this.value + 1);
    }

    /// <summary>What the kernels compute.</summary>
    public uint Divide(uint i) => ((uint)((ulong)i * multiplier >> 32) + i) >> (int)shift;
}
