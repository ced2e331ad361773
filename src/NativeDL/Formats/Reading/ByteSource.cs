using System.IO.MemoryMappedFiles;

namespace NativeDL.Formats;

/// <summary>Read-only bytes with 64-bit offsets: a mapped file, a part of one, or memory.</summary>
/// <remarks>Every access is checked against <see cref="Length"/>, so a wrong offset in a file cannot read past it.</remarks>
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

    public static ByteSource Map(string path) => MappedBytes.Open(path);

    public static ByteSource From(ReadOnlyMemory<byte> bytes, string name) => new MemoryBytes(bytes, name);

    /// <summary>The bytes [offset, offset + count).</summary>
    public ReadOnlySpan<byte> Span(long offset, int count)
    {
        if (offset < 0 || count < 0 || offset > Length - count)
            throw new ArgumentOutOfRangeException(
                nameof(offset), $"Bytes [{offset}, {offset + count}) lie outside {Name} of {Length} bytes.");
        return SpanCore(offset, count);
    }

    /// <summary>A window on these bytes; it does not own them.</summary>
    public ByteSource Slice(long offset, long length, string name) => new SlicedBytes(this, offset, length, name);

    protected abstract ReadOnlySpan<byte> SpanCore(long offset, int count);

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
    }

    private sealed unsafe class MappedBytes : ByteSource
    {
        private readonly MemoryMappedFile? file;
        private readonly MemoryMappedViewAccessor? view;
        private byte* first;

        private MappedBytes(string path, long length, MemoryMappedFile? file, MemoryMappedViewAccessor? view)
            : base(path, length)
        {
            this.file = file;
            this.view = view;
            if (view is null)
                return;
            byte* start = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            first = start + view.PointerOffset;
        }

        public static MappedBytes Open(string path)
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            var length = stream.Length;
            if (length == 0)
            {
                // An empty file cannot be mapped.
                stream.Dispose();
                return new MappedBytes(path, 0, null, null);
            }
            var file = MemoryMappedFile.CreateFromFile(
                stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            var view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            return new MappedBytes(path, length, file, view);
        }

        protected override ReadOnlySpan<byte> SpanCore(long offset, int count)
        {
            if (count == 0)
                return default;
            ObjectDisposedException.ThrowIf(first is null, this);
            return new ReadOnlySpan<byte>(first + offset, count);
        }

        public override void Dispose()
        {
            if (first is not null)
            {
                first = null;
                view!.SafeMemoryMappedViewHandle.ReleasePointer();
                view.Dispose();
                file!.Dispose();
            }
            base.Dispose();
        }
    }
}
