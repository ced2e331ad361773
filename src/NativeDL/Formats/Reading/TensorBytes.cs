using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NativeDL.Formats;

/// <summary>Turns little-endian (or swapped) bytes of a file into tensors and back.</summary>
/// <remarks>
/// Element types that tensors do not have are widened, never rounded: Int8, Int16 and UInt16 to Int32, UInt32 to Int64.
/// The rest is refused.
/// </remarks>
internal static unsafe class TensorBytes
{
    private const int ChunkElements = 1 << 16;

    /// <summary>The tensor type that holds such elements exactly, or null.</summary>
    public static DType? Holds(ElementKind kind) => kind switch
    {
        ElementKind.Bool => DType.Bool,
        ElementKind.UInt8 => DType.UInt8,
        ElementKind.Int8 or ElementKind.Int16 or ElementKind.UInt16 or ElementKind.Int32 => DType.Int32,
        ElementKind.UInt32 or ElementKind.Int64 => DType.Int64,
        ElementKind.Float16 => DType.Float16,
        ElementKind.BFloat16 => DType.BFloat16,
        ElementKind.Float32 => DType.Float32,
        ElementKind.Float64 => DType.Float64,
        _ => null,
    };

    public static ElementKind Kind(DType dtype) => dtype switch
    {
        DType.Float32 => ElementKind.Float32,
        DType.Float64 => ElementKind.Float64,
        DType.Int32 => ElementKind.Int32,
        DType.Int64 => ElementKind.Int64,
        DType.Bool => ElementKind.Bool,
        DType.BFloat16 => ElementKind.BFloat16,
        DType.Float16 => ElementKind.Float16,
        _ => ElementKind.UInt8,
    };

    /// <summary>Reads a tensor whose size the caller has checked against the file.</summary>
    public static Tensor Read(
        ByteSource file, long offset, ElementKind kind, int[] shape, string format, bool bigEndian = false)
    {
        if (Holds(kind) is not { } dtype)
            throw new ModelFormatException(format, file.Name, offset, "no tensor type holds these elements",
                kind.ToString(), string.Join(", ", Enum.GetNames<DType>()));
        var tensor = new Tensor(shape, dtype, Device.Cpu);
        using var target = tensor.Open<byte>();
        var count = tensor.ElementCount;
        int from = kind.Size(), to = dtype.Size();
        var swapped = new byte[bigEndian == BitConverter.IsLittleEndian && from > 1 ? Math.Min(count, ChunkElements) * from : 0];
        // What is neither swapped nor widened is read where it stays.
        var read = new byte[from == to && kind != ElementKind.Bool && swapped.Length == 0 ? 0 : Math.Min(count, ChunkElements) * from];
        for (long i = 0; i < count; i += ChunkElements)
        {
            var n = (int)Math.Min(ChunkElements, count - i);
            var into = new Span<byte>(target.Pointer + i * to, n * to);
            var source = read.Length > 0 ? read.AsSpan(0, n * from) : into;
            file.CopyTo(offset + i * from, source);
            if (read.Length > 0)
                Widen(swapped.Length > 0 ? Swap(source, swapped, from) : source, kind, into);
        }
        return tensor;
    }

    /// <summary>Writes the elements in row-major order, little-endian.</summary>
    public static void Write(Stream stream, Tensor tensor)
    {
        var host = OnHost(tensor);
        using var source = host.Open<byte>();
        int size = host.DType.Size();
        var swapped = new byte[BitConverter.IsLittleEndian || size == 1 ? 0 : ChunkElements * size];
        for (long i = 0; i < host.ElementCount; i += ChunkElements)
        {
            var n = (int)Math.Min(ChunkElements, host.ElementCount - i);
            var bytes = new ReadOnlySpan<byte>(source.Pointer + i * size, n * size);
            stream.Write(swapped.Length > 0 ? Swap(bytes, swapped, size) : bytes);
        }
    }

    /// <summary>The tensor itself if it lies in row-major order in main memory, else such a copy; no tape hears of it.</summary>
    public static Tensor OnHost(Tensor tensor)
    {
        if (tensor.Device.IsCpu && tensor.IsContiguous)
            return tensor;
        var host = Tensor.Empty(tensor.Shape, tensor.DType, Device.Cpu);
        Tensor.CopyInto(tensor, host);
        return host;
    }

    private static ReadOnlySpan<byte> Swap(ReadOnlySpan<byte> source, byte[] target, int size)
    {
        switch (size)
        {
            case 2:
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ushort>(source), MemoryMarshal.Cast<byte, ushort>(target.AsSpan()));
                break;
            case 4:
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, uint>(source), MemoryMarshal.Cast<byte, uint>(target.AsSpan()));
                break;
            default:
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ulong>(source), MemoryMarshal.Cast<byte, ulong>(target.AsSpan()));
                break;
        }
        return target.AsSpan(0, source.Length);
    }

    private static void Widen(ReadOnlySpan<byte> source, ElementKind kind, Span<byte> target)
    {
        switch (kind)
        {
            case ElementKind.Bool:
                for (var i = 0; i < source.Length; i++)
                    target[i] = source[i] != 0 ? (byte)1 : (byte)0;
                break;
            case ElementKind.Int8:
                Each<sbyte, int>(source, target, v => v);
                break;
            case ElementKind.Int16:
                Each<short, int>(source, target, v => v);
                break;
            case ElementKind.UInt16:
                Each<ushort, int>(source, target, v => v);
                break;
            case ElementKind.UInt32:
                Each<uint, long>(source, target, v => v);
                break;
            default:
                source.CopyTo(target);
                break;
        }
    }

    private static void Each<TFrom, TTo>(ReadOnlySpan<byte> source, Span<byte> target, Func<TFrom, TTo> convert)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        // Through memcpy-like reads: a file aligns nothing.
        var to = MemoryMarshal.Cast<byte, TTo>(target);
        for (var i = 0; i < to.Length; i++)
            to[i] = convert(MemoryMarshal.Read<TFrom>(source[(i * sizeof(TFrom))..]));
    }
}
