using System.IO.Compression;
using System.Text;

namespace NativeDL.Tests.Formats;

/// <summary>Builds files byte by byte, right ones and wrong ones.</summary>
internal static class HostileBytes
{
    /// <summary>A safetensors file with this header and so many zero bytes of data.</summary>
    public static byte[] Safetensors(string header, int data = 0) => Safetensors(Encoding.UTF8.GetBytes(header), data);

    public static byte[] Safetensors(byte[] header, int data = 0) =>
        [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. new byte[data]];

    /// <summary>An npy file with this header and so many zero bytes of data.</summary>
    public static byte[] Npy(string header, int data = 0, byte version = 1) => version == 1
        ? [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)header.Length), .. Encoding.Latin1.GetBytes(header), .. new byte[data]]
        : [0x93, .. "NUMPY"u8, version, 0, .. BitConverter.GetBytes(header.Length), .. Encoding.Latin1.GetBytes(header), .. new byte[data]];

    public static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return stream.ToArray();
    }
}
