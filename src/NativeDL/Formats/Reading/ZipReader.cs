using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Unicode;

namespace NativeDL.Formats;

/// <summary>One entry of a zip file, with its compressed bytes at [Offset, Offset + Compressed).</summary>
internal sealed record ZipEntry(string Name, bool Deflated, uint Crc, long Offset, long Compressed, long Size);

/// <summary>Reads zip files of stored and deflated entries, zip64 included, and checks every number before it uses it.</summary>
/// <remarks>
/// Our own rather than the platform's: it checks the CRC, refuses overlapping entries, tells the byte where a file is
/// wrong, and lets a stored entry be used in place inside a mapped file.
/// </remarks>
internal sealed class ZipReader
{
    private const int MaxEntries = 100_000;
    private const int EndBytes = 22;
    private const int CentralBytes = 46;
    private const int LocalBytes = 30;

    // Deflate cannot shrink anything further than this.
    private const long MaxRatio = 1032;

    private readonly ByteSource file;
    private readonly string format;
    private readonly Dictionary<string, ZipEntry> entries = new(StringComparer.Ordinal);
    private readonly List<string> names = [];

    public ZipReader(ByteSource file, string format)
    {
        this.file = file;
        this.format = format;
        var (count, start, length) = FindDirectory();
        ReadDirectory(count, start, length);
        CheckOverlap(start);
    }

    /// <summary>The entries' names, in the order of the directory.</summary>
    public IReadOnlyList<string> Names => names;

    public ZipEntry? Find(string name) => entries.GetValueOrDefault(name);

    /// <summary>The entry's content: in place when stored, else decompressed as it is read, at most <paramref name="maxBytes"/>; the CRC is checked.</summary>
    public ByteSource Open(ZipEntry entry, long maxBytes)
    {
        var raw = file.Slice(entry.Offset, entry.Compressed, $"{file.Name}!{entry.Name}");
        if (entry.Size > maxBytes)
            throw Fail(entry.Offset, $"entry \"{entry.Name}\" is too large", $"{entry.Size} bytes", $"at most {maxBytes}");
        var content = entry.Deflated ? Inflate(entry, raw) : raw;
        var crc = content is InflatedBytes inflated ? inflated.Check() : Crc32.Compute(content);
        if (crc != entry.Crc)
            throw Fail(entry.Offset, $"the checksum of entry \"{entry.Name}\" is wrong", $"{crc:x8}", $"{entry.Crc:x8}",
                "the file is damaged; take another copy");
        return content;
    }

    private InflatedBytes Inflate(ZipEntry entry, ByteSource raw) =>
        new(() => new DeflateStream(new ByteSourceStream(raw), CompressionMode.Decompress), entry.Size, raw.Name, error => error is null
            ? Fail(entry.Offset, $"entry \"{entry.Name}\" does not decompress to its declared size", null, $"{entry.Size} bytes")
            : new ModelFormatException(format, file.Name, entry.Offset, $"entry \"{entry.Name}\" does not decompress", inner: error));

    private (long Count, long Start, long Length) FindDirectory()
    {
        // The end record is last, behind it at most a comment of 65,535 bytes that must reach the end exactly.
        if (file.Length < EndBytes)
            throw Fail(0, "the file is too short for a zip file", $"{file.Length} bytes", $"at least {EndBytes}");
        var window = (int)Math.Min(file.Length, EndBytes + ushort.MaxValue);
        var first = file.Length - window;
        var tail = file.Span(first, window);
        for (var i = window - EndBytes; i >= 0; i--)
        {
            if (U32(tail[i..]) != 0x06054b50 || i + EndBytes + U16(tail[(i + 20)..]) != window)
                continue;
            var end = tail.Slice(i, EndBytes);
            var at = first + i;
            long count = U16(end[10..]), length = U32(end[12..]), start = U32(end[16..]);
            if (U16(end[4..]) is not (0 or ushort.MaxValue))
                throw Fail(at, "the zip file is one of several volumes");
            if (count == ushort.MaxValue || length == uint.MaxValue || start == uint.MaxValue)
                (count, start, length, at) = FindDirectory64(at);
            if (start > at || length != at - start)
                throw Fail(at, "the zip directory lies where it cannot", $"bytes [{start}, {start + length})",
                    $"an end at byte {at}");
            return (count, start, length);
        }
        throw Fail(0, "this is no zip file, or its end is missing", null, "a zip end record",
            "the file is truncated or of another kind");
    }

    private (long Count, long Start, long Length, long End) FindDirectory64(long end)
    {
        if (end < 20 + 56 || U32(file.Span(end - 20, 4)) != 0x07064b50)
            throw Fail(end, "the zip64 locator is missing");
        var at = BinaryPrimitives.ReadUInt64LittleEndian(file.Span(end - 12, 8));
        if (at > (ulong)(end - 76) || U32(file.Span((long)at, 4)) != 0x06064b50)
            throw Fail(end - 12, "the zip64 end record is not where the locator says", $"byte {at}");
        var record = file.Span((long)at, 56);
        var count = BinaryPrimitives.ReadInt64LittleEndian(record[32..]);
        var length = BinaryPrimitives.ReadInt64LittleEndian(record[40..]);
        var start = BinaryPrimitives.ReadInt64LittleEndian(record[48..]);
        if (count < 0 || length < 0 || start < 0)
            throw Fail((long)at, "the zip64 end record holds impossible numbers");
        return (count, start, length, (long)at);
    }

