using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

/// <summary>
/// Whole numbers that stand to each other as the elements do: what sorting and searching compare, on every device. −0 equals +0; a NaN
/// follows every number and equals every NaN, as in NumPy.
/// </summary>
internal static class OrderKey
{
    /// <summary>The key of an element, within as many bits as the element has.</summary>
    public static ulong Of<T>(T x) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
        {
            uint bits = BitConverter.SingleToUInt32Bits(float.CreateTruncating(x) + 0f);
            return T.IsNaN(x) ? uint.MaxValue : (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
        }
        if (typeof(T) == typeof(double))
        {
            ulong bits = BitConverter.DoubleToUInt64Bits(double.CreateTruncating(x) + 0.0);
            return T.IsNaN(x) ? ulong.MaxValue : (bits >> 63) != 0 ? ~bits : bits | 1UL << 63;
        }
        if (typeof(T) == typeof(int)) return (uint)int.CreateTruncating(x) ^ 0x8000_0000;
        return typeof(T) == typeof(long) ? (ulong)long.CreateTruncating(x) ^ 1UL << 63 : ulong.CreateTruncating(x);
    }

    /// <summary>What turns keys over, so that the greatest comes first; 0 where they rise.</summary>
    public static ulong Turn(int bytes, bool falls) => !falls ? 0 : ulong.MaxValue >> 64 - 8 * bytes;

    /// <summary>
    /// Whether a later element takes the place of the best so far: it is greater, or less where the least is looked for. A NaN takes it either
    /// way, unless there is one already.
    /// </summary>
    public static bool Beats<T>(T later, T best, bool least) where T : unmanaged, INumber<T>
    {
        if (T.IsNaN(best)) return false;
        return T.IsNaN(later) || (least ? later < best : later > best);
    }

    /// <summary>Keys on a card of which the greatest belongs to the greatest element, or to the smallest, and to a NaN either way.</summary>
    public static Tensor Extreme(CudaDevice device, Tensor x, bool least)
    {
        if (!least) return OnCard(device, x);
        // Turned over, NaN comes first: its key 0 less 1 is the greatest of all.
        var keys = OnCard(device, x, falls: true);
        if (!x.DType.IsFloating()) return keys;
        var less = keys - 1;
        keys.Free();
        return less;
    }

    /// <summary>The keys of all elements on a card, as Int64 whose bits are meant; whoever asks frees them.</summary>
    public static Tensor OnCard(CudaDevice device, Tensor x, bool falls = false)
    {
        if (x.DType is DType.Bool or DType.UInt8)
        {
            var whole = Tensor.Empty(x.Shape, DType.Int32, device);
            device.Convert(x, whole);
            var keys = OnCard(device, whole, falls);
            whole.Free();
            return keys;
        }
        var result = Tensor.Empty(x.Shape, DType.Int64, device);
        device.LaunchOver("order_key", x.DType, x.ElementCount, x, result, x.ElementCount, Turn(x.DType.Size(), falls));
        return result;
    }
}
