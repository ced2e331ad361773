using System.IO.Compression;

namespace NativeDL.Data;

/// <summary>Sees whether a stream is gzipped, and unzips it if so.</summary>
internal static class DatasetStreams
{
    public static async Task<Stream> PlainAsync(Stream content, CancellationToken cancel)
    {
        var head = new byte[2];
        var count = await content.ReadAtLeastAsync(head, 2, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        var whole = new Rejoined(head.AsMemory(0, count), content);
        return count == 2 && head[0] == 0x1F && head[1] == 0x8B
            ? new GZipStream(whole, CompressionMode.Decompress)
            : whole;
    }

    /// <summary>A stream whose first bytes were already read. It leaves the stream underneath open.</summary>
    private sealed class Rejoined(ReadOnlyMemory<byte> head, Stream rest) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException("This stream reads forward only.");

        public override long Position
        {
            get => throw new NotSupportedException("This stream reads forward only.");
            set => throw new NotSupportedException("This stream reads forward only.");
        }

        public override int Read(Span<byte> buffer)
        {
            if (head.Length == 0)
                return rest.Read(buffer);
            var count = Math.Min(head.Length, buffer.Length);
            head.Span[..count].CopyTo(buffer);
            head = head[count..];
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            head.Length > 0 ? new(Read(buffer.Span)) : rest.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) =>
            throw new NotSupportedException("This stream reads forward only.");

        public override void SetLength(long value) => throw new NotSupportedException("This stream is read-only.");

        public override void Write(byte[] buffer, int offset, int count) =>
            throw new NotSupportedException("This stream is read-only.");
    }
}
