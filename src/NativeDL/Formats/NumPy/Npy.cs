using System.Text;

namespace NativeDL.Formats;

/// <summary>Reads and writes NumPy's <c>.npy</c> files: one array each.</summary>
/// <remarks>
/// Types that tensors do not have are widened exactly (small integers to Int32 or Int64); big-endian and Fortran-ordered
/// files are read too. Arrays of Python objects are refused, and BFloat16, which NumPy does not have, is not written.
/// </remarks>
public static class Npy
{
    /// <summary>Reads an array.</summary>
    /// <exception cref="ModelFormatException">The file is no npy file, or one of a kind that cannot be read.</exception>
    public static Tensor Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = ByteSource.Open(path);
        return Read(file);
    }

    /// <summary>Writes an array: the whole file, or (when anything fails) none, and an older file stays.</summary>
    /// <exception cref="DTypeMismatchException">The tensor is BFloat16.</exception>
    public static void Save(string path, Tensor tensor)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensor);
        AtomicFile.Write(path, stream => Write(stream, tensor));
    }

    internal static Tensor Read(ByteSource file)
    {
        var header = NpyHeader.Parse(file);
        if (!header.Fortran || header.Shape.Length < 2)
            return TensorBytes.Read(file, header.DataOffset, header.Kind, header.Shape, "Npy", header.BigEndian);
        // Column-major data are the row-major data of the transposed array.
        var reversed = TensorBytes.Read(
            file, header.DataOffset, header.Kind, [.. header.Shape.Reverse()], "Npy", header.BigEndian);
        return reversed.Transpose();
    }

    internal static void Write(Stream stream, Tensor tensor)
    {
        var type = tensor.DType switch
        {
            DType.Float32 => "<f4",
            DType.Float64 => "<f8",
            DType.Int32 => "<i4",
            DType.Int64 => "<i8",
            DType.Bool => "|b1",
            DType.Float16 => "<f2",
            DType.BFloat16 => throw Error.DType("Npy.Save", "npy files do not know the element type", $"{tensor.DType} {tensor.Shape}",
                "Float16, Float32 or another type of NumPy",
                "convert to Float32, which holds it exactly, with Cast, or write a safetensors file"),
            _ => "|u1",
        };
        var shape = string.Concat(tensor.Shape.Select(n => $"{n}, ")).TrimEnd(tensor.Rank > 1 ? [' ', ','] : [' ']);
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}";
        // Magic, version and length take 10 bytes; all of it is padded to a multiple of 64, newline last.
        var padded = header.PadRight((header.Length + 11 + 63) / 64 * 64 - 11) + "\n";
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)padded.Length, (byte)(padded.Length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(padded));
        TensorBytes.Write(stream, tensor);
    }
}
