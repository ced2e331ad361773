using System.Text;
using NativeDL.Formats;

namespace NativeDL.Tests.Formats;

public class NdlFileTests
{
    [Fact]
    public void Entries_come_back()
    {
        using var folder = new TemporaryFolder();
        using var file = NdlFile.Open(Save(folder));
        Assert.Equal([NdlFile.Model, NdlFile.Weights, NdlFile.State], file.Entries);
        Assert.Equal("{\"a\":\"é\"}", file.ReadText(NdlFile.Model));
        Assert.True(file.Contains(NdlFile.State));
        Assert.False(file.Contains(NdlFile.Optimizer));
        using var weights = file.ReadTensors(NdlFile.Weights);
        Assert.Equal([1f, 2], weights.Read("w").ToArray<float>());
    }

    [Fact]
    public void Equal_content_gives_equal_bytes()
    {
        using var folder = new TemporaryFolder();
        var first = File.ReadAllBytes(Save(folder));
        Assert.Equal(first, File.ReadAllBytes(Save(folder)));
    }

    [Fact]
    public void A_truncated_file_is_refused_wherever_it_breaks_off()
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(Save(folder));
        for (var length = 0; length < bytes.Length; length++)
        {
            var part = ByteSource.From(bytes.AsMemory(0, length), "part.ndl");
            var error = Assert.Throws<ModelFormatException>(() => NdlFile.Open(part));
            Assert.Equal("part.ndl", error.File);
            Assert.NotNull(error.Offset);
        }
    }

    [Fact]
    public void A_flipped_bit_in_the_weights_is_found_by_the_checksum()
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(Save(folder));
        // The second weight, 2.0, is the last thing of its entry.
        bytes[bytes.AsSpan().IndexOf(new byte[] { 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40 }) + 4] ^= 1;
        using var file = NdlFile.Open(ByteSource.From(bytes, "flipped.ndl"));
        var error = Assert.Throws<ModelFormatException>(() => file.ReadTensors(NdlFile.Weights));
        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("PK\u0003\u0004 looks like a zip file, and is none at all")]
    public void A_foreign_file_is_refused(string text)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("foreign.ndl");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(text));
        var error = Assert.Throws<ModelFormatException>(() => NdlFile.Open(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_entry_is_named()
    {
        using var folder = new TemporaryFolder();
        using var file = NdlFile.Open(Save(folder));
        var error = Assert.Throws<ModelFormatException>(() => file.ReadText("nosuch.json"));
        Assert.Contains("nosuch.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_save_that_fails_keeps_the_old_model()
    {
        using var folder = new TemporaryFolder();
        var path = Save(folder);
        var before = File.ReadAllBytes(path);
        Assert.Throws<NativeDLException>(() => NdlFile.Write(path, ndl =>
        {
            ndl.AddText(NdlFile.Model, "{}");
            throw new IOException("No space left on device");
        }));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal(["model.ndl"], folder.Names);
    }

    [Fact]
    public void A_false_size_is_refused()
    {
        using var stream = new MemoryStream();
        using (var ndl = new NdlWriter(stream))
            ndl.AddText(NdlFile.Model, new string(' ', 4000));
        var bytes = stream.ToArray();
        // The directory's uncompressed size, claimed larger than deflate could ever make it, then a little too large.
        var directory = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BitConverter.GetBytes(4_000_000_000u).CopyTo(bytes, directory + 24);
        Assert.Throws<ModelFormatException>(() => NdlFile.Open(ByteSource.From(bytes, "bomb.ndl")));
        BitConverter.GetBytes(4001u).CopyTo(bytes, directory + 24);
        using var file = NdlFile.Open(ByteSource.From(bytes, "bomb.ndl"));
        Assert.Throws<ModelFormatException>(() => file.ReadText(NdlFile.Model));
    }

    private static string Save(TemporaryFolder folder)
    {
        var path = folder.File("model.ndl");
        NdlFile.Write(path, ndl =>
        {
            ndl.AddText(NdlFile.Model, "{\"a\":\"é\"}");
            ndl.AddTensors(NdlFile.Weights, [new("w", Tensor.FromArray([1f, 2]))]);
            ndl.AddText(NdlFile.State, "{}");
        });
        return path;
    }
}
