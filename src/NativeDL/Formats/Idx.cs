using System.Buffers.Binary;
using System.IO.Compression;

namespace NativeDL.Formats;

/// <summary>Reads IDX files, the format of MNIST: plain or gzipped.</summary>
public static class Idx
{
    private const string Format = "Idx";
    private const int MaxRank = 16;

    // Deflate cannot shrink anything further than this.
    private const long MaxRatio = 1032;

    /// <summary>Reads an array.</summary>
    /// <exception cref="ModelFormatException">The file is no sound IDX file.</exception>
    public static Tensor Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = ByteSource.Open(path);
        return Read(file);
    }

    internal static Tensor Read(ByteSource file)
    {
        var plain = IsGzip(file) ? Gunzip(file) : file;
        var (kind, shape, start) = Header(plain);
        return TensorBytes.Read(plain, start, kind, shape, Format, bigEndian: true);
    }

    private static bool IsGzip(ByteSource file) => file.Length >= 2 && file.Span(0, 2).SequenceEqual<byte>([0x1F, 0x8B]);

    /// <summary>Parses the header and checks that exactly the announced data follow it.</summary>
    private static (ElementKind Kind, int[] Shape, int Start) Header(ByteSource file)
    {
        var (kind, shape, start) = Dimensions(file, file.Span(0, (int)Math.Min(file.Length, 4 + 4 * MaxRank)));
        var expected = Expected(file, kind, shape, start);
        if (expected != file.Length)
            throw Fail(file, start, "the file's length does not match its dimensions",
                $"{file.Length} bytes", $"{expected} for [{string.Join(", ", shape)}] of {kind}");
        return (kind, shape, start);
    }

    private static (ElementKind Kind, int[] Shape, int Start) Dimensions(ByteSource file, ReadOnlySpan<byte> head)
    {
        if (head.Length < 4 || head[0] != 0 || head[1] != 0)
            throw Fail(file, 0, "the file does not start as an IDX file does", null, "two zero bytes, a type and a rank",
                "the file is truncated or of another kind");
        var kind = head[2] switch
        {
            0x08 => ElementKind.UInt8,
            0x09 => ElementKind.Int8,
            0x0B => ElementKind.Int16,
            0x0C => ElementKind.Int32,
            0x0D => ElementKind.Float32,
            0x0E => ElementKind.Float64,
            var code => throw Fail(file, 2, "the element type is unknown", $"0x{code:x2}", "0x08, 0x09, 0x0b, 0x0c, 0x0d or 0x0e"),
        };
        var rank = head[3];
        if (rank is 0 or > MaxRank)
            throw Fail(file, 3, "the rank cannot be", $"{rank}", $"1 to {MaxRank}");
        if (head.Length < 4 + 4 * rank)
            throw Fail(file, 4, "the file ends within its dimensions", $"{head.Length} bytes", $"at least {4 + 4 * rank}");
        var shape = new int[rank];
        for (var i = 0; i < rank; i++)
        {
            shape[i] = BinaryPrimitives.ReadInt32BigEndian(head[(4 + 4 * i)..]);
            if (shape[i] < 0)
                throw Fail(file, 4 + 4 * i, "a dimension cannot be", $"{(uint)shape[i]}", $"0 to {int.MaxValue}");
        }
        return (kind, shape, 4 + 4 * rank);
    }

    private static long Expected(ByteSource file, ElementKind kind, int[] shape, int start)
    {
        var bytes = kind.ByteCount(shape);
        if (bytes is null or > long.MaxValue - 4 - 4 * MaxRank)
            throw Fail(file, 4, "the size of the array overflows", $"[{string.Join(", ", shape)}] of {kind}");
        return bytes.Value + start;
    }

    private static InflatedBytes Gunzip(ByteSource file)
    {
        try
        {
            var head = new byte[4 + 4 * MaxRank];
            using (var peek = Decompress(file))
                head = head[..peek.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
            var (kind, shape, start) = Dimensions(file, head);
            var size = Expected(file, kind, shape, start);
            if (size / MaxRatio > file.Length)
                throw Fail(file, 0, "the file is too short for its dimensions",
                    $"{file.Length} compressed bytes", $"[{string.Join(", ", shape)}] of {kind}");
            var plain = new InflatedBytes(() => Decompress(file), size, file.Name, error => error is null
                ? Fail(file, 0, "the decompressed length does not match the dimensions", null, $"{size} bytes for [{string.Join(", ", shape)}]")
                : new ModelFormatException(Format, file.Name, 0, "the file does not decompress", inner: error));
            CheckTrailer(file, plain.Check(), size);
            return plain;
        }
        catch (InvalidDataException error)
        {
            throw new ModelFormatException(Format, file.Name, 0, "the file does not decompress", inner: error);
        }
    }

    /// <summary>The last eight bytes are checksum and length; the platform's reader lets a file end without them.</summary>
    private static void CheckTrailer(ByteSource file, uint crc, long size)
    {
        var trailer = file.Span(Math.Max(0, file.Length - 8), (int)Math.Min(8, file.Length));
        if (trailer.Length < 8 || BinaryPrimitives.ReadUInt32LittleEndian(trailer) != crc
            || BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]) != (uint)size)
            throw Fail(file, Math.Max(0, file.Length - 8), "the gzip checksum is wrong or missing", hint: "the file is damaged; take another copy");
    }

    private static GZipStream Decompress(ByteSource file) => new(new ByteSourceStream(file), CompressionMode.Decompress);

    private static ModelFormatException Fail(
        ByteSource file, long offset, string reason, string? got = null, string? expected = null, string? hint = null) =>
        new(Format, file.Name, offset, reason, got, expected, hint);
}
