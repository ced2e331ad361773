using Microsoft.Win32.SafeHandles;

namespace NativeDL.Formats;

/// <summary>Read-only bytes with 64-bit offsets: a file, a part of one, or memory.</summary>
/// <remarks>
/// Every access is checked against <see cref="Length"/>, so a wrong offset in a file cannot read past it. Files are read, not mapped:
/// one that another process cuts short while it is mapped would end this one.
/// </remarks>
internal abstract class ByteSource : IDisposable
{
    protected ByteSource(string name, long length)
    {
        Name = name;
        Length = length;
    }

    /// <summary>The file's path, for errors.</summary>
    public string Name { get; }

    public long Length { get; }

    public static ByteSource Open(string path) => FileBytes.Open(path);

    public static ByteSource From(ReadOnlyMemory<byte> bytes, string name) => new MemoryBytes(bytes, name);

    /// <summary>The bytes [offset, offset + count): in place where they are in memory, else a copy of their own.</summary>
    public ReadOnlySpan<byte> Span(long offset, int count)
    {
        Check(offset, count);
        return SpanCore(offset, count);
    }

    /// <summary>Copies the bytes from an offset on, without memory in between.</summary>
    public void CopyTo(long offset, Span<byte> target)
    {
        Check(offset, target.Length);
        CopyCore(offset, target);
    }

    private void Check(long offset, int count)
    {
        if (offset < 0 || count < 0 || offset > Length - count)
            throw new ArgumentOutOfRangeException(
                nameof(offset), $"Bytes [{offset}, {offset + count}) lie outside {Name} of {Length} bytes.");
    }

    /// <summary>A window on these bytes; it does not own them.</summary>
    public ByteSource Slice(long offset, long length, string name) => new SlicedBytes(this, offset, length, name);

    protected abstract ReadOnlySpan<byte> SpanCore(long offset, int count);

    protected virtual void CopyCore(long offset, Span<byte> target) => SpanCore(offset, target.Length).CopyTo(target);

    public virtual void Dispose()
    {
    }

    private sealed class MemoryBytes(ReadOnlyMemory<byte> bytes, string name) : ByteSource(name, bytes.Length)
    {
        protected override ReadOnlySpan<byte> SpanCore(long offset, int count) => bytes.Span.Slice((int)offset, count);
    }

    private sealed class SlicedBytes : ByteSource
    {
        private readonly ByteSource inner;
        private readonly long start;

        public SlicedBytes(ByteSource inner, long start, long length, string name) : base(name, length)
        {
            if (start < 0 || length < 0 || start > inner.Length - length)
                throw new ArgumentOutOfRangeException(
                    nameof(start), $"Bytes [{start}, {start + length}) lie outside {inner.Name} of {inner.Length} bytes.");
            this.inner = inner;
            this.start = start;
        }

        protected override ReadOnlySpan<byte> SpanCore(long offset, int count) => inner.Span(start + offset, count);

        protected override void CopyCore(long offset, Span<byte> target) => inner.CopyTo(start + offset, target);
    }

    private sealed class FileBytes : ByteSource
    {
        private readonly SafeFileHandle handle;

        private FileBytes(string path, SafeFileHandle handle, long length) : base(path, length) => this.handle = handle;

        public static new FileBytes Open(string path)
        {
            var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.RandomAccess);
            try
            {
                return new FileBytes(path, handle, RandomAccess.GetLength(handle));
            }
            catch
            {
                handle.Dispose();
                throw;
            }
        }

        protected override ReadOnlySpan<byte> SpanCore(long offset, int count)
        {
            var bytes = new byte[count];
            CopyCore(offset, bytes);
            return bytes;
        }

        protected override void CopyCore(long offset, Span<byte> target)
        {
            while (target.Length > 0)
            {
                int count = RandomAccess.Read(handle, target, offset);
                if (count == 0)
                    throw new ModelFormatException("File", Name, offset, "the file became shorter while it was read", null, null,
                        "another program writes to it");
                offset += count;
                target = target[count..];
            }
        }

        public override void Dispose()
        {
            handle.Dispose();
            base.Dispose();
        }
    }
}