    private void ReadDirectory(long count, long start, long length)
    {
        if (count > MaxEntries || count * CentralBytes > length)
            throw Fail(start, "the zip directory is too short for its entries", $"{count} entries in {length} bytes",
                $"at most {Math.Min(MaxEntries, length / CentralBytes)} entries");
        var end = start + length;
        var at = start;
        for (long i = 0; i < count; i++)
        {
            if (end - at < CentralBytes || U32(file.Span(at, 4)) != 0x02014b50)
                throw Fail(at, $"the zip directory breaks off at entry {i} of {count}");
            var head = file.Span(at, CentralBytes);
            int nameBytes = U16(head[28..]), extraBytes = U16(head[30..]), commentBytes = U16(head[32..]);
            if (end - at - CentralBytes < nameBytes + extraBytes + commentBytes)
                throw Fail(at, $"the zip directory breaks off at entry {i} of {count}");
            var name = file.Span(at + CentralBytes, nameBytes);
            if (!Utf8.IsValid(name))
                throw Fail(at + CentralBytes, "an entry's name is not UTF-8");
            var entry = ReadEntry(at, head, Encoding.UTF8.GetString(name),
                file.Span(at + CentralBytes + nameBytes, extraBytes), start);
            if (!entries.TryAdd(entry.Name, entry))
                throw Fail(at, $"the entry \"{entry.Name}\" appears twice");
            names.Add(entry.Name);
            at += CentralBytes + nameBytes + extraBytes + commentBytes;
        }
        if (at != end)
            throw Fail(at, "the zip directory holds more than its entries", $"{end - at} more bytes", "none");
    }

    private ZipEntry ReadEntry(long at, ReadOnlySpan<byte> head, string name, ReadOnlySpan<byte> extra, long directory)
    {
        int flags = U16(head[8..]), method = U16(head[10..]);
        long packed = U32(head[20..]), size = U32(head[24..]), local = U32(head[42..]);
        ReadZip64(extra, ref size, ref packed, ref local);
        if ((flags & 1) != 0)
            throw Fail(at, $"entry \"{name}\" is encrypted");
        if (method is not (0 or 8))
            throw Fail(at, $"entry \"{name}\" is compressed in an unknown way", $"method {method}", "0 (stored) or 8 (deflate)");
        if (local < 0 || packed < 0 || size < 0 || local > directory - LocalBytes
            || U32(file.Span(local, 4)) != 0x04034b50)
            throw Fail(at, $"entry \"{name}\" lies where it cannot", $"byte {local}", "a local header");
        var offset = local + LocalBytes + U16(file.Span(local + 26, 2)) + U16(file.Span(local + 28, 2));
        if (offset > directory || packed > directory - offset)
            throw Fail(at, $"entry \"{name}\" ends inside the zip directory", $"{packed} bytes from byte {offset}",
                $"an end at or before byte {directory}");
        if (method == 0 ? packed != size : size / MaxRatio > packed)
            throw Fail(at, $"entry \"{name}\" has impossible sizes", $"{packed} bytes for {size}");
        return new ZipEntry(name, method == 8, U32(head[16..]), offset, packed, size);
    }

    /// <summary>Replaces the sizes that are all ones by the 64-bit ones of the extra field, in their fixed order.</summary>
    private static void ReadZip64(ReadOnlySpan<byte> extra, ref long size, ref long packed, ref long local)
    {
        while (extra.Length >= 4)
        {
            var length = U16(extra[2..]);
            if (length > extra.Length - 4)
                return;
            if (U16(extra) == 1)
            {
                var body = extra.Slice(4, length);
                Take(ref body, ref size);
                Take(ref body, ref packed);
                Take(ref body, ref local);
                return;
            }
            extra = extra[(4 + length)..];
        }

        static void Take(ref ReadOnlySpan<byte> body, ref long value)
        {
            if (value != uint.MaxValue || body.Length < 8)
                return;
            value = BinaryPrimitives.ReadInt64LittleEndian(body);
            body = body[8..];
        }
    }

    private void CheckOverlap(long directory)
    {
        var end = 0L;
        foreach (var entry in entries.Values.OrderBy(e => e.Offset).ThenBy(e => e.Compressed))
        {
            // The local header before the data also belongs to the entry.
            if (entry.Offset - LocalBytes < end)
                throw Fail(entry.Offset, $"entry \"{entry.Name}\" overlaps another");
            end = entry.Offset + entry.Compressed;
        }
        if (end > directory)
            throw Fail(end, "an entry overlaps the zip directory");
    }

    private static int U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private ModelFormatException Fail(
        long offset, string reason, string? got = null, string? expected = null, string? hint = null) =>
        new(format, file.Name, offset, reason, got, expected, hint);
}
