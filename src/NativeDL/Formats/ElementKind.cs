namespace NativeDL.Formats;

/// <summary>How one element is stored in a file; wider than the set of tensor types.</summary>
internal enum ElementKind
{
    Bool,
    UInt8,
    Int8,
    UInt16,
    Int16,
    UInt32,
    Int32,
    UInt64,
    Int64,
    Float16,
    BFloat16,
    Float32,
    Float64,
    Float8,

    /// <summary>6 bits, packed; like those of 4 and 8 bits and complex numbers it can be listed, and no tensor type holds it.</summary>
    Float6,
    Float4,
    Complex64,
}

internal static class ElementKinds
{
    /// <summary>Bytes of one element; of packed ones, of a tensor of one.</summary>
    public static int Size(this ElementKind kind) => kind switch
    {
        ElementKind.Bool or ElementKind.UInt8 or ElementKind.Int8 or ElementKind.Float8 or ElementKind.Float6 or ElementKind.Float4 => 1,
        ElementKind.UInt16 or ElementKind.Int16 or ElementKind.Float16 or ElementKind.BFloat16 => 2,
        ElementKind.UInt32 or ElementKind.Int32 or ElementKind.Float32 => 4,
        _ => 8,
    };

    /// <summary>The product of the dimensions times the element size, or null where no tensor can have the shape.</summary>
    public static long? ByteCount(this ElementKind kind, ReadOnlySpan<int> shape)
    {
        if (!Shape.IsPossible(shape)) return null;
        long count = Shape.Of(shape).ElementCount;
        int bits = kind switch { ElementKind.Float4 => 4, ElementKind.Float6 => 6, _ => 8 * kind.Size() };
        return count / 8 * bits + (count % 8 * bits + 7) / 8;
    }
}
