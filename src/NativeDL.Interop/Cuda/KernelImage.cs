using System.Buffers;
using System.IO.Compression;
using System.Text;

namespace NativeDL.Interop.Cuda;

/// <summary>A module's code for one architecture: PTX, which the driver compiles, or machine code of that generation.</summary>
/// <param name="Capability">The architecture, such as 80.</param>
/// <param name="IsMachineCode">Whether it is machine code.</param>
/// <param name="Size">Bytes of the code.</param>
/// <param name="Packed">The code, compressed.</param>
internal sealed record KernelImage(int Capability, bool IsMachineCode, int Size, byte[] Packed)
{
    /// <summary>Compresses code, at whatever time it takes: it is done once, and every program carries it.</summary>
    internal static KernelImage Of(int capability, bool isMachineCode, byte[] code)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(code.Length)];
        return BrotliEncoder.TryCompress(code, packed, out int length, quality: 11, window: 24)
            ? new KernelImage(capability, isMachineCode, code.Length, packed[..length])
            : throw new InvalidOperationException($"Kernels({capability}): the code could not be compressed.");
    }

    /// <summary>The text of PTX.</summary>
    internal string Text => Encoding.UTF8.GetString(Unpack(Packed, Size, zeroTerminated: false)!);

    /// <summary>The code again, with a zero behind it where asked; null if what is packed is damaged.</summary>
    internal static byte[]? Unpack(ReadOnlySpan<byte> packed, int size, bool zeroTerminated)
    {
        var code = new byte[zeroTerminated ? size + 1 : size];
        using var decoder = new BrotliDecoder();
        return decoder.Decompress(packed, code, out _, out int written) == OperationStatus.Done && written == size ? code : null;
    }
}
