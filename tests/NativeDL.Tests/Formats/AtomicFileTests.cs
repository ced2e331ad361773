using NativeDL.Formats;

namespace NativeDL.Tests.Formats;

public class AtomicFileTests
{
    [Fact]
    public void A_write_replaces_the_file_and_leaves_nothing_beside_it()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a");
        AtomicFile.Write(path, s => s.Write("old"u8));
        AtomicFile.Write(path, s => s.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal(["a"], folder.Names);
    }

    [Fact]
    public void A_full_disk_keeps_the_old_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a");
        File.WriteAllText(path, "old");
        var error = Assert.Throws<NativeDLException>(() => AtomicFile.Write(path, s =>
        {
            s.Write(new byte[1 << 17]);
            throw new IOException("No space left on device");
        }));
        Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["a"], folder.Names);
    }

    [Fact]
    public void A_writer_that_throws_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder.File("a"), _ => throw new InvalidOperationException()));
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void A_missing_folder_is_an_error_of_its_own() => Assert.Throws<NativeDLException>(
        () => AtomicFile.Write(Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}", "a"), _ => { }));

    [Fact]
    public void A_link_stays_a_link_and_rights_stay_as_they_were()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "on Windows links need rights that a test run seldom has");
        using var folder = new TemporaryFolder();
        var target = folder.File("target");
        File.WriteAllText(target, "old");
        File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(folder.File("link"), target);
        AtomicFile.Write(folder.File("link"), s => s.Write("new"u8));
        Assert.NotNull(new FileInfo(folder.File("link")).LinkTarget);
        Assert.Equal("new", File.ReadAllText(target));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(target));
    }
}
