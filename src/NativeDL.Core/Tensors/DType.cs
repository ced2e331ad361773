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
}

/// <summary>What is known of each element type.</summary>
public static class DTypes
{
    /// <summary>Bytes an element takes.</summary>
    public static int Size(this DType dtype) => Sizes[(int)dtype];

    /// <summary>How the names of CUDA kernels for this type end.</summary>
    internal static string KernelSuffix(this DType dtype) => dtype switch
    {
        DType.Float32 => "f32",
        DType.Float64 => "f64",
        DType.Int32 => "i32",
        DType.Int64 => "i64",
        DType.Bool => "b8",
        _ => "u8",
    };

    /// <summary>Whether gradients can flow through tensors of this type.</summary>
    public static bool IsFloating(this DType dtype) => dtype is DType.Float32 or DType.Float64;

    /// <summary>Whether the type holds whole numbers that can index another tensor.</summary>
    public static bool IsIndex(this DType dtype) => dtype is DType.Int32 or DType.Int64;

    // In the order of the enumeration.
    private static ReadOnlySpan<byte> Sizes => [4, 8, 4, 8, 1, 1];

    /// <summary>The element type that holds the .NET type <typeparamref name="T"/>.</summary>
    /// <exception cref="DTypeMismatchException">There is none.</exception>
    public static DType Of<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? DType.Float32
        : typeof(T) == typeof(double) ? DType.Float64
        : typeof(T) == typeof(int) ? DType.Int32
        : typeof(T) == typeof(long) ? DType.Int64
        : typeof(T) == typeof(bool) ? DType.Bool
        : typeof(T) == typeof(byte) ? DType.UInt8
        : throw Error.DType("Tensor", "there is no element type for this .NET type", typeof(T).Name, "float, double, int, long, bool or byte");
}
