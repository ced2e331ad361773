using System.Globalization;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>The element type of a tensor.</summary>
public enum DType
{
    /// <summary>32-bit IEEE floating point: the default.</summary>
    Float32,

    /// <summary>64-bit IEEE floating point: for gradient checks and exact references.</summary>
    Float64,

    /// <summary>32-bit signed integer: indices and labels.</summary>
    Int32,

    /// <summary>64-bit signed integer.</summary>
    Int64,

    /// <summary>True or false, one byte each.</summary>
    Bool,

    /// <summary>8-bit unsigned integer: raw images.</summary>
    UInt8,

    /// <summary>Brain floating point: the upper half of a Float32, 8 bits of precision. Stored in 2 bytes, computed in Float32.</summary>
    BFloat16,

    /// <summary>16-bit IEEE floating point: 11 bits of precision, up to 65504. Stored in 2 bytes, computed in Float32.</summary>
    Float16,
}

/// <summary>What is known of each element type.</summary>
public static class DTypeExtensions
{
    /// <summary>Bytes an element takes.</summary>
    /// <exception cref="DTypeMismatchException">There is no such element type.</exception>
    public static int Size(this DType dtype) => (uint)dtype < (uint)Sizes.Length ? Sizes[(int)dtype] : throw Undefined(dtype);

    private static DTypeMismatchException Undefined(DType dtype) =>
        Error.DType("DType", "there is no such element type", $"{(int)dtype}", $"{string.Join(", ", Enum.GetNames<DType>())}");

    /// <summary>The type that stands for all of its size where elements are only moved.</summary>
    internal static DType Bits(this DType dtype) => dtype.Size() switch
    {
        8 => DType.Int64,
        4 => DType.Int32,
        2 => DType.Float16,
        _ => DType.UInt8,
    };

    /// <summary>How the names of CUDA kernels for this type end.</summary>
    internal static string KernelSuffix(this DType dtype) => dtype switch
    {
        DType.Float32 => "f32",
        DType.Float64 => "f64",
        DType.Int32 => "i32",
        DType.Int64 => "i64",
        DType.Bool => "b8",
        DType.BFloat16 => "bf16",
        DType.Float16 => "f16",
        _ => "u8",
    };

    /// <summary>Whether gradients can flow through tensors of this type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsFloating(this DType dtype) => dtype is DType.Float32 or DType.Float64 or DType.BFloat16 or DType.Float16;

    /// <summary>Whether elements are stored in 2 bytes and computed in float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsHalf(this DType dtype) => dtype is DType.BFloat16 or DType.Float16;

    /// <summary>What is computed and accumulated with: Float32 for the half types, else the type itself.</summary>
    internal static DType ComputeType(this DType dtype) => dtype.IsHalf() ? DType.Float32 : dtype;

    /// <summary>The bits of a number, rounded to nearest, as the type stores it; whole-number types must be able to hold it.</summary>
    internal static ulong BitsOf(this DType dtype, double value) => dtype switch
    {
        DType.Float32 => BitConverter.SingleToUInt32Bits((float)value),
        DType.Float64 => BitConverter.DoubleToUInt64Bits(value),
        DType.Int32 => (uint)checked((int)value),
        DType.Int64 => (ulong)checked((long)value),
        DType.UInt8 => checked((byte)value),
        DType.BFloat16 => ((BFloat16)value).Bits,
        DType.Float16 => BitConverter.HalfToUInt16Bits((Half)value),
        _ => value != 0 ? 1u : 0u,
    };

    /// <summary>The number of such bits.</summary>
    internal static double NumberOf(this DType dtype, ulong bits) => dtype switch
    {
        DType.Float32 => BitConverter.UInt32BitsToSingle((uint)bits),
        DType.Float64 => BitConverter.UInt64BitsToDouble(bits),
        DType.Int32 => (int)bits,
        DType.Int64 => (long)bits,
        DType.BFloat16 => new BFloat16((ushort)bits),
        DType.Float16 => (double)BitConverter.UInt16BitsToHalf((ushort)bits),
        _ => bits,
    };

    /// <summary>A number of the type in as few digits as tell it from its neighbours.</summary>
    internal static string Shortest(this DType dtype, double value) => dtype switch
    {
        DType.Float32 => ((float)value).ToString("R", CultureInfo.InvariantCulture),
        DType.BFloat16 => ((BFloat16)value).ToString(null, CultureInfo.InvariantCulture),
        DType.Float16 => ((Half)value).ToString("R", CultureInfo.InvariantCulture),
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>Whether the type holds whole numbers that can index another tensor.</summary>
    public static bool IsIndex(this DType dtype) => dtype is DType.Int32 or DType.Int64;

    // In the order of the enumeration.
    private static ReadOnlySpan<byte> Sizes => [4, 8, 4, 8, 1, 1, 2, 2];

    /// <summary>The element type that holds the .NET type <typeparamref name="T"/>.</summary>
    /// <exception cref="DTypeMismatchException">There is none.</exception>
    public static DType Of<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? DType.Float32
        : typeof(T) == typeof(double) ? DType.Float64
        : typeof(T) == typeof(int) ? DType.Int32
        : typeof(T) == typeof(long) ? DType.Int64
        : typeof(T) == typeof(bool) ? DType.Bool
        : typeof(T) == typeof(byte) ? DType.UInt8
        : typeof(T) == typeof(Half) ? DType.Float16
        : typeof(T) == typeof(BFloat16) ? DType.BFloat16
        : throw Error.DType("Tensor", "there is no element type for this .NET type", typeof(T).Name, "float, double, int, long, bool, byte, Half or BFloat16");
}
