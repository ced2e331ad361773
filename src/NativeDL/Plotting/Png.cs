using System.Buffers.Binary;
using System.IO.Compression;
using NativeDL.Formats;

namespace NativeDL.Plotting;

/// <summary>Writes pictures as PNG, to files or into web pages.</summary>
public static class Png
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A picture of 8-bit pixels.</summary>
    /// <param name="pixels">Row by row, <paramref name="channels"/> bytes a pixel.</param>
    /// <param name="width">Pixels a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 for grey, 3 for red-green-blue.</param>
    /// <param name="scale">How often each pixel is repeated in both directions.</param>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height, int channels = 1, int scale = 1)
    {
        if (width < 1 || height < 1 || channels is not (1 or 3) || scale < 1
            || (long)width * height * channels != pixels.Length || (long)width * height * scale * scale > 100_000_000)
            throw Error.Input("Png.Encode(pixels)", "the sizes do not fit",
                $"{pixels.Length} bytes for {width}×{height} of {channels} channels, scale {scale}",
                "width × height × channels bytes, 1 or 3 channels, at most 100 million pixels");
        using var png = new MemoryStream();
        png.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width * scale);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height * scale);
        header[8] = 8;
        header[9] = (byte)(channels == 1 ? 0 : 2);
        header[10..].Clear();
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "IDAT"u8, Compress(pixels, width, height, channels, scale));
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    /// <summary>
    /// A picture from numbers in 0..1: shape <c>[H, W]</c>, <c>[H, W, 1]</c> or <c>[H, W, 3]</c>; what lies outside is cut off, NaN is black.
    /// </summary>
    public static byte[] Encode(Tensor image, int scale = 1)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Rank is not (2 or 3) || image.Rank == 3 && image.Shape[2] is not (1 or 3) || image.DType != DType.Float32)
            throw Error.Shape("Png.Encode(image)", "the tensor is no picture", $"{image.DType} {image.Shape}", "Float32 [H, W], [H, W, 1] or [H, W, 3]");
        var values = image.ToArray<float>();
        var pixels = new byte[values.Length];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = values[i] > 0 ? (byte)MathF.Round(Math.Min(values[i], 1) * 255) : (byte)0;
        return Encode(pixels, image.Shape[1], image.Shape[0], image.Rank == 3 ? image.Shape[2] : 1, scale);
    }

    /// <summary>The picture as an address that an <c>img</c> element takes.</summary>
    public static string DataUri(ReadOnlySpan<byte> png) => "data:image/png;base64," + Convert.ToBase64String(png);

    private static byte[] Compress(ReadOnlySpan<byte> pixels, int width, int height, int channels, int scale)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var line = new byte[1 + width * scale * channels];
            for (var y = 0; y < height; y++)
            {
                // Each line begins with its filter: 0, none.
                var at = 1;
                for (var x = 0; x < width; x++)
                    for (var k = 0; k < scale; k++)
                        for (var c = 0; c < channels; c++)
                            line[at++] = pixels[(y * width + x) * channels + c];
                for (var k = 0; k < scale; k++)
                    zlib.Write(line);
            }
        }
        return packed.ToArray();
    }

    private static void Chunk(Stream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Compute(data, Crc32.Compute(type)));
        png.Write(number);
    }
}
