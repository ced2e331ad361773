using NativeDL.Formats;

namespace NativeDL.Tests.Formats;

public class IdxTests
{
    private static readonly byte[] Sound = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255];

    [Fact]
    public void Bytes_are_read()
    {
        var array = Read(Sound);
        Assert.Equal(Shape.Of(2, 3), array.Shape);
        Assert.Equal(new byte[] { 1, 2, 3, 4, 5, 255 }, array.ToArray<byte>());
    }

    [Fact]
    public void Wider_elements_are_big_endian()
    {
        Assert.Equal([1f, -2f], Read([0, 0, 13, 1, 0, 0, 0, 2, 0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0]).ToArray<float>());
        Assert.Equal([258], Read([0, 0, 12, 1, 0, 0, 0, 1, 0, 0, 1, 2]).ToArray<int>());
        Assert.Equal([-2], Read([0, 0, 11, 1, 0, 0, 0, 1, 0xFF, 0xFE]).ToArray<int>());
    }

    [Fact]
    public void Gzipped_files_are_read()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.gz");
        File.WriteAllBytes(path, HostileBytes.Gzip(Sound));
        Assert.Equal(new byte[] { 1, 2, 3, 4, 5, 255 }, Idx.Load(path).ToArray<byte>());
    }

    [Fact]
    public void Lengths_that_do_not_match_are_refused()
    {
        Refused(Sound[..^1], "length");
        Refused([.. Sound, 0], "length");
        Refused(HostileBytes.Gzip(Sound[..^1]), "length");
        Refused(HostileBytes.Gzip([.. Sound, 0]), "length");
        Refused(Sound[..6], "ends within");
        Refused([], "does not start");
    }

    [Fact]
    public void Impossible_dimensions_are_refused_before_anything_is_allocated()
    {
        Refused([0, 0, 14, 3, 0x7F, 255, 255, 255, 0x7F, 255, 255, 255, 0x7F, 255, 255, 255], "overflows");
        Refused([0, 0, 8, 1, 0x80, 0, 0, 0], "dimension");
        Refused([0, 0, 8, 2, 0x7F, 255, 255, 255, 0x7F, 255, 255, 255], "overflows");
        Refused([0, 0, 8, 2, 0, 0, 255, 255, 0, 0, 255, 255], "length");
        Refused(HostileBytes.Gzip([0, 0, 8, 2, 0x7F, 255, 255, 255, 0, 0, 0, 255]), "too short");
        Refused([0, 0, 8, 0], "rank");
        Refused([0, 0, 8, 255], "rank");
        Refused([0, 0, 7, 1, 0, 0, 0, 0], "type");
    }

    [Fact]
    public void Broken_gzip_is_refused()
    {
        var bytes = HostileBytes.Gzip(Sound);
        bytes[12] ^= 0x55;
        Assert.Throws<ModelFormatException>(() => Read(bytes));
        Assert.Throws<ModelFormatException>(() => Read(HostileBytes.Gzip(Sound)[..^9]));
    }

    private static Tensor Read(byte[] bytes) => Idx.Read(ByteSource.From(bytes, "memory"));

    private static void Refused(byte[] bytes, string reason)
    {
        var error = Assert.Throws<ModelFormatException>(() => Read(bytes));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
