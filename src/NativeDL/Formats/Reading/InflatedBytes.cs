namespace NativeDL.Formats;

/// <summary>
/// Bytes that are expanded as they are asked for, from the front to the back: so a file is never held beside what it
/// contains. Whoever goes back again and again has the whole of it expanded into memory, which it proved to fill.
/// </summary>
/// <param name="inflate">Begins to expand.</param>
/// <param name="length">How many bytes there are; nothing is allocated on the word of it.</param>
/// <param name="name">The file's path, for errors.</param>
/// <param name="fault">The error of bytes that do not expand to that many.</param>
internal sealed class InflatedBytes(Func<Stream> inflate, long length, string name, Func<Exception?, ModelFormatException> fault) : ByteSource(name, length)
{
    private const int MostRestarts = 4;
    private Stream? stream;
    private long at;
    private int restarts;
    private byte[]? whole;

    /// <summary>Expands everything once, holding none of it: its checksum.</summary>
    public uint Check()
    {
        Restart();
        var buffer = new byte[(int)Math.Min(Length, 1 << 16)];
        uint crc = 0;
        while (at < Length)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, Length - at));
            Forward(part);
            crc = Crc32.Compute(part, crc);
        }
        try
        {
            if (stream!.ReadByte() >= 0) throw fault(null);
        }
        catch (InvalidDataException error)
        {
            throw fault(error);
        }
        Restart();
        return crc;
    }

    public override void Dispose()
    {
        stream?.Dispose();
        base.Dispose();
    }

    protected override ReadOnlySpan<byte> SpanCore(long offset, int count)
    {
        if (whole is not null) return whole.AsSpan((int)offset, count);
        var bytes = new byte[count];
        CopyCore(offset, bytes);
        return bytes;
    }

    protected override void CopyCore(long offset, Span<byte> target)
    {
        if (whole is null && (stream is null || offset < at))
        {
            Restart();
            if (restarts++ >= MostRestarts && Length <= Array.MaxLength) Expand();
        }
        if (whole is not null)
        {
            whole.AsSpan((int)offset, target.Length).CopyTo(target);
            return;
        }
        if (offset > at)
        {
            var buffer = new byte[(int)Math.Min(offset - at, 1 << 16)];
            while (at < offset) Forward(buffer.AsSpan(0, (int)Math.Min(buffer.Length, offset - at)));
        }
        Forward(target);
    }

    private void Restart()
    {
        stream?.Dispose();
        (stream, at) = (inflate(), 0);
    }

    private void Expand()
    {
        try
        {
            whole = BoundedRead.Exactly(stream!, Length) ?? throw fault(null);
        }
        catch (InvalidDataException error)
        {
            throw fault(error);
        }
    }

    private void Forward(Span<byte> target)
    {
        try
        {
            if (stream!.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length) throw fault(null);
        }
        catch (InvalidDataException error)
        {
            throw fault(error);
        }
        at += target.Length;
    }
}
