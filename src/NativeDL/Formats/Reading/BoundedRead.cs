namespace NativeDL.Formats;

/// <summary>Reads from a decompressor without trusting the size that the file claims.</summary>
internal static class BoundedRead
{
    /// <summary>All bytes of the stream if they are exactly <paramref name="size"/>, else null.</summary>
    /// <remarks>The buffer grows with what really arrives, so a false size costs no memory.</remarks>
    public static byte[]? Exactly(Stream stream, long size)
    {
        if (size > Array.MaxLength)
            return null;
        var buffer = new byte[Math.Min(size, 1 << 16)];
        var count = 0;
        while (count < size)
        {
            if (count == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(size, buffer.Length * 4L));
            var read = stream.Read(buffer, count, buffer.Length - count);
            if (read == 0)
                return null;
            count += read;
        }
        return stream.ReadByte() < 0 ? buffer : null;
    }
}
