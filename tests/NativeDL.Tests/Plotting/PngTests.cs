using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using NativeDL.Formats;
using NativeDL.Plotting;

namespace NativeDL.Tests.Plotting;

public class PngTests
{
    [Fact]
    public void Grey_pixels_come_back()
    {
        var (width, height, color, pixels) = Decode(Png.Encode(new byte[] { 0, 1, 2, 253, 254, 255 }, 3, 2));
        Assert.Equal((3, 2, 0), (width, height, color));
        Assert.Equal(new byte[] { 0, 1, 2, 253, 254, 255 }, pixels);
    }

    [Fact]
    public void Scaling_repeats_pixels()
    {
        var (width, height, _, pixels) = Decode(Png.Encode(new byte[] { 7, 9 }, 2, 1, scale: 2));
        Assert.Equal((4, 2), (width, height));
        Assert.Equal(new byte[] { 7, 7, 9, 9, 7, 7, 9, 9 }, pixels);
    }

    [Fact]
    public void Tensors_are_cut_to_the_range_of_pixels()
    {
        var image = Tensor.FromArray([0f, 1, 0.5f, 2, -1, float.NaN], [2, 3, 1]);
        Assert.Equal(new byte[] { 0, 255, 128, 255, 0, 0 }, Decode(Png.Encode(image)).Pixels);
        var color = Decode(Png.Encode(Tensor.FromArray([0f, 0.2f, 1], [1, 1, 3])));
        Assert.Equal(2, color.Color);
        Assert.Equal(new byte[] { 0, 51, 255 }, color.Pixels);
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        Assert.Throws<InvalidInputException>(() => Png.Encode(new byte[5], 2, 3));
        Assert.Throws<InvalidInputException>(() => Png.Encode([], 0, 0));
        Assert.Throws<InvalidInputException>(() => Png.Encode(new byte[6], 2, 3, scale: 100_000));
        Assert.Throws<ShapeMismatchException>(() => Png.Encode(Tensor.FromArray([1f])));
        Assert.Throws<ShapeMismatchException>(() => Png.Encode(Tensor.FromArray([1, 2], [1, 2])));
    }

    [Fact]
    public void A_data_uri_holds_the_file() =>
        Assert.Equal("data:image/png;base64,AQID", Png.DataUri([1, 2, 3]));

    [Fact]
    public void The_checksum_is_that_of_zip_and_png()
    {
        Assert.Equal(0xCBF43926u, Crc32.Compute("123456789"u8));
        Assert.Equal(0xCBF43926u, Crc32.Compute("456789"u8, Crc32.Compute("123"u8)));
        Assert.Equal(0u, Crc32.Compute([]));
    }

    /// <summary>Reads the kind of PNG that is written here, checksums included.</summary>
    private static (int Width, int Height, int Color, byte[] Pixels) Decode(byte[] png)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], png[..8]);
        int at = 8, width = 0, height = 0, color = 0;
        var packed = new MemoryStream();
        while (at < png.Length)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            var type = Encoding.ASCII.GetString(png, at + 4, 4);
            var data = png.AsSpan(at + 8, length);
            Assert.Equal(Crc32.Compute(png.AsSpan(at + 4, 4 + length)), BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)));
            if (type == "IHDR")
                (width, height, color) = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]), data[9]);
            else if (type == "IDAT")
                packed.Write(data);
            at += 12 + length;
        }
        packed.Position = 0;
        using var zlib = new ZLibStream(packed, CompressionMode.Decompress);
        var lines = new MemoryStream();
        zlib.CopyTo(lines);
        var row = width * (color == 2 ? 3 : 1);
        return (width, height, color, [.. lines.ToArray().Chunk(row + 1).SelectMany(l => l.Skip(1))]);
    }
}
